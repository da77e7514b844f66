"""The evidence of a pair in words."""

from __future__ import annotations

from typing import Final

from pipeline.entities.matching.score import point_table, together
from pipeline.entities.names.features import Feature, Side, features

STRONGEST: Final = 4
"""Reasons that are told."""
WORDS: Final = {
    ("telling", "equal"): "the telling words are equal",
    ("telling", "joined"): "the telling words are equal but for blanks",
    ("telling", "typed"): "the telling words are equal but for typing errors",
    ("telling", "cut"): "one name is the other, cut",
    ("telling", "common"): "only common words agree",
    ("telling", "generic"): "neither name holds a telling word",
    ("telling", "near"): "the telling words look alike",
    ("telling", "more common"): "one name has a common word more",
    ("telling", "more"): "one name has a telling word more",
    ("telling", "mixed"): "telling words differ on both sides",
    ("telling", "one"): "only one name holds telling words",
    ("telling", "none"): "no telling word agrees",
    ("trade", "differ"): "other trades",
    ("trade", "part"): "trades agree in part",
    ("trade", "one"): "only one name tells a trade",
    ("trade", "one more"): "one name tells a trade more",
    ("trade", "same"): "the same trade",
    ("trade", "one, the other cut"): "only one name tells a trade, the other is cut",
    ("business", "differ"): "other lines of business",
    ("business", "same"): "the same line of business",
    ("number", "differ"): "other numbers in the names",
    ("number", "one"): "only one name holds a number",
    ("number", "same"): "the same number in the names",
    ("number", "part"): "some numbers in the names differ",
    ("place in name", "differ"): "other places in the names",
    ("place in name", "differ, one of both"): "other places in the names, one of them shared",
    ("place in name", "same"): "the same place in the names",
    ("place in name", "one, elsewhere"): "one name holds a place where the other is not",
    ("place in name", "one, other unknown"): "one name holds a place, the other's is unknown",
    ("place in name", "one, where the other is"): "one name holds the place where the other is",
    ("country", "differ"): "other countries",
    ("country", "same"): "the same country",
    ("city", "same"): "the same city",
    ("city", "differ"): "other cities",
    ("house", "same"): "the same house number",
    ("house", "differ"): "other house numbers",
    ("zip", "same"): "the same postal code",
    ("zip", "near"): "postal codes of one region",
    ("zip", "differ"): "other postal codes",
    ("street", "alike"): "the same street",
    ("street", "unlike"): "other streets",
    ("form", "differ"): "other legal forms",
    ("form", "same"): "the same legal form",
    ("unit", "one"): "one name speaks of a unit or branch",
    ("generic", "differ"): "other general words",
    ("generic", "same"): "the same general words",
    ("letters", "100"): "equal letter by letter",
    ("letters", "95"): "nearly equal letter by letter",
    ("letters", "90"): "alike letter by letter",
}


def reasons(a: Side, b: Side) -> str:
    """The strongest reasons for and against, strongest first, as one text."""
    found = features(a, b)
    told: dict[Feature, int] = {feature: point_table().get(feature, 0) for feature in found if feature in WORDS}
    value = dict(found)
    for feature in together(found):
        # what two features say together is told with the first of them
        worth = point_table().get(feature, 0)
        if feature[0].startswith("name and") and ("telling", value["telling"]) in told:
            told[("telling", value["telling"])] += worth
    strongest = sorted(told, key=lambda feature: (-abs(told[feature]), feature))[:STRONGEST]
    return "; ".join(f"{WORDS[feature]} ({told[feature]:+d})" for feature in strongest if told[feature])
