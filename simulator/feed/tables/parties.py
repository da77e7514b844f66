"""The tables `shipper`, `consignee` and `notifyparty`: how a party is printed.

A world has few name variants beside its bills, so the text of each distinct one is made once and then looked up.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis import habits
from simulator.basis.draws import Bools, Ints
from simulator.basis.habits import VARIANT_BITS
from simulator.feed.facts import Facts
from simulator.feed.parties import (
    BEHALF,
    BLANK,
    ORDER_OF,
    ORDER_ONLY,
    SAME,
    TO_ORDER_OF,
    TO_ORDER_STUCK,
    Parties,
    PartyRows,
)
from simulator.names import addresses, firms, name_variants, words
from simulator.names.firms import Directory
from simulator.names.registered import agents
from simulator.names.stems import stems
from simulator.names.texts import Text, digits, either, glue, joined, lines, only, pick, pool, quoted, whole

BEHALF_WORDS: Final = (" O/B OF ", " C/O ", " F/A/O ", " OBO ", " ON BEHALF OF ", " FOR ACCOUNT OF ")
COUNTRY_GIVEN: Final = 0.25
PLACE_GIVEN: Final = 0.22
SLICED: Final = 0.025
"""Parties with a country; with city, province and code; with pieces of a phone number in these columns."""
CONTACT: Final = 0.12
"""Parties with a contact person and a number."""

_KIND_BITS, _CLERK_BITS, _FRAME_BITS, _NUMBER_BITS = 3, 4, 3, 22


def party_lines(facts: Facts, table: str, rows: PartyRows) -> Text:
    """Lines of one of the three tables."""
    columns = TABLES[table].columns
    behind = firms.SUPPLIER if table == "shipper" else firms.CONSIGNEE
    codes, where = np.unique(pack(rows.parties), return_inverse=True)
    tails = _tails(facts.world, unpack(codes), behind, columns)
    return glue(facts.for_rows(rows.of), ",", pick(tails, where))


def pack(parties: Parties) -> Ints:
    """A number for each party; those with one number are printed alike."""
    code = (parties.number << VARIANT_BITS | parties.variant) << _FRAME_BITS | parties.frame
    code |= parties.behind << _NUMBER_BITS + VARIANT_BITS + _FRAME_BITS
    return (code << _CLERK_BITS | parties.clerk) << _KIND_BITS | parties.kind


def unpack(codes: Ints) -> Parties:
    """The parties of `pack`."""
    rest, kind = codes >> _KIND_BITS, codes & (1 << _KIND_BITS) - 1
    clerk, rest = rest & (1 << _CLERK_BITS) - 1, rest >> _CLERK_BITS
    frame, rest = rest & (1 << _FRAME_BITS) - 1, rest >> _FRAME_BITS
    variant, rest = rest & (1 << VARIANT_BITS) - 1, rest >> VARIANT_BITS
    return Parties(kind, rest & (1 << _NUMBER_BITS) - 1, variant, frame, rest >> _NUMBER_BITS, clerk)


def _tails(directory: Directory, parties: Parties, behind: int, columns: tuple[str, ...]) -> Text:
    """All of a party's line but the identifier, for distinct parties."""
    pieces = []
    for kind in np.unique(parties.kind):
        at = np.flatnonzero(parties.kind == kind)
        pieces.append((at, _tails_of_kind(directory, int(kind), parties.rows(at), behind, columns)))
    return joined(pieces)


def _tails_of_kind(directory: Directory, kind: int, parties: Parties, behind: int, columns: tuple[str, ...]) -> Text:
    draws, number = directory.draws, parties.number
    firm = _clerk_key(kind, parties)
    typed, _ = typed_lines(directory, kind, parties, behind)
    bare = _without_firm(parties)
    contact = ~bare & draws.chance(firm, "party.contact", CONTACT)
    by_mail = draws.chance(firm, "party.by_mail", 0.3)
    phone = glue("1-212-555-01", digits(draws.below(firm, "party.phone", 100), 2))
    person = glue(
        pick(pool(words.INITIALS), draws.below(firm, "person.initial", len(words.INITIALS))),
        " ",
        stems(draws.below(firm, "person.name", 9999), words.OTHER_ENDS),
    )
    text = [
        quoted(typed.name),
        *(quoted(line) for line in typed.address),
        *(quoted(column) for column in place_columns(directory, kind, parties)),
        only(contact, person),
        only(contact, either(by_mail, "Electronic Mail", "Telephone Number")),
        only(contact, either(by_mail, glue("info", digits(number, 3), "@example.com"), phone)),
    ]
    return lines(columns[1:], dict(zip(columns[1:], text, strict=True)))


def place_columns(directory: Directory, kind: int, parties: Parties) -> tuple[Text, Text, Text, Text]:
    """City, state, code and country as the clerk fills in their columns."""
    draws, number, group = directory.draws, parties.number, directory.of_kind(kind)
    bare = _without_firm(parties)
    roll = draws.uniform(_clerk_key(kind, parties), "party.columns")
    sliced = ~bare & (roll < SLICED)
    placed = ~bare & ~sliced & (roll < SLICED + PLACE_GIVEN)
    given = ~bare & ~sliced & (roll < COUNTRY_GIVEN)
    at = addresses.site_of(draws, group, kind, number, parties.variant)
    city, province, code = (addresses.place_text(group, number, field, kind, at) for field in range(3))
    return (
        either(sliced, glue("1-212-555-01", digits(number, 2), " TEL"), only(placed, city)),
        either(sliced, "EX", only(placed, province)),
        either(sliced, glue("1-212555", digits(number, 2)), only(placed, code)),
        either(sliced, whole(10 + number % 89), only(given, addresses.country_code(group, number, kind))),
    )


def _clerk_key(kind: int, parties: Parties) -> Ints:
    return ((parties.number << VARIANT_BITS | parties.variant) << _KIND_BITS | kind) << _CLERK_BITS | parties.clerk


def typed_lines(directory: Directory, kind: int, parties: Parties, behind: int) -> tuple[addresses.Lines, Ints]:
    """Name and address of parties of one kind, no address where no firm is named; and their kinds (`habits.KINDS`)."""
    name, done = _framed_names(directory, kind, parties, behind)
    group = directory.of_kind(kind)
    typed, in_address = addresses.address_lines(directory.draws, group, kind, parties.number, parties.variant, name)
    shown = ~_without_firm(parties)
    first, second, third, fourth = (only(shown, line) for line in typed.address)
    lines_of_address = addresses.Lines(typed.name, (first, second, third, fourth))
    return lines_of_address, np.where(shown, done | in_address, 0)


def _without_firm(parties: Parties) -> Bools:
    bare: Bools = (parties.frame == BLANK) | (parties.frame == SAME) | (parties.frame == ORDER_ONLY)
    return bare


def _framed_names(directory: Directory, kind: int, parties: Parties, behind: int) -> tuple[Text, Ints]:
    """Uncut names with what is written around them, and their kinds."""
    name, done = name_variants.written(directory, kind, parties.number, parties.variant)
    for frame, before in ((ORDER_OF, "TO THE ORDER OF "), (TO_ORDER_OF, "TO ORDER OF "), (TO_ORDER_STUCK, "TO ORDER")):
        name = either(parties.frame == frame, glue(before, name), name)
        done |= (parties.frame == frame).astype(np.int64) << habits.TO_ORDER
    acting = np.flatnonzero(parties.frame == BEHALF)
    if len(acting):
        # the agent's first word only, so that the firm behind it is not cut off
        agent = agents(directory, parties.number[acting])
        principal = name_variants.formless(directory, behind, parties.behind[acting])
        word = pick(pool(BEHALF_WORDS), directory.draws.below(parties.behind[acting], "behalf", len(BEHALF_WORDS)))
        others = np.flatnonzero(parties.frame != BEHALF)
        name = joined([(others, pick(name, others)), (acting, glue(agent, word, principal))])
        done[acting] = 1 << habits.AGENT | 1 << habits.NO_FORM
    fixed = {ORDER_ONLY: "TO ORDER", SAME: "SAME AS CONSIGNEE", BLANK: ""}
    for frame, text in fixed.items():
        name = either(parties.frame == frame, text, name)
    return name, done
