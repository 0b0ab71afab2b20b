"""FHIR resources in, facts out: units, dates, what is newest and what still counts; what is missing becomes a fact too.

`concerns` is asked first and costs little; `read` does the rest. Nothing here decides what is advised.
"""

from cds.chart.concern import concerns
from cds.chart.needs import NEEDS
from cds.chart.parts import Reading
from cds.chart.read import Chart, read

__all__ = ["NEEDS", "Chart", "Reading", "concerns", "read"]
