"""Measure how well Splink joins the labelled names, beside `bench.points`.

python bench/peers.py FOLDER [SET ...]

Splink 5 is no dependency of the project: run with the Python of an environment that has it. Its probabilities come from
expectation maximization without labels; learnt from labels is only the line from which a pair is one firm: families are
split in four, the line that is best on three parts judges the pairs of the fourth. Clusters are connected components.
"""

from __future__ import annotations

import csv
import re
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

SETS: Final = ("sec_registrants", "ofac_firms", "fda_ndc_labelers", "sfi_cement", "us_h1b_employers")
FORMS: Final = re.compile(
    r" (?:INC|INCORPORATED|LLC|L L C|LTD|LIMITED|CO|COMPANY|CORP|CORPORATION|LP|L P|PLC|SA|S A|GMBH|AG|BV|B V|PVT|"
    r"PRIVATE)$"
)
FOLDS: Final = 4
LINES: Final = (0.001, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99, 0.999, 0.9999)

Row = dict[str, Any]
Pair = tuple[int, int, float]


def main() -> None:
    """Measure all sets, or those named."""
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or SETS:
        started = time.process_time()
        rows = read(folder / name / "data.csv")
        pairs = splink(rows)
        print(f"{name:17} {judged(rows, pairs)}  CPU {time.process_time() - started:.0f} s", flush=True)


def read(path: Path) -> list[Row]:
    """Return the rows of a labelled set, with their names without legal forms and their folds."""
    with path.open(newline="", encoding="utf-8") as lines:
        rows: list[Row] = list(csv.DictReader(lines))
    for place, row in enumerate(rows):
        core = re.sub(r"[^\w]+", " ", row["name"].upper()).strip()
        for _ in range(3):
            core = FORMS.sub("", core)
        row["unique_id"], row["core"] = place, core
        row["family"] = row["group_id"] or row["entity_id"]
        row["fold"] = zlib.crc32(row["family"].encode()) % FOLDS
    return rows


def splink(rows: list[Row]) -> list[Pair]:
    """Return the pairs that Splink's blocking makes, with its match probability."""
    import pyarrow as pa  # type: ignore[import-untyped]
    import splink.comparison_library as compare  # type: ignore[import-not-found]
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    words = [[*row["core"].split(), None, None][:2] for row in rows]
    columns: dict[str, list[Any]] = {
        "unique_id": [row["unique_id"] for row in rows],
        "core": [row["core"] or None for row in rows],
        "first_word": [word for word, _ in words],
        "second_word": [word for _, word in words],
        "letters": [row["core"].replace(" ", "")[:7] or None for row in rows],
        **{column: [row[column].upper() or None for row in rows] for column in ("address", "city", "country_code")},
    }
    comparisons = [
        compare.JaroWinklerAtThresholds("core", [0.97, 0.92, 0.85]).configure(term_frequency_adjustments=True)
    ]
    if any(columns["city"]):
        comparisons.append(compare.LevenshteinAtThresholds("city", 1))
    if any(columns["address"]):
        comparisons.append(compare.JaroWinklerAtThresholds("address", [0.95, 0.85]))
    if len(set(columns["country_code"])) > 2:
        comparisons.append(compare.ExactMatch("country_code"))
    if len(comparisons) == 1:
        comparisons.append(compare.ExactMatch("second_word"))
    blocks = [block_on("first_word"), block_on("letters"), block_on("second_word", "city")]
    settings = SettingsCreator(
        link_type="dedupe_only", comparisons=comparisons, blocking_rules_to_generate_predictions=blocks
    )
    database = DuckDBAPI()
    database._con.execute("set threads = 1")
    linker = Linker(database.register(pa.table(columns)), settings, log_level="ERROR")
    linker.training.estimate_probability_two_random_records_match([block_on("core")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in blocks[:2]:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=min(LINES))
    query = f"select unique_id_l, unique_id_r, match_probability from {found.physical_name}"
    return [tuple(row) for row in database._con.execute(query).fetchall()]


def judged(rows: list[Row], pairs: list[Pair]) -> str:
    """Return precision, recall and F1 of pairs at the lines of the folds; pairs of two firms of one group left out."""
    counts = {line: counted(rows, components(len(rows), pairs, line)) for line in LINES}
    total: Counter[str] = Counter()
    lines = []
    for fold in range(FOLDS):
        others = {line: sum((per[k] for k in range(FOLDS) if k != fold), Counter()) for line, per in counts.items()}
        best = max(LINES, key=lambda line: f1(others[line]))
        lines.append(best)
        total += counts[best][fold]
    right, joined, true = total["right"], total["joined"], total["true"]
    precision, recall = right / max(joined, 1), right / max(true, 1)
    wrong = counts[lines[0]]
    merged = sum(per["joined"] - per["right"] for per in wrong)
    return f"P {precision:.3f} R {recall:.3f} F1 {f1(total):.3f}  lines {lines}  wrong pairs {merged / 2:,.0f}"


def f1(count: Counter[str]) -> float:
    """Return F1 of counted pairs."""
    return 2 * count["right"] / max(count["joined"] + count["true"], 1)


def counted(rows: list[Row], entity: list[int]) -> list[Counter[str]]:
    """Return for each fold twice the pairs that are one firm, that were joined, and both; a pair counts once a side."""
    found = [Counter[str]() for _ in range(FOLDS)]

    def add(key: str, label: Callable[[Row], Any]) -> None:
        of = Counter(label(row) for row in rows)
        for row in rows:
            found[row["fold"]][key] += of[label(row)] - 1

    add("true", lambda row: row["entity_id"])
    add("right", lambda row: (row["entity_id"], entity[row["unique_id"]]))
    add("joined", lambda row: entity[row["unique_id"]])
    add("sisters", lambda row: (row["family"], entity[row["unique_id"]]))
    for per in found:
        per["joined"] -= per["sisters"] - per["right"]
    return found


def components(size: int, pairs: list[Pair], line: float) -> list[int]:
    """Return a number for each row, equal where pairs from the line on connect two."""
    head = list(range(size))

    def top(row: int) -> int:
        while head[row] != row:
            head[row] = head[head[row]]
            row = head[row]
        return row

    for a, b, score in pairs:
        if score >= line:
            head[top(a)] = top(b)
    return [top(row) for row in range(size)]


if __name__ == "__main__":
    main()
