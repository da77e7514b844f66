"""`make bench-parties`: accuracy of the resolver, on invented name variants with known truth and on labelled sets.

`python -m bench.parties [--variants N] [--seed K] [--labelled FOLDER] [--only METHOD]`
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench import labelled
from bench.agreement import Agreement, at_line, average_precision, b_cubed, best_f1, counted_pairs, pairwise, within
from bench.measure import measure
from bench.mistakes import Kind, Mistakes
from bench.resolving import BASELINE, FLOOR, RESOLVER, entities_of, score_pairs
from pipeline.entities.matching.cluster import JOINED_FROM
from pipeline.entities.name_variants import VARIANT_SCHEMA
from simulator import known_variants as known

MISTAKES_SHOWN: Final = 12
"""Wrong pairs of a labelled set that are listed, on each side of the line."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench-parties", description=__doc__)
    parser.add_argument("--variants", type=int, default=200_000, help="invented name variants; 0 for none [200000]")
    parser.add_argument("--seed", type=int, default=101, help="of the invented firms [101]")
    parser.add_argument("--labelled", type=Path, help="folder of the labelled sets; none are measured without it")
    parser.add_argument("--only", choices=(BASELINE, RESOLVER), help="measure one method only")
    given = parser.parse_args(arguments)
    methods = [method for method in (BASELINE, RESOLVER) if given.only in (None, method)]
    if given.variants:
        invented(given.variants, given.seed, methods)
    if given.labelled:
        real_firms(given.labelled)
        labelled_sets(given.labelled, methods)


def invented(count: int, seed: int, methods: Sequence[str]) -> None:
    """Measure on a drawn crowd."""
    variants, firms = known.drawn(count, seed), known.drawn_firms(count, seed)
    owners = pc.drop_null(variants["firm_id"])
    print(f"{count:,} invented name variants of {len(owners.unique()):,} firms, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="parties-") as folder:
        source, target = Path(folder) / "variants.parquet", Path(folder) / "found.parquet"
        pq.write_table(variants.select(VARIANT_SCHEMA.names), source)
        for method in methods:
            run = measure(["-m", "bench.resolving", method, str(source), str(target)], Path(folder) / "log")
            took = json.loads(run.output.strip().splitlines()[-1])
            print(f"\n== {method}")
            print(
                f"{took['seconds']:.1f} s, peak {took['own_kib'] / 1024:,.0f} MiB"
                + (f", each worker at most {took['worker_kib'] / 1024:,.0f} MiB" if took["worker_kib"] else "")
            )
            report(variants, firms, pq.read_table(target), errors=method == RESOLVER)


def report(variants: pa.Table, firms: pa.Table, found: pa.Table, *, errors: bool) -> None:
    """Print the agreement of one resolving with the truth, and its errors."""
    for name, measured in agreements(variants, firms, found).items():
        print(f"{name:18}  {measured}")
    mistakes = Mistakes(variants, firms, found)
    wrong, nameless = mistakes.nameless()
    print(f"without a name: {nameless:,} variants, of which {wrong:,} have an entity")
    for title, (entity, size, owners, names) in (
        ("largest entity", mistakes.largest()),
        ("most unrelated firms in one entity", mistakes.most_mixed()),
    ):
        print(f"{title}: {entity}, {size:,} variants of {owners:,} firms")
        if errors:
            _listed(names)
    if errors:
        _kinds("wrong pairs of variants, by what the two firms are to each other", mistakes.joined())
        _kinds("variants apart from the main entity of their firm, of all of the kind", mistakes.separated())


def agreements(variants: pa.Table, firms: pa.Table, found: pa.Table) -> dict[str, Agreement]:
    """All figures of one resolving: pairs, B-cubed, the same of each kind of party, pairs within groups of sisters."""
    joined = variants.drop_columns(["kinds"]).join(found, "spelling_id").filter(pc.is_valid(pc.field("firm_id")))
    # an unresolved name variant is an entity of its own
    alone = pc.binary_join_element_wise("none", pc.cast(joined["spelling_id"], pa.string()), " ")
    entity = _codes(pc.coalesce(joined["entity_id"], alone))
    firm = _codes(pc.binary_join_element_wise(joined["party_kind"], joined["firm_id"], "|"))
    group = _codes(pc.binary_join_element_wise(joined["party_kind"], joined["group_id"], "|"))
    measured = {"pairs": pairwise(firm, entity), "B-cubed": b_cubed(firm, entity)}
    kinds = joined["party_kind"].to_numpy()
    for kind in np.unique(kinds):
        measured[f"pairs, {kind}s"] = pairwise(firm[kinds == kind], entity[kinds == kind])
    sister = firms.filter(pc.not_equal(firms["firm_id"], firms["group_id"]))["group_id"].unique()
    of_sisters = np.asarray(pc.is_in(joined["group_id"], value_set=sister))
    measured["pairs of sisters"] = within(group[of_sisters], firm[of_sisters], entity[of_sisters])
    return measured


def labelled_sets(folder: Path, methods: Sequence[str]) -> None:
    """Measure on what others have labelled."""
    for pairs in (labelled.opensanctions(folder), labelled.oar(folder)):
        print(f"\n== {pairs.name}: {len(pairs.match)} pairs, {int(pairs.match.sum())} of them the same")
        print(f"best of other methods: AP {pairs.best[0]:.3f}, best F1 {pairs.best[1]:.3f}")
        for method in methods:
            _pairs(pairs, method, np.asarray(score_pairs(method)(pairs.left, pairs.right)))
    clusters = labelled.patstat(folder)
    print(f"\n== {clusters.name}: {len(clusters.label)} names of {len(np.unique(clusters.label))} groups")
    print(f"best of other methods: pairs F1 {clusters.best[0]:.3f}, B-cubed F1 {clusters.best[1]:.3f}")
    for method in methods:
        found = clusters.variants.select(["spelling_id"]).join(entities_of(method)(clusters.variants), "spelling_id")
        _clusters(clusters, method, found.sort_by("spelling_id")["entity_id"])


def real_firms(folder: Path) -> None:
    """Print each set of real firms beside the floor: pairs of two firms of one group left out, and counted as wrong."""
    for firms in labelled.firms(folder):
        table = firms.table
        firm, group = _codes(table["firm_id"]), _codes(table["group_id"])
        print(f"\n== {firms.name}: {len(table):,} names of {len(np.unique(firm)):,} firms, tuned on")
        for method in (FLOOR, RESOLVER):
            found = table.select(["spelling_id"]).join(entities_of(method)(table), "spelling_id").sort_by("spelling_id")
            alone = pc.binary_join_element_wise("none", pc.cast(found["spelling_id"], pa.string()), " ")
            entity = _codes(pc.coalesce(found["entity_id"], alone))
            strict = pairwise(firm, entity)
            joined = counted_pairs(entity)
            right = round(strict.precision * joined)
            sisters = counted_pairs(group, entity) - right
            lenient = Agreement(right / max(joined - sisters, 1), strict.recall)
            print(f"{method:28}  {lenient}  strict {strict}  wrong pairs {joined - right:,}")


def _pairs(pairs: labelled.Pairs, method: str, score: npt.NDArray[Any]) -> None:
    best, where = best_f1(pairs.match, score)
    own = at_line(pairs.match, score, JOINED_FROM)
    ap = average_precision(pairs.match, score)
    print(f"{method:12}  AP {ap:.3f}  best F1 {best:.3f} from {where:.3f}  at its own line {JOINED_FROM:.2f}: {own}")
    if method != RESOLVER:
        return
    for title, wrong in (
        ("called the same, and are not", (score >= JOINED_FROM) & ~pairs.match),
        ("called different, and are the same", (score < JOINED_FROM) & pairs.match),
    ):
        rows = np.flatnonzero(wrong)
        # the surest errors first
        rows = rows[np.argsort(-np.abs(score[rows] - JOINED_FROM), kind="stable")]
        print(f"{title}: {len(rows)}")
        _listed([f"{score[row]:.2f}  {_text(pairs.left, row)}  |  {_text(pairs.right, row)}" for row in rows])


def _clusters(clusters: labelled.Clusters, method: str, entity: pa.ChunkedArray) -> None:
    alone = pc.binary_join_element_wise("none", pc.cast(clusters.variants["spelling_id"], pa.string()), " ")
    found = _codes(pc.coalesce(entity, alone))
    print(f"{method:12}  pairs {pairwise(clusters.label, found)}  B-cubed {b_cubed(clusters.label, found)}")
    if method != RESOLVER:
        return
    names = clusters.variants["raw_name"].to_pylist()
    mixed, separated = [], []
    for code in np.unique(found):
        labels = np.unique(clusters.label[found == code])
        if len(labels) > 1:
            mixed.append(
                " | ".join(names[int(np.flatnonzero((found == code) & (clusters.label == one))[0])] for one in labels)
            )
    for label in np.unique(clusters.label):
        codes = np.unique(found[clusters.label == label])
        if len(codes) > 1:
            first = [names[int(np.flatnonzero((found == code) & (clusters.label == label))[0])] for code in codes]
            separated.append(f"{len(codes)}: " + " | ".join(first[:6]))
    print(f"entities of several groups: {len(mixed)}")
    _listed(mixed)
    print(f"groups in several entities: {len(separated)}")
    _listed(sorted(separated, key=lambda text: -int(text.split(":")[0])))


def _kinds(title: str, kinds: Sequence[Kind]) -> None:
    print(f"{title}:")
    for kind in kinds:
        of = f" of {kind.of:,} ({kind.mistakes / kind.of:.1%})" if "pairs of firms" not in kind.name else ""
        print(f"  {kind.name:60} {kind.mistakes:,}{of}")
        for example in kind.examples:
            print(f"      {example}")


def _listed(texts: Sequence[str]) -> None:
    for text in texts[:MISTAKES_SHOWN]:
        print(f"      {text}")
    if len(texts) > MISTAKES_SHOWN:
        print(f"      and {len(texts) - MISTAKES_SHOWN} more")


def _text(variants: pa.Table, row: int) -> str:
    return " · ".join(
        text for text in (variants["raw_name"][row].as_py(), variants["raw_address"][row].as_py()) if text
    )


def _codes(texts: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """A whole number for each different text."""
    codes = pc.dictionary_encode(texts).combine_chunks()
    return np.asarray(codes.indices).astype(np.int64)


if __name__ == "__main__":
    main()
