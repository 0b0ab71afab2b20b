"""drugs.csv against the extract of RxNorm that it was made from, restated: checksums, and every exception by name."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest

from cds.knowledge import DrugMatch, Knowledge
from cds.knowledge.codes import RxNorm

Row = dict[str, str]
WATCHED = ("nsaid", "aspirin", "nephrotoxic", "estrogen", "acetaminophen")


@pytest.fixture(scope="module")
def rows(rules_folder: Path) -> list[Row]:
    with (rules_folder / "tables/drugs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of(group: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if group in row["group"].split("|")]


@pytest.mark.parametrize(
    ("group", "systemic", "local", "open_", "digest"),
    [
        ("nsaid", 304, 42, 47, "1cc8fc81251d"),
        ("aspirin", 107, 0, 1, "fa83599ae493"),
        ("nephrotoxic", 620, 145, 106, "ed91a7ccf4ae"),
        ("estrogen", 514, 21, 35, "71ccd51c46b6"),
        ("acetaminophen", 2, 0, 1, "5991f12a079c"),
        ("ivig", 104, 0, 4, "b8c3e1379fc4"),
        ("scig", 56, 0, 2, "12fbff212696"),
        ("imig", 5, 0, 0, "4fdd27933a1b"),
        ("immunoglobulin_g", 0, 0, 2, "cf72a54ba6a9"),
        ("hyperimmune", 48, 0, 10, "67d85392343a"),
        ("anti_d", 21, 0, 2, "aa1d91113016"),
        ("atg", 6, 0, 3, "73f7cd618a47"),
        ("vaccine", 383, 3, 209, "035e3f894758"),
    ],
)
def test_codes_types_ingredients_and_forms_are_those_of_the_extract(
    rows: list[Row], group: str, systemic: int, local: int, open_: int, digest: str
) -> None:
    """The digest is that of the extract's own rows, as "rxcui type ingredients form", sorted."""
    found = of(group, rows)
    assert Counter(row["systemic"] for row in found) == Counter({"yes": systemic, "no": local, "": open_})
    lines = sorted(f"{row['rxcui']} {row['tty']} {row['ingredients']} {row['systemic']}" for row in found)
    assert sha256("\n".join(lines).encode()).hexdigest()[:12] == digest


@pytest.mark.parametrize(
    ("rxcui", "product", "systemic"),
    [
        ("1797855", "ketorolac tromethamine 15.8 MG/ACTUAT Metered Dose Nasal Spray", "yes"),
        ("1797857", "Metered Dose Nasal Spray [Sprix]", "yes"),
        ("2619677", "estradiol 0.001 MG/MG Topical Gel", "yes"),
        ("728118", "estradiol 1.53 MG/ACTUAT Topical Spray", "yes"),
        ("688507", "estradiol 2.5 MG/ML Topical Lotion", "yes"),
        ("238003", "estradiol 0.00208 MG/HR Transdermal System", "yes"),
        ("848331", "estradiol 0.00208 MG/HR Vaginal System", "yes"),
        ("848342", "estradiol 0.00417 MG/HR Vaginal System", "yes"),
        ("848328", "estradiol 0.000313 MG/HR Vaginal System", "no"),
        ("1367436", "ethinyl estradiol 0.000625 MG/HR / etonogestrel 0.005 MG/HR Vaginal System", "yes"),
        ("2055983", "ethinyl estradiol 0.000542 MG/HR / segesterone acetate 0.00625 MG/HR Vaginal System", "yes"),
        ("310169", "estradiol 0.1 MG/ML Vaginal Cream", "no"),
        ("884707", "estradiol 0.01 MG Vaginal Insert", "no"),
        ("313570", "vancomycin 125 MG Oral Capsule", "no"),
        ("2000127", "vancomycin 25 MG/ML Oral Solution", "no"),
        ("866042", "neomycin sulfate 500 MG Oral Tablet", "no"),
        ("1374842", "neomycin sulfate 25 MG/ML Oral Solution", "no"),
        ("855626", "diclofenac epolamine 0.013 MG/MG Medicated Patch", "no"),
        ("2705052", "diclofenac 0.0125 MG/MG Medicated Patch", "no"),
        ("2669480", "lidocaine 0.04 MG/MG / menthol 0.05 MG/MG Medicated Patch", "no"),
    ],
)
def test_exceptions_by_what_reaches_the_circulation(
    known: Knowledge, rows: list[Row], rxcui: str, product: str, systemic: str
) -> None:
    (row,) = (row for row in rows if row["rxcui"] == rxcui)
    assert product in row["name"]
    assert coded(known, rxcui).systemic == systemic


def test_vaccines_keep_the_flag_also_through_the_nose_and_only_bcg_into_the_bladder_is_local(rows: list[Row]) -> None:
    vaccines = of("vaccine", rows)
    assert all(row["systemic"] == "yes" for row in vaccines if "Nasal" in row["name"])
    assert {row["rxcui"] for row in vaccines if row["systemic"] == "no"} == {"1653484", "213744", "94317"}


@pytest.mark.parametrize(
    ("rxcui", "product", "name"),
    [
        ("858798", "hydrocodone bitartrate 7.5 MG / ibuprofen 200 MG Oral Tablet", "ibuprofen"),
        ("858838", "[Vicoprofen]", "ibuprofen"),
        ("994008", "esomeprazole 20 MG / naproxen 500 MG Delayed Release Oral Tablet", "naproxen"),
        ("994010", "[Vimovo]", "naproxen"),
        ("849450", "naproxen sodium 500 MG / sumatriptan 85 MG Oral Tablet", "naproxen"),
        ("1100066", "famotidine 26.6 MG / ibuprofen 800 MG Oral Tablet", "ibuprofen"),
        ("857706", "diclofenac sodium 50 MG / misoprostol 0.2 MG Delayed Release Oral Tablet", "diclofenac"),
        ("2560315", "bupivacaine 29.3 MG/ML / meloxicam 0.88 MG/ML Injection", "meloxicam"),
        ("259081", "aspirin 25 MG / dipyridamole 200 MG Extended Release Oral Capsule", "aspirin"),
    ],
)
def test_combinations_count_by_the_watched_drug_that_they_hold(
    known: Knowledge, rows: list[Row], rxcui: str, product: str, name: str
) -> None:
    (row,) = (row for row in rows if row["rxcui"] == rxcui)
    assert product in row["name"]
    found = coded(known, rxcui)
    assert (found.name, found.systemic) == (name, "yes")
    assert (found.nsaid, found.aspirin) == (name != "aspirin", name == "aspirin")


@pytest.mark.parametrize("rxcui", ["197310", "197311", "197313"])
def test_acyclovir_to_be_taken_by_mouth_is_too_little_to_watch_by_its_code_as_by_its_words(
    known: Knowledge, rxcui: str
) -> None:
    assert coded(known, rxcui).systemic == "no"


def test_every_product_is_the_same_drug_by_its_name_as_by_its_code_and_no_form_is_called_local_that_is_not(
    known: Knowledge, rows: list[Row]
) -> None:
    differ = set()
    for row in (row for group in WATCHED for row in of(group, rows) if row["tty"] in ("SCD", "SBD")):
        by_code, by_name = coded(known, row["rxcui"]), known.drugs.classify((), (row["name"],))
        assert by_name is not None, row["name"]
        assert set(by_name.name.split(" / ")) == set(by_code.name.split(" / ")), row["name"]
        if by_name.systemic != by_code.systemic:
            differ.add((row["name"], by_name.systemic))
    assert differ == {
        ("90 DAY estradiol 0.000313 MG/HR Vaginal System", "yes")
    }  # words do not tell it from other rings


def coded(known: Knowledge, rxcui: str) -> DrugMatch:
    found = known.drugs.classify((RxNorm(rxcui),), ())
    assert found is not None
    return found
