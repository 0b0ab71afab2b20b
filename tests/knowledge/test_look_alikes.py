"""Immune globulins that an order must not be taken for, and those for under the skin or into a muscle."""

from __future__ import annotations

import pytest

from cds.knowledge import Knowledge
from cds.knowledge.codes import Atc, Code, Cvx, Hcpcs, Ndc, RxNorm


@pytest.mark.parametrize(
    ("code", "product"),
    [
        (RxNorm("209029"), "unknown"),
        (RxNorm("1658127"), "unknown"),
        (RxNorm("731383"), "unknown"),
        (RxNorm("107050"), "unknown"),
        (RxNorm("597392"), "unknown"),
        (Ndc("49591053201"), "unknown"),
        (Atc("J06BB04"), "unknown"),
        (Hcpcs("J0850"), "unknown"),
    ],
)
def test_look_alikes_are_never_immune_globulin(known: Knowledge, code: Code, product: str) -> None:
    found = known.products.identify([code], [])
    assert (found.verdict, found.product) == ("other_ig", product)


@pytest.mark.parametrize(
    ("code", "product"),
    [
        (Atc("J06BA01"), "unknown"),
        (Cvx("86"), "unknown"),
        (RxNorm("902750"), "hizentra"),
        (RxNorm("1809069"), "hizentra"),
        (RxNorm("1809038"), "gamastan"),
        (RxNorm("1549690"), "hyqvia"),
        (RxNorm("1809068"), "unknown"),
    ],
)
def test_what_is_for_under_the_skin_or_into_a_muscle_is_never_ivig(known: Knowledge, code: Code, product: str) -> None:
    found = known.products.identify([code], [])
    assert (found.verdict, found.product) == ("extravascular", product)


@pytest.mark.parametrize(
    ("text", "verdict", "product"),
    [
        ("HyQvia infusion solution", "extravascular", "hyqvia"),
        ("SCIG 10 g weekly", "extravascular", "unknown"),
        ("immune globulin (human) intramuscular", "extravascular", "unknown"),
        ("hepatitis B immune globulin (human) intramuscular", "other_ig", "unknown"),
        ("WinRho SDF", "other_ig", "unknown"),
    ],
)
def test_words_tell_normal_immune_globulin_from_look_alikes(
    known: Knowledge, text: str, verdict: str, product: str
) -> None:
    found = known.products.identify([], [text])
    assert (found.verdict, found.product) == (verdict, product)


def test_a_hyqvia_pack_goes_before_the_vial_inside_it(known: Knowledge) -> None:
    found = known.products.identify([RxNorm("1809421"), RxNorm("1549694")], [])
    assert (found.verdict, found.product) == ("extravascular", "hyqvia")


@pytest.mark.parametrize("text", ["ibuprofen 600 mg", "Octaplas 200 mL", "", "IgG 1234", "packed red cells"])
def test_other_orders_are_no_immune_globulin(known: Knowledge, text: str) -> None:
    assert known.products.identify([], [text]).verdict in ("no", "other_ig")
    assert known.products.identify([RxNorm("310965")], []).verdict == "no"
