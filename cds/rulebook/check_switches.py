"""Whether the rules, and the groups of rules, that a site names are there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cds.errors import Fault, hint
from cds.knowledge import Site
from cds.knowledge.site import ALL
from cds.rulebook.topic import Rule, stem_of


def check_switches(
    rules: Iterable[Rule],
    *,
    off: frozenset[str],
    on: frozenset[str],
    site: Site,
    unread: frozenset[str],
    folder: str,
) -> Iterator[Fault]:
    """Everything wrong with the rules that are switched, `off` and `on` and by the site file.

    `unread` are topics that could not be read: they may have any rule.
    """
    silent = {rule.id: rule.silent for rule in rules}
    for who, names in (("IVIG_CDS_RULES_OFF", off), ("what is to be switched on", on)):
        for id in sorted(names - silent.keys()):
            if stem_of(id) not in unread:
                what = f'{who} names the rule "{id}", which does not exist'
                yield Fault(folder, 1, f"{what}{hint(id, silent)}")
    for key, switched in (("rules_off", site.rules_off), ("rules_on", site.rules_on)):
        for name in switched:
            if name.value not in silent and stem_of(name.value) not in unread:
                yield Fault(site.file, name.line, f"{key}: there is no rule {name.value}{hint(name.value, silent)}")
            elif key == "rules_on" and not silent.get(name.value, True):
                yield Fault(site.file, name.line, f"{key}: {name.value} is on already: it is no silent rule")
    groups = {id.partition(".")[0] for id in silent} | {ALL}
    for group, given in site.reasons.items() if not unread else ():
        if group not in groups:
            what = f"there is no group of rules {group} (the first part of their ids){hint(group, groups)}"
            yield Fault(site.file, given.line, f"override_reasons: {what}")
