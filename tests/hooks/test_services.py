"""What discovery asks for, from the real tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from cds.case import SOURCES
from cds.facts import Clearance
from cds.hooks import SERVICES, discovery
from cds.knowledge import load
from cds.knowledge.codes import Loinc
from cds.settings import rules_folder

KNOWLEDGE = load(rules_folder())
OFFERED: list[dict[str, Any]] = discovery(KNOWLEDGE.measurements)["services"]
QUERIES: dict[str, str] = OFFERED[0]["prefetch"]

SEARCH = re.compile(r"[A-Z][A-Za-z]+\?patient=\{\{context\.patientId\}\}(&(code|status|_sort|_count)=[^&?{}\s]+)*")


def test_what_is_required_is_said_in_the_names_of_the_keys() -> None:
    said = {one["id"]: one["usageRequirements"] for one in OFFERED}
    assert all(service.requires in said[id_] for id_, service in SERVICES.items())
    listed = re.search(r"\((.*?)\)", SERVICES["ivig-patient-view"].requires)
    assert listed is not None
    assert set(listed[1].split(", ")) == set(Clearance.sources) & set(SOURCES)


def test_every_result_that_a_rule_reads_is_asked_for() -> None:
    topics = "".join(file.read_text() for file in rules_folder().glob("*.yaml"))
    read = set(re.findall(r"\{is: lab,[^}]*?concept: (\w+)", topics))
    assert {"egfr", "iga"} <= read
    asked = re.findall(r"http://loinc\.org\|([0-9-]+)", QUERIES["labs"])
    for measurement in read:
        assert {code.value for code in KNOWLEDGE.measurements.codes(measurement)} <= set(asked)


def test_a_meter_read_all_day_does_not_push_a_rare_result_off_the_page() -> None:
    meter = {code.value for code in KNOWLEDGE.measurements.codes("glucose_meter") if isinstance(code, Loinc)}
    for key, asked in (("labs", set()), ("vitals", set()), ("glucoseMeter", meter)):
        assert meter & set(re.findall(r"http://loinc\.org\|([0-9-]+)", QUERIES[key])) == asked
    assert meter == {"104597-0"}


def test_sizes_and_results_are_asked_for_apart() -> None:
    vitals, labs = (re.findall(r"http://loinc\.org\|([0-9-]+)", QUERIES[key]) for key in ("vitals", "labs"))
    assert "29463-7" in vitals
    assert {"2160-0", "2465-3"} <= set(labs)
    assert not set(vitals) & set(labs)
    assert len(vitals) == len(set(vitals))


def of_site(path: Path) -> dict[str, str]:
    """The queries with the codes of a site file."""
    return dict(discovery(load(rules_folder(), path).measurements)["services"][0]["prefetch"])


def test_a_sites_own_codes_are_asked_for_too() -> None:
    asked = of_site(rules_folder().parent / "fhir_fixtures" / "site.yaml")
    assert (
        asked["labs"].replace(",http://hospital.example/lab|CREA-S,http://hospital.example/lab|GFR-CKDEPI", "")
        == (QUERIES["labs"])
    )
    assert asked["vitals"] == QUERIES["vitals"]


def test_a_code_of_a_site_cannot_break_the_query(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text("measurements: [{system: 'urn:x', code: 'A,B&x={{context.userId}} $', is: egfr}]")
    asked = of_site(path)["labs"]
    assert SEARCH.fullmatch(asked)
    assert "urn:x|A%5C%2CB%26x%3D%7B%7Bcontext.userId%7D%7D%20%5C%24" in asked
