"""Words that stand for an exercise that is still to be found out: no exercise has one of them for its id."""

#: By what is done in the clip, by the clip's name, by the file of truth beside it.
AUTO, FROM_NAME, FROM_TRUTH = "auto", "from-name", "from-truth"
RESERVED = frozenset({AUTO, FROM_NAME, FROM_TRUTH})
