"""The written cases of fhir_fixtures/cases: situations in a few lines, expanded to the hook requests an EHR would send.

They are what the rules are tested with, what the rule book shows beside each rule, and what a claim stands on.
"""

from cds.situations.shortform import Expected, Situation, situations
from cds.situations.words import cases_folder, read_yaml

__all__ = ["Expected", "Situation", "cases_folder", "read_yaml", "situations"]
