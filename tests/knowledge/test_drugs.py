"""Watched drugs by ingredient, form and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cds.knowledge import DrugMatch, Knowledge
from cds.knowledge.codes import Atc, Code, Ndc, RxNorm
from cds.knowledge.yaml_marks import MapNode, SeqNode, Text, compose


def _match(known: Knowledge, code: Code) -> DrugMatch:
    found = known.drugs.classify([code], [])
    assert found is not None, code
    return found


@pytest.mark.parametrize(
    "code",
    [
        RxNorm("310965"),
        RxNorm("2387532"),
        RxNorm("1100066"),
        RxNorm("5640"),
        RxNorm("257844"),
        RxNorm("6693"),
        Atc("M01AE01"),
        Atc("M01AH05"),
        Atc("N02BA11"),
        Atc("N02BA06"),
    ],
)
def test_nsaids_count_by_ingredient(known: Knowledge, code: Code) -> None:
    found = _match(known, code)
    assert found.nsaid
    assert not found.aspirin
    assert found.nephrotoxic == "moderate"


@pytest.mark.parametrize(
    "code", [Atc("M01AX05"), Atc("M01AX25"), Atc("M01AX07"), Atc("M01A"), Atc("M01AE"), RxNorm("1")]
)
def test_atc_matches_listed_codes_only(known: Knowledge, code: Code) -> None:
    assert known.drugs.classify([code], []) is None


def test_aspirin_is_no_nsaid_here(known: Knowledge) -> None:
    for code in (RxNorm("1191"), RxNorm("994435"), Atc("B01AC06"), Atc("N02BA01")):
        found = _match(known, code)
        assert (found.aspirin, found.nsaid) == (True, False)


@pytest.mark.parametrize(
    ("code", "weight", "systemic"),
    [
        (RxNorm("1596450"), "high", "unknown"),
        (RxNorm("11124"), "high", "unknown"),
        (RxNorm("4603"), "moderate", "unknown"),
        (RxNorm("42351"), "moderate", "unknown"),
        (RxNorm("29046"), "low", "unknown"),
        (RxNorm("275891"), "moderate", "unknown"),
        (Atc("V08AB02"), "high", "unknown"),
        (RxNorm("1797855"), "moderate", "yes"),
    ],
)
def test_nephrotoxic_drugs_have_a_weight(known: Knowledge, code: Code, weight: str, systemic: str) -> None:
    found = _match(known, code)
    assert (found.nephrotoxic, found.systemic) == (weight, systemic)


def test_local_forms_are_not_systemic(known: Knowledge) -> None:
    gel = next(code for code in known.drugs.holding("diclofenac") if code == RxNorm("855633"))
    assert _match(known, gel).systemic == "no"
    assert _match(known, gel).nephrotoxic == "no"


@pytest.mark.parametrize(
    ("text", "name", "systemic"),
    [
        ("ibuprofen 600 mg PO", "ibuprofen", "yes"),
        ("Advil", "ibuprofen", "unknown"),
        ("diclofenac 1 % gel", "diclofenac", "no"),
        ("tobramycin eye drops", "tobramycin", "no"),
        ("tobramycin 120 mg IV", "tobramycin", "yes"),
        ("vancomycin 1 g IV", "vancomycin", "yes"),
        ("oral vancomycin 125 mg", "vancomycin", "no"),
        ("vancomycin 125 MG Oral Capsule", "vancomycin", "no"),
        ("Vancocin 125 mg", "vancomycin", "no"),
        ("Vancocin 1 g IV", "vancomycin", "yes"),
        ("vanco 1 g q12h", "vancomycin", "unknown"),
        ("neomycin 500 mg tablet", "neomycin", "no"),
        ("neomycin and gentamicin PO", "gentamicin / neomycin", "yes"),
        ("acyclovir 400 MG Oral Tablet", "acyclovir", "no"),
        ("acyclovir 500 mg IV q8h", "acyclovir", "yes"),
        ("acyclovir 400 mg", "acyclovir", "unknown"),
        ("Zovirax 200 mg capsules", "acyclovir", "no"),
        ("valacyclovir 1 g tablet", "valacyclovir", "yes"),
        ("Toradol 30 mg", "ketorolac", "unknown"),
        ("Toradol 30 mg IV", "ketorolac", "yes"),
        ("AmBisome 3 mg/kg IV", "amphotericin B", "yes"),
        ("Omnipaque 350", "iohexol", "unknown"),
        ("Restasis", "cyclosporine", "no"),
        ("Restasis 0.05 % ophthalmic emulsion", "cyclosporine", "no"),
        ("Sandimmune", "cyclosporine", "unknown"),
        ("Restasis, Sandimmune", "cyclosporine", "unknown"),
        ("Voltaren", "diclofenac", "unknown"),
        ("Voltaren 1 % gel", "diclofenac", "no"),
        ("Sprix nasal spray", "ketorolac", "yes"),
        ("ketorolac eye drops", "ketorolac", "no"),
        ("estradiol 0.05 mg/24 h patch", "estradiol", "yes"),
        ("estradiol 0.06 % gel", "estradiol", "yes"),
        ("estradiol 0.1 mg/g vaginal cream", "estradiol", "no"),
        ("Femring vaginal ring", "estradiol", "yes"),
        ("Estring (estradiol vaginal ring)", "estradiol", "no"),
        ("NuvaRing vaginal ring", "ethinyl estradiol", "yes"),
        ("diclofenac 1.3 % patch", "diclofenac", "no"),
        ("Vimovo", "naproxen", "unknown"),
        ("Aggrenox", "aspirin", "unknown"),
        ("aspirin 81 mg tablet", "aspirin", "yes"),
        ("acetaminophen 325 mg / ibuprofen 97.5 mg tablet", "acetaminophen / ibuprofen", "yes"),
    ],
)
def test_words_name_a_drug_where_no_code_does(known: Knowledge, text: str, name: str, systemic: str) -> None:
    found = known.drugs.classify([], [text])
    assert found is not None
    assert (found.name, found.systemic, found.from_text) == (name, systemic, True)


@pytest.mark.parametrize(
    "text", ["no ibuprofen", "avoid naproxen", "aspirin-free", "metoprolol 25 mg", "", "IVIG 40 g"]
)
def test_what_is_avoided_or_another_drug_is_none(known: Knowledge, text: str) -> None:
    assert known.drugs.classify([], [text]) is None


def test_a_code_goes_before_the_words(known: Knowledge) -> None:
    found = known.drugs.classify([RxNorm("310965")], ["vancomycin"])
    assert found is not None
    assert (found.name, found.from_text) == ("ibuprofen", False)


def test_an_ndc_stands_for_its_product(known: Knowledge) -> None:
    ndc = next(code for code in known.drugs.holding("ibuprofen") if isinstance(code, Ndc))
    assert _match(known, ndc).nsaid
    assert known.drugs.classify([Ndc("00000000000")], []) is None


def test_estrogens_and_acetaminophen(known: Knowledge) -> None:
    assert _match(known, RxNorm("4083")).estrogen
    assert _match(known, RxNorm("161")).acetaminophen
    assert not _match(known, RxNorm("161")).nsaid


def test_the_names_from_memory_are_of_the_drugs_that_they_stand_under(known: Knowledge, rules_folder: Path) -> None:
    tree = compose(rules_folder / "tables" / "drug_classes.yaml")
    assert isinstance(tree, MapNode)
    brands = tree.items["brands"]
    assert isinstance(brands, MapNode)
    for drug, names in brands.items.items():
        assert isinstance(names, SeqNode)
        for name in names.items:
            assert isinstance(name, Text)
            found = known.drugs.classify([], [f"{name.value} as directed"])
            assert found is not None
            assert found.name == drug


def test_an_ingredient_by_itself_has_its_own_code(known: Knowledge) -> None:
    assert known.drugs.ingredient("acetaminophen") == RxNorm("161")
    assert known.drugs.ingredient("parecoxib") is None
    with pytest.raises(KeyError):
        known.drugs.ingredient("water")
