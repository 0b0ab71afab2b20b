"""The rule book as a person reads it: static HTML, the same bytes from files and from the service.

pages = Pages(book, folder, day)     # a mapping of page name to bytes; each is rendered when it is first asked for
covered = coverage(claims, topics, situations)
"""

from cds.pages.coverage import Covered, coverage
from cds.pages.routes import rule_book
from cds.pages.rulebook import Pages

__all__ = ["Covered", "Pages", "coverage", "rule_book"]
