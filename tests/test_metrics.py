"""What is counted, and how often codes are looked at."""

from __future__ import annotations

from collections.abc import Iterator

from cds.chart import Met
from cds.knowledge.codes import OtherCode, Snomed
from cds.metrics import Metrics


def met(recognized: bool = False) -> Iterator[Met]:
    yield Met("labs", "Observation/1", OtherCode("urn:x", "A"), "", recognized, own=False)
    yield Met("labs", "Observation/1", Snomed("123456789"), "", recognized, own=False)


def counted(made: Metrics) -> float:
    text = made.exposition()[0].decode()
    lines = [line for line in text.splitlines() if line.startswith("ivig_cds_unrecognized_codes_total{")]
    return sum(float(line.split()[-1]) for line in lines)


def test_codes_are_looked_at_once_a_second() -> None:
    seconds = iter((100.0, 100.99, 101.0))
    made = Metrics(lambda: next(seconds))
    made.codes(met())
    assert counted(made) == 2
    made.codes(met())
    assert counted(made) == 2
    made.codes(met())
    assert counted(made) == 4


def test_what_was_recognized_is_not_counted() -> None:
    made = Metrics()
    made.codes(met(recognized=True))
    assert counted(made) == 0
