"""What a card is made of, and in which order cards come."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cds.errors import EngineFault
from cds.findings import Evidence
from tests.advice.conftest import DRUG, ORDER, Write, finding, rule, view


def test_a_whole_card(write: Write) -> None:
    (card,) = write(finding(not_checked=("Height: not known",)))
    reasons = card.pop("overrideReasons")
    assert [reason["code"] for reason in reasons][:2] == ["benefit-outweighs-risk", "already-mitigated"]
    assert card == {
        "uuid": "c179b490-3f62-506e-94a6-c189bbd3271d",
        "summary": "Privigen is risky",
        "detail": (
            "- eGFR 38 mL/min/1.73 m2 – observations\n\nIt can injure the kidney.\n\n**What to do:** hydrate.\n\n"
            "**Not checked:**\n\n- Height: not known\n\nSource: Carimune NF label, 2013"
        ),
        "indicator": "warning",
        "source": {
            "label": "Carimune NF label, 2013",
            "topic": {
                "system": "https://ivig-cds.org/fhir/CodeSystem/topic",
                "code": "renal",
                "display": "Kidney risk",
            },
        },
        "extension": {
            "org.ivig-cds.finding": {
                "rule": "renal.at-risk",
                "edition": "e-1",
                "about": "MedicationRequest/ivig",
                "evidence": [{"resource": "Observation/gfr", "says": "eGFR 38 mL/min/1.73 m2"}],
                "notChecked": ["Height: not known"],
            }
        },
    }


def test_a_card_about_the_call_names_no_order_and_nothing_is_empty(write: Write) -> None:
    call = view(ORDER, ref="")
    (card,) = write(finding(rule(summary="Some checks", detail="", cites=()), about=call, evidence=()))
    assert card["extension"] == {"org.ivig-cds.finding": {"rule": "renal.at-risk", "edition": "e-1"}}
    assert card["source"]["label"] == "IVIG order checks"
    assert not list(_empty(card))


def test_evidence_without_a_resource_has_no_empty_reference(write: Write) -> None:
    (card,) = write(finding(evidence=(Evidence("", "No weight"), Evidence("Observation/1", ""))))
    assert card["extension"]["org.ivig-cds.finding"]["evidence"] == [{"says": "No weight"}]


@pytest.mark.parametrize(
    ("cites", "sources"),
    [
        ((), "IVIG order checks"),
        (("B55",), "Article B"),
        (("B55", "B56", "PROJECT"), "Article B"),
        (("B55", "KDIGO", "PROJECT", "CAR"), "KDIGO guideline, 2012; Carimune NF label, 2013"),
        (("PROJECT", "NOT-KNOWN"), "Our own choice"),
    ],
)
def test_published_sources_are_named_before_articles_and_those_before_our_own_choice(
    write: Write, cites: tuple[str, ...], sources: str
) -> None:
    (card,) = write(finding(rule(cites=cites)))
    assert card["detail"].endswith(f"\n\nSource: {sources}")
    assert card["source"]["label"] == sources.partition("; ")[0]


def test_the_identity_of_a_card_is_its_call_its_rule_and_its_order(write: Write) -> None:
    same, again = write(finding())[0]["uuid"], write(finding(tier="critical", evidence=()))[0]["uuid"]
    other_order, other_rule = write(finding(about=view(ORDER, ref="x")))[0], write(finding(rule("renal.sucrose")))[0]
    assert same == again
    assert len({same, other_order["uuid"], other_rule["uuid"]}) == 3


def test_cards_come_by_tier_then_by_their_place_in_the_rule_book_then_by_order(write: Write) -> None:
    first, second = rule("a.first", position=1), rule("b.second", position=2)
    given = [
        finding(second, tier="info"),
        finding(first, tier="info", about=view(ORDER, ref="z")),
        finding(first, tier="info", about=view(ORDER, ref="y")),
        finding(second, tier="critical"),
        finding(first, tier="warning"),
    ]
    expected = ["b.second critical", "a.first warning", "a.first info", "a.first info", "b.second info"]
    for findings in (given, given[::-1]):
        made = write(*findings)
        assert [f"{_of(card)['rule']} {card['indicator']}" for card in made] == expected
        assert [_of(card)["about"] for card in made][2:4] == ["y", "z"]


def test_hidden_findings_make_no_card(write: Write) -> None:
    made = write(finding(), finding(rule("renal.sucrose-at-risk", over=("renal.at-risk",))))
    assert [_of(card)["rule"] for card in made] == ["renal.sucrose-at-risk"]


def test_words_speak_of_the_order_by_its_name_and_of_the_others_through_each(write: Write) -> None:
    words = "{{ order.dose_text }}/{{ about.dose_text }} {{ each.drug | names }} {{ tier }} {{ lines[0] }}"
    found = finding(
        rule(summary=words + " {{ values.limit }}"),
        each={"drug": (view(DRUG), view(DRUG, name="Ibuprofen"))},
        lines=("now",),
        tier="info",
    )
    (card,) = write(found, values={"renal.limit": Decimal("60.0"), "dose.limit": Decimal(1)})
    assert card["summary"] == "60 g/60 g Ketorolac and Ibuprofen info now 60"


@pytest.mark.parametrize(
    ("about", "each", "said"),
    [
        (DRUG, {}, "Ketorolac||Ketorolac|"),
        (DRUG, {"order": (view(ORDER),)}, "Ketorolac|Privigen|Ketorolac|Privigen"),
        (ORDER, {"drug": (view(DRUG),)}, "Privigen|Privigen|Ketorolac|Privigen"),
    ],
)
def test_a_card_that_may_stand_on_either_order(write: Write, about: Any, each: Any, said: str) -> None:
    words = "{{ [about] | names }}|{{ order.product_name if order is defined else '' }}"
    words += "|{{ each.drug | names }}|{{ each.order | names }}"
    of = rule(summary=words, about=("drug", "order"))
    assert write(finding(of, about=about, each=each))[0]["summary"] == said


def test_a_text_that_cannot_be_written_is_never_a_missing_card(write: Write) -> None:
    with pytest.raises(EngineFault, match=r"renal\.at-risk"):
        write(finding(rule(summary="{{ order.nothing }}")), finding(rule("renal.sucrose")))


def _of(card: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = card["extension"]["org.ivig-cds.finding"]
    return found


def _empty(value: Any, path: str = "card") -> Any:
    if value in (None, "", [], {}):
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _empty(member, f"{path}.{name}")
    elif isinstance(value, list):
        for member in value:
            yield from _empty(member, path)
