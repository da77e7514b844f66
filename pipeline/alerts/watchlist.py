"""Who gets alerts about which suppliers: the watchlist, its names resolved to companies.

A watcher is one recipient and buys for one company; each of its lines watches a supplier, a product or everything. All
of the file is checked before anything is sent; without a file the embedded sample watches its own buyers, and any other
source has no watcher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline import sheet
from pipeline.alerts.message import Recipient, Severity
from pipeline.alerts.watchlist_rows import COLUMNS, DEFAULT_CHANNEL, DEMANDED, NUMBER_FORMATS, Row, check_row
from pipeline.entities.search.company import WHO, Named, NotOneError, party_named
from pipeline.entities.search.find import Search, open_search
from pipeline.plain_text import clean
from pipeline.settings import Settings, SettingsError

SAMPLE: Final = Path(__file__).with_name("sample_watchlist.csv")
"""Buyers of the embedded sample, and why each is worth a look."""
NEAREST: Final = 3
"""Companies that are named where a name is not clear: enough to see what was meant, few enough for a line."""


class WatchlistError(SettingsError):
    """The watchlist cannot be used; the message names the file and every line at fault."""


FORM: Final = sheet.Form("LEVERAGE_WATCHLIST", COLUMNS, DEMANDED, WatchlistError, is_strict=True)


@dataclass(frozen=True)
class Watch:
    """What one line watches; neither supplier nor product: everything.

    Attributes:
        line: its number in the file.
        supplier_id: the supplier, where one is watched.
        supplier_name: its name.
        hs4: the product, where one is watched.
        rival: id and name of the company to compare with, or None.
        least_severity: alerts below it are left out.
        ignored, raised, lowered: alert types.
        note: why it is watched.
    """

    line: int
    supplier_id: str | None
    supplier_name: str | None
    hs4: str | None
    rival: tuple[str, str] | None
    least_severity: Severity
    ignored: frozenset[str]
    raised: frozenset[str]
    lowered: frozenset[str]
    note: str


@dataclass(frozen=True)
class Watcher:
    """One recipient and what it watches.

    Attributes:
        recipient: who gets alerts, and how.
        company_id: the company on whose behalf; None where only suppliers or products are watched.
        watches: its lines, in the order of the file.
    """

    recipient: Recipient
    company_id: str | None
    watches: tuple[Watch, ...]


@dataclass(frozen=True)
class Watchlist:
    """All watchers.

    Attributes:
        path: the file; None where there is none.
        watchers: in the order of the file.
        warnings: what was passed over.
    """

    path: Path | None
    watchers: tuple[Watcher, ...]
    warnings: tuple[str, ...] = ()


def read_rows(path: Path) -> tuple[list[Row], list[str]]:
    """The lines of a watchlist, each right by itself, and what was passed over.

    Raises:
        WatchlistError: it is not there, is no text, or lines are wrong; each is named with its fault.
    """
    faults: list[str] = []
    warnings: list[str] = []
    rows = []
    for line, cells in sheet.read_cells(path, sheet.read_bytes(path, FORM), FORM, faults, warnings):
        row = check_row(line, cells, faults)
        if row:
            rows.append(row)
    sheet.refuse(path, FORM, faults)
    return rows, warnings


def load_watchlist(settings: Settings, search: Search | None = None) -> Watchlist:
    """The watchlist of the settings with every name led to one company.

    Args:
        settings: names the file and the home whose companies are meant.
        search: the names of all companies; opened where it is not given.

    Raises:
        WatchlistError: lines are wrong, or a name fits no company or several; each is named with what is near.
        RegistryError: the registry of parties is damaged.
    """
    path = settings.watchlist
    if path is None:
        if settings.source_url != "sample:":
            return Watchlist(None, ())
        rows, warnings = read_rows(SAMPLE)
        known = _Names(search or open_search(settings), [])
        # a home that holds a few days of the sample does not know all of its firms yet
        return Watchlist(None, _watchers([row for row in rows if known.knows(row)], known, []), tuple(warnings))
    rows, warnings = read_rows(path)
    faults: list[str] = []
    watchers = _watchers(rows, _Names(search or open_search(settings), faults), faults) if rows else ()
    sheet.refuse(path, FORM, sorted(faults, key=lambda text: int(text.split(":")[0].removeprefix("line "))))
    return Watchlist(path, watchers, tuple(warnings))


class _Names:
    """Resolves names to companies, each once; what is not clear is a fault with its line."""

    def __init__(self, search: Search, faults: list[str]) -> None:
        self._search = search
        self._faults = faults
        self._found: dict[tuple[str, str], Named | str] = {}

    def of(self, line: int, column: str, text: str, kind: str) -> Named | None:
        """The company, or None after a fault or where no name is given."""
        found = self._look(text, kind) if text else None
        if isinstance(found, str):
            self._faults.append(f"line {line}: {column} {clean(text)!r} {found}")
            return None
        return found

    def knows(self, row: Row) -> bool:
        """Whether every name of a line leads to a company."""
        asked = [(row.company, "consignee"), (row.rival, "consignee")]
        asked += [] if row.is_product or row.is_everything else [(row.watch, "supplier")]
        return not any(text and isinstance(self._look(text, kind), str) for text, kind in asked)

    def _look(self, text: str, kind: str) -> Named | str:
        key = (text.casefold(), kind)
        if key not in self._found:
            try:
                self._found[key] = party_named(self._search, text, kind)
            except NotOneError as error:
                near = [f"{clean(hit.entity_name)} ({hit.entity_id})" for hit in error.candidates[:NEAREST]]
                several = type(error).__name__ == "AmbiguousNameError"
                fault = f"may be several {WHO[kind]}s; give the id of one" if several else f"is no {WHO[kind]} here"
                fault += f": {', '.join(near)}" if several else f"; near: {', '.join(near)}" if near else ""
                self._found[key] = fault
        return self._found[key]


def _watchers(rows: Sequence[Row], names: _Names, faults: list[str]) -> tuple[Watcher, ...]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.watcher.casefold(), []).append(row)
    return tuple(_watcher(lines, names, faults) for lines in grouped.values())


def _watcher(rows: Sequence[Row], names: _Names, faults: list[str]) -> Watcher:
    who = rows[0].watcher
    companies = {row.line: names.of(row.line, "company", row.company, "consignee") for row in rows}
    company = next((found for found in companies.values() if found), None)
    for line, found in companies.items():
        if found and company and found.entity_id != company.entity_id:
            faults.append(
                f"line {line}: {who} watches for {found.name} here and for {company.name} above; a watcher has one "
                "company, so give the lines of the other another watcher"
            )
    given = dict.fromkeys(row.number_format for row in rows if row.number_format)
    if len(given) > 1:
        faults.append(f"line {rows[-1].line}: {who} has several number formats: {', '.join(given)}; give one")
    watches: dict[tuple[str | None, str | None], Watch] = {}
    for row in rows:
        watch = _watch(row, names, company, faults)
        twin = watches.setdefault((watch.supplier_id or _unfound(row), watch.hs4), watch)
        if twin is not watch:
            faults.append(f"line {row.line}: {who} watches {row.watch} in line {twin.line} already")
    return Watcher(
        Recipient(
            watcher=who,
            company=company.name if company else None,
            channels=tuple(dict.fromkeys(channel for row in rows for channel in row.channels)) or (DEFAULT_CHANNEL,),
            number_format=next(iter(given), NUMBER_FORMATS["english"]),
        ),
        company.entity_id if company else None,
        tuple(watches.values()),
    )


def _unfound(row: Row) -> str | None:
    """Distinguishes lines whose supplier was not found."""
    return None if row.is_product or row.is_everything else row.watch


def _watch(row: Row, names: _Names, company: Named | None, faults: list[str]) -> Watch:
    is_supplier = not (row.is_product or row.is_everything)
    supplier = names.of(row.line, "watch", row.watch, "supplier") if is_supplier else None
    rival = names.of(row.line, "rival", row.rival, "consignee")
    if rival and company and rival.entity_id == company.entity_id:
        faults.append(f"line {row.line}: rival {rival.name} is the company itself; name another customer")
    return Watch(
        line=row.line,
        supplier_id=supplier.entity_id if supplier else None,
        supplier_name=supplier.name if supplier else None,
        hs4=row.watch if row.is_product else None,
        rival=(rival.entity_id, rival.name) if rival else None,
        least_severity=row.least_severity,
        ignored=row.ignored,
        raised=row.raised,
        lowered=row.lowered,
        note=row.note,
    )
