"""The rules: topic files read, checked, compiled for durable_rules and run. Facts in, findings out.

book = read(folder, terms, sources, day=day).book # raises BookFault with every fault, each with file and line
outcome = book.on(day).run(facts, hook)      # raises EngineFault, never gives a partial answer
"""

from cds.rulebook.book import Book
from cds.rulebook.loading import Draft, read
from cds.rulebook.outcome import Outcome, RuleTrace
from cds.rulebook.program import Program
from cds.rulebook.topic import Rule, Topic

__all__ = ["Book", "Draft", "Outcome", "Program", "Rule", "RuleTrace", "Topic", "read"]
