"""What a line of the watchlist may say: its columns and the check of one line by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from pipeline.alerts.message import SEVERITIES, Severity

COLUMNS: Final = (
    "watcher",
    "company",
    "watch",
    "rival",
    "least_severity",
    "channels",
    "number_format",
    "ignore",
    "raise",
    "lower",
    "note",
)
DEMANDED: Final = ("watcher", "watch")
"""Columns that the file must have; the others may be left out."""
ALERT_TYPES: Final = (
    "customer_lost",
    "customer_won",
    "mix_shifted",
    "went_dark",
    "resurfaced",
    "tier_crossed",
    "concentration_crossed",
    "alternatives_gone",
    "slack_opened",
)
"""What can be ignored, raised or lowered; a retraction follows the alert that it takes back."""
EVERYTHING: Final = "*"
LEAST_SEVERITY: Final[Severity] = "warning"
"""Where a line gives none: a buyer reads what may touch an order; `info` is for those who ask for it."""
DEFAULT_CHANNEL: Final = "file"
PLAIN_CHANNELS: Final = ("slack", "teams", "webhook", "file")
NUMBER_FORMATS: Final = {"english": "1,234.5", "german": "1.234,5", "french": "1 234,5"}
"""By a word, since a spreadsheet would turn `1,234.5` into a number of its own."""
PRODUCT: Final = re.compile(r"\d{4}")
EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
LONGEST: Final = 200
"""Letters of a name or a note; an address line of a mail holds no more."""


@dataclass(frozen=True)
class Row:
    """A checked line.

    Attributes:
        line: its number in the file.
        watcher: who gets alerts.
        company: our company as the line names it; empty where it names none.
        watch: a supplier's name or id, an HS4 product or `*`.
        rival: as the line names it; empty for none.
        least_severity: alerts below it are left out.
        channels: where to; empty where the line says nothing.
        number_format: one of `NUMBER_FORMATS`' values; empty where the line says nothing.
        ignored, raised, lowered: alert types.
        note: why it is watched, in a person's words.
    """

    line: int
    watcher: str
    company: str
    watch: str
    rival: str
    least_severity: Severity
    channels: tuple[str, ...]
    number_format: str
    ignored: frozenset[str]
    raised: frozenset[str]
    lowered: frozenset[str]
    note: str

    @property
    def is_product(self) -> bool:
        """Whether a product is watched."""
        return PRODUCT.fullmatch(self.watch) is not None

    @property
    def is_everything(self) -> bool:
        """Whether `*` is watched."""
        return self.watch == EVERYTHING


def check_row(line: int, cells: Mapping[str, str], faults: list[str]) -> Row | None:
    """Check one line by itself; what is wrong is added to `faults` and None returned."""
    found = list(_faults(cells))
    if found:
        faults.extend(f"line {line}: {text}" for text in found)
        return None
    least = cells["least_severity"].lower()
    given_format = cells["number_format"].lower()
    return Row(
        line=line,
        watcher=cells["watcher"],
        company=cells["company"],
        watch=cells["watch"],
        rival=cells["rival"],
        least_severity=next((known for known in SEVERITIES if known == least), LEAST_SEVERITY),
        channels=tuple(dict.fromkeys(_channel(text) for text in _listed(cells["channels"]))),
        number_format=NUMBER_FORMATS.get(given_format, given_format),
        ignored=frozenset(_listed(cells["ignore"].lower())),
        raised=frozenset(_listed(cells["raise"].lower())),
        lowered=frozenset(_listed(cells["lower"].lower())),
        note=cells["note"],
    )


def _faults(cells: Mapping[str, str]) -> Iterator[str]:
    if not cells["watcher"]:
        yield "watcher is missing: give a name by which the recipient is known, such as anna"
    if not cells["watch"]:
        yield "watch is missing: give a supplier's name or id, a product as four digits, or * for all suppliers"
    if cells["watch"].isdigit() and not PRODUCT.fullmatch(cells["watch"]):
        yield f"watch is {cells['watch']!r}; a product is the first four digits of its HS code, such as 9403"
    if cells["rival"] and not cells["company"]:
        yield "rival is given without company: it is set beside your own company"
    for column in ("watcher", "company", "watch", "rival", "note"):
        if len(cells[column]) > LONGEST or not cells[column].isprintable():
            yield f"{column} has {len(cells[column])} characters or some that do not print; at most {LONGEST} are taken"
    if cells["least_severity"] and cells["least_severity"].lower() not in SEVERITIES:
        yield _unknown("least_severity", cells["least_severity"], SEVERITIES)
    given_format = cells["number_format"].lower()
    if given_format and given_format not in (*NUMBER_FORMATS, *NUMBER_FORMATS.values()):
        accepted = ", ".join(f"{word} ({form})" for word, form in NUMBER_FORMATS.items())
        yield f"number_format {cells['number_format']!r} is unknown; give {accepted}"
    for text in _listed(cells["channels"]):
        yield from _channel_faults(text)
    yield from _type_faults(cells)


def _type_faults(cells: Mapping[str, str]) -> Iterator[str]:
    given = {column: set(_listed(cells[column].lower())) for column in ("ignore", "raise", "lower")}
    for column, types in given.items():
        for text in sorted(types - set(ALERT_TYPES)):
            if text == "retracted":
                yield f"{column} names retracted; a retraction goes to whoever got the alert"
            else:
                yield _unknown(column, text, ALERT_TYPES)
    for text in sorted(given["raise"] & given["lower"]):
        yield f"{text} stands under raise and under lower"


def _channel_faults(text: str) -> Iterator[str]:
    kind, colon, address = text.partition(":")
    if kind.lower() == "email" and colon:
        if not EMAIL.fullmatch(address):
            yield f"{text!r} is no e-mail address; write email:name@example.com"
    elif "@" in text:
        yield f"channel {text!r} is unknown; did you mean email:{text}?"
    elif text.lower() not in PLAIN_CHANNELS:
        yield _unknown("channel", text, ("email:name@example.com", *PLAIN_CHANNELS))


def _channel(text: str) -> str:
    """A channel as it is compared: the domain of an address in small letters."""
    if ":" not in text:
        return text.lower()
    local, _, domain = text.partition(":")[2].rpartition("@")
    return f"email:{local}@{domain.lower()}"


def _listed(cell: str) -> list[str]:
    return [text for text in re.split(r"[\s,;]+", cell) if text]


def _unknown(what: str, text: str, accepted: tuple[str, ...]) -> str:
    near = get_close_matches(text.lower(), accepted, 1)
    guess = f" (did you mean {near[0]}?)" if near else ""
    return f"{what} {text!r} is unknown{guess}; give one of {', '.join(accepted)}"
