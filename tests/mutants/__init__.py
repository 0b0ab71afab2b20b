"""The mutation check: each comparison, value and concept of the rules is changed, and a written case has to notice.

A mutant that no case notices stands in kept.yaml with the reason why none can; `python -m tests.mutants` prints the
others, and the entries of kept.yaml that hold no longer, and fails where there is one.
"""
