"""What an export is the complete answer to: a supplier, a buyer, a product, a lane, everything, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.errors import UsageError
from pipeline.ingest.exports.rows.cells import text

KINDS: Final = ("supplier", "buyer", "product", "lane", "all", "none")
SIDE_OF: Final = {"supplier": "shipper", "buyer": "consignee"}
CUT: Final = re.compile(r"(\d+)_to_(\d+)_of_(\d+)", re.IGNORECASE)
ONE_PARTY: Final = 0.95
"""Bills with a name of which one firm has at least this part: the query was for it, the rest are other spellings."""
LEAST_BILLS: Final = 3
"""Fewer bills have one shipper by chance."""
EXAMPLE: Final = 'supplier="ACME TILES", buyer="HOLLOW OAK", product=6907, lane=CN, all or none; dates as from=2024-01-01,to=2025-06-30'


class ScopeError(UsageError):
    """A scope cannot be read, or names a firm that the export does not have."""


@dataclass(frozen=True)
class Scope:
    """What an export covers.

    Attributes:
        kind: one of `KINDS`.
        value: the firm's name, the beginning of the HS code, or the country or port of lading.
        first: earliest arrival that the query had; None for no limit.
        last: latest arrival that the query had; None for the day of the export.
        complete: whether the export has all bills of it.
        guessed: whether it was read from the data rather than given.
        reason: why it is so, for people.
    """

    kind: str
    value: str = ""
    first: date | None = None
    last: date | None = None
    complete: bool = True
    guessed: bool = True
    reason: str = ""

    @property
    def words(self) -> str:
        """Such as `supplier "ACME TILES", arrivals from 2024-01-01`."""
        value = f' "{self.value}"' if self.kind in SIDE_OF else f" {self.value}" if self.value else ""
        dates = (f" from {self.first}" if self.first else "") + (f" to {self.last}" if self.last else "")
        return f"{self.kind}{value}" + (f", arrivals{dates}" if dates else "")


def parse_scope(given: str) -> Scope:
    """Return the scope that a person gave.

    Raises:
        ScopeError: it has another form.
    """
    found = re.findall(r'\s*(\w+)\s*(?:=\s*("[^"]*"|[^,]*))?\s*(?:,|$)', given.strip())
    parts = {name.lower(): value.strip().strip('"') for name, value in found if name}
    kinds = [name for name in parts if name in KINDS]
    unknown = [name for name in parts if name not in (*KINDS, "from", "to")]
    if len(kinds) != 1 or unknown or (kinds[0] not in ("all", "none")) != bool(parts[kinds[0]]):
        raise ScopeError(f"--scope {given!r} is no scope; give one of {EXAMPLE}")
    try:
        first, last = (date.fromisoformat(parts[name]) if parts.get(name) else None for name in ("from", "to"))
    except ValueError:
        raise ScopeError(f"--scope {given!r}: from and to are days as YYYY-MM-DD") from None
    kind = kinds[0]
    value = re.sub(r"\D", "", parts[kind]) if kind == "product" else parts[kind]
    if kind == "product" and not 2 <= len(value) <= 10:
        raise ScopeError(f"--scope {given!r}: a product is an HS code of 2 to 10 digits, such as product=6907")
    return Scope(kind, value, first, last, complete=kind != "none", guessed=False, reason="as given")


def find_scope(
    connection: duckdb.DuckDBPyConnection,
    bills: Path,
    file_name: str,
    rows: int,
    caps: tuple[int, ...],
    given: Scope | None,
) -> Scope:
    """Return the scope of an export: the one given, or the one its name and data show; never complete where it was cut.

    Raises:
        ScopeError: the firm of a given scope is in no row.
    """
    scope = given or _guessed(connection, bills)
    if scope.kind in SIDE_OF and not party_names(connection, bills, scope):
        raise ScopeError(f"no {SIDE_OF[scope.kind]} of this export has the words {scope.value!r}: correct --scope")
    cut = CUT.search(file_name)
    if cut and int(cut[2]) - int(cut[1]) + 1 < int(cut[3]):
        total = int(cut[3])
        return _incomplete(
            scope, f"cut: the file name says rows {cut[1]} to {cut[2]} of {total:,}. Export the rest too"
        )
    if rows in caps:
        return _incomplete(
            scope, f"cut: exactly {rows:,} rows, where this vendor cuts a result. Export shorter spans of dates"
        )
    return scope


def party_names(connection: duckdb.DuckDBPyConnection, bills: Path, scope: Scope) -> list[str]:
    """Return the names, as on the bills, of the firm of a supplier's or buyer's scope."""
    side = SIDE_OF[scope.kind]
    clean = "' ' || trim(regexp_replace(upper({}), '[^\\pL\\pN]+', ' ', 'g')) || ' '"
    wanted = " ".join(re.findall(r"\w+", scope.value.upper()))
    rows = connection.execute(
        f"""
        select distinct {side}.name from read_parquet({text(str(bills))})
        where contains({clean.format(f"{side}.name")}, ' ' || $1) or contains({clean.format(f"{side}.vendor_name")}, ' ' || $1)
        """,
        [wanted],
    ).fetchall()
    return sorted(name for (name,) in rows)


def scope_document(scope: Scope, names: list[str]) -> dict[str, Any]:
    """The scope as the provenance holds it."""
    return {
        "kind": scope.kind,
        "value": scope.value,
        "first": scope.first,
        "last": scope.last,
        "complete": scope.complete,
        "guessed": scope.guessed,
        "reason": scope.reason,
        "names": names,
    }


def scope_of(document: AnyMapping[str, Any]) -> Scope:
    """The scope in a provenance."""
    days: dict[str, Any] = {
        name: date.fromisoformat(str(document[name])) if document.get(name) else None for name in ("first", "last")
    }
    kept = {name: document[name] for name in ("kind", "value", "complete", "guessed", "reason")}
    return Scope(**kept, **days)


def _incomplete(scope: Scope, reason: str) -> Scope:
    return Scope(scope.kind, scope.value, scope.first, scope.last, complete=False, guessed=scope.guessed, reason=reason)


def _guessed(connection: duckdb.DuckDBPyConnection, bills: Path) -> Scope:
    found = {kind: _one_party(connection, bills, side) for kind, side in SIDE_OF.items()}
    single = {kind: name for kind, name in found.items() if name}
    if len(single) == 1:
        kind, name = single.popitem()
        return Scope(kind, name, reason=f"guessed: one {SIDE_OF[kind]} in the rows")
    if single:
        return Scope(
            "none",
            complete=False,
            reason="one shipper and one consignee in the rows: whose bills it has all of cannot be seen",
        )
    row = connection.execute(
        f"""
        select min(digits), max(digits), count(*) from (
            select left(regexp_replace(unnest(hs_codes), '[^0-9]', '', 'g'), 4) as digits from read_parquet({text(str(bills))})
        ) where length(digits) = 4
        """
    ).fetchone()
    if row and row[0] is not None and row[0] == row[1] and row[2] >= LEAST_BILLS:
        return Scope("product", row[0], reason="guessed: one HS heading in the rows")
    return Scope(
        "none", complete=False, reason="several shippers, consignees and products in the rows: of none it need have all"
    )


def _one_party(connection: duckdb.DuckDBPyConnection, bills: Path, side: str) -> str | None:
    """Return the words that nearly all names of a side share, or None."""
    rows = connection.execute(
        f"""
        select trim(regexp_replace(upper(coalesce({side}.vendor_name, {side}.name)), '[^\\pL\\pN]+', ' ', 'g')) as name, count(*)
        from read_parquet({text(str(bills))})
        where {side}.name is not null group by name order by 2 desc, 1
        """
    ).fetchall()
    total = sum(count for _, count in rows)
    if total < LEAST_BILLS:
        return None
    words = str(rows[0][0]).split()
    for length in range(len(words), min(2, len(words)) - 1, -1):
        begin = " ".join(words[:length])
        alike = sum(count for name, count in rows if name == begin or name.startswith(begin + " "))
        if alike >= ONE_PARTY * total:
            return begin
    return None
