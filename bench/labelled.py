"""Labelled names that others have published, as name variants.

Formats: the clustering of PATSTAT applicants by KU Leuven, the pairs of OpenSanctions' name benchmark, the training
pairs of the Open Apparel Registry. Their labels mean different things (group, entity, site), as documented by each set.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

SEEN: Final = date(2026, 1, 1)
PATSTAT: Final = "patstat_leuven/patstat_reference.csv"
OPENSANCTIONS: Final = "opensanctions_name_bench/organisation_cases.csv"
OAR: Final = "oar_training_pairs/training.json"
ORGANISATIONS: Final = ("Company", "Organization", "LegalEntity")
"""Kinds of case that name a firm; the others name vessels."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of name variants and whether both are one firm.

    Attributes:
        name: of the set.
        left: name variants (columns of `simulator.known_variants.SCHEMA` that a registry has).
        right: the name variants beside them.
        match: one truth a pair.
        best: the best average precision and F1 known of other methods.
    """

    name: str
    left: pa.Table
    right: pa.Table
    match: npt.NDArray[np.bool_]
    best: tuple[float, float]


@dataclass(frozen=True)
class Clusters:
    """Name variants and whose they are.

    Attributes:
        name: of the set.
        name variants: as in `Pairs`.
        label: one firm a name variant.
        best: the best pairwise and B-cubed F1 known of other methods.
    """

    name: str
    variants: pa.Table
    label: npt.NDArray[Any]
    best: tuple[float, float]


def variant_table(
    names: Sequence[str], addresses: Sequence[str] | None = None, countries: Sequence[str] | None = None, first: int = 0
) -> pa.Table:
    """Name variants of suppliers from plain lists; ids count from `first`."""
    count = len(names)
    nothing = pa.nulls(count, pa.string())
    return pa.table(
        {
            "spelling_id": pa.array(range(first, first + count), pa.int64()),
            "party_kind": pa.array(["supplier"] * count, pa.string()),
            "raw_name": pa.array(names, pa.string()),
            "raw_address": pa.array(addresses or [""] * count, pa.string()),
            "city": nothing,
            "state": nothing,
            "zip": nothing,
            "country_code": nothing if countries is None else pa.array(countries, pa.string()),
            "first_run_date": pa.array([SEEN] * count, pa.date32()),
        }
    )


def patstat(folder: Path) -> Clusters:
    """Applicants by group, names only; the mark before some is no part of a name."""
    with (folder / PATSTAT).open(newline="", encoding="utf-8") as lines:
        rows = {(row["person_name"].lstrip("* ").strip(), row["leuven_id"]) for row in csv.DictReader(lines)}
    names, labels = zip(*sorted(rows), strict=True)
    return Clusters("PATSTAT-Leuven (groups, names only)", variant_table(names), np.array(labels), (0.977, 0.953))


def opensanctions(folder: Path) -> Pairs:
    """Pairs of organisations, names only, each case once."""
    with (folder / OPENSANCTIONS).open(newline="", encoding="utf-8") as lines:
        rows = {
            (row["name1"], row["name2"]): row["is_match"] == "true"
            for row in csv.DictReader(lines)
            if row["schema"] in ORGANISATIONS
        }
    left, right = variant_table([a for a, _ in rows]), variant_table([b for _, b in rows], first=len(rows))
    return Pairs("OpenSanctions names (entities)", left, right, np.array(list(rows.values())), (0.952, 0.873))


def oar(folder: Path) -> Pairs:
    """Pairs of factories with addresses, by site."""
    content = json.loads((folder / OAR).read_text(encoding="utf-8"))
    labelled = [(pair["__value__"], kind == "match") for kind in ("match", "distinct") for pair in content[kind]]

    def side(place: int, first: int) -> pa.Table:
        found = [pair[place] for pair, _ in labelled]
        names, addresses, countries = (
            [(entry.get(field) or "").upper() for entry in found] for field in ("name", "address", "country")
        )
        return variant_table(names, addresses, countries, first)

    match = np.array([match for _, match in labelled])
    return Pairs("OAR factories (sites, with address)", side(0, 0), side(1, len(labelled)), match, (0.908, 0.796))


FIRMS: Final = (
    "us_h1b_employers",
    "sec_registrants",
    "ofac_firms",
    "fda_ndc_labelers",
    "sfi_cement",
    "lei_siblings",
)
"""Sets of names and addresses with the firm and the group of each; the points are learnt on all of them."""


@dataclass(frozen=True)
class Firms:
    """Name variants of real firms.

    Attributes:
        name: of the set.
        table: columns of `simulator.known_variants.SCHEMA` that a registry has, `firm_id` and `group_id`.
    """

    name: str
    table: pa.Table


def firms(folder: Path) -> list[Firms]:
    """Read the sets that are there: city, state and country in their columns, as well-filled files have them."""
    found = []
    for name in FIRMS:
        path = folder / name / "data.csv"
        if path.is_file():
            with path.open(newline="", encoding="utf-8") as lines:
                found.append(Firms(name, _firm_table(list(csv.DictReader(lines)))))
    return found


def _firm_table(rows: list[dict[str, str]]) -> pa.Table:
    def column(name: str) -> list[str]:
        return [row[name] for row in rows]

    # the only address of employers is a postal code
    codes = [row["address"] if row["address"].isdigit() else "" for row in rows]
    return (
        variant_table(column("name"))
        .drop_columns(["party_kind", "raw_address", "city", "state", "zip", "country_code"])
        .append_column(
            "party_kind", pa.array(["consignee" if row["kind"] == "consignee" else "supplier" for row in rows])
        )
        .append_column(
            "raw_address", pa.array(["" if code else row["address"] for row, code in zip(rows, codes, strict=True)])
        )
        .append_column("city", pa.array(column("city")))
        .append_column("state", pa.array(column("state")))
        .append_column("zip", pa.array(codes))
        .append_column("country_code", pa.array(column("country_code")))
        .append_column("firm_id", pa.array(column("entity_id")))
        .append_column("group_id", pa.array([row["group_id"] or row["entity_id"] for row in rows]))
    )
