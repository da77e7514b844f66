"""Learning of points: what agrees with labels counts, within the bounds; families that were left out are unseen."""

import numpy as np
import pyarrow as pa

from bench.evidence import Evidence
from bench.learning import AT_MOST, learn, samples
from bench.points import cross_validated, report

FIRMS = 40


def evidence() -> Evidence:
    """Two variants of each firm: a pair of one firm has the same words, one of two firms other numbers."""
    firm = np.repeat(np.arange(FIRMS), 2)
    a, b = (
        np.concatenate([np.arange(0, 2 * FIRMS, 2)] * 2),
        np.concatenate([np.arange(1, 2 * FIRMS, 2), np.roll(np.arange(1, 2 * FIRMS, 2), 1)]),
    )
    same, other = (("words", "equal"),), (("words", "equal"), ("number", "differ"))
    found = [same] * FIRMS + [other] * FIRMS
    ids = np.arange(2 * FIRMS)
    return Evidence("fda_ndc_labelers", "columns", pa.table({}), firm, firm, firm % 4, ids, a, b, found)


def test_what_distinguishes_firms_counts_against_them_at_least_as_much_as_the_rules_say() -> None:
    sets, values = samples([evidence()])
    learnt = learn([(sets[0], np.ones(2 * FIRMS, dtype=bool))], values)
    assert learnt.table()["number", "differ"] <= AT_MOST["number", "differ"]
    assert "P 1.0000  R 1.0000" in report(sets[0].evidence, learnt.scores(sets[0]), "")


def test_families_that_were_not_learnt_from_are_scored() -> None:
    sets, values = samples([evidence()])
    (scores,) = cross_validated(sets, values)
    assert scores[:FIRMS].min() > 0.5 > scores[FIRMS:].max()
