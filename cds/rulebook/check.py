from dataclasses import dataclass, field
from cds.rulebook.vocabulary import *
from cds.rulebook.read_values import used_names
from cds.wording import plain, Text
from cds.errors import Fault

@dataclass
class Checked:
    kinds: Kinds
    says: dict
    used: dict
    faults: list = field(default_factory=list)

def check(topics, terms, sources, *, off, on, needs, folder):
    rules=[r for t in topics for r in t.rules]
    faults=[]
    kinds=with_inferred(built_in(terms), rules, lambda r,l,w: faults.append(Fault(r.file,l,w)))
    says={}
    for r in rules:
        for s in [r.infer and r.infer.says, *(b.says for b in (*r.any,*r.raises))]:
            if s: says[s.text]=plain(s.text)
    return Checked(kinds, says, {r.id: frozenset() for r in rules}, faults)
