"""FHIR resources in, facts out: units, dates, what is newest and what still counts; what is missing becomes a fact too.

`concerns` is asked first and costs little; `read` does the rest. `codes_met` tells which codes were recognized, `whole`
whether an order is valid in all its parts. Nothing here decides what is advised.
"""

from cds.chart.codes_met import REASONS, Met, codes_met
from cds.chart.concern import concerns
from cds.chart.needs import NEEDS
from cds.chart.parts import Reading
from cds.chart.read import Chart, read
from cds.chart.sources import read_sources
from cds.chart.validated import whole

__all__ = ["NEEDS", "REASONS", "Chart", "Met", "Reading", "codes_met", "concerns", "read", "read_sources", "whole"]
