"""How names are typed: the name variants of a firm.

A firm has an official name; clerks write it without points, shortened, mistyped, with the city in front (`habits`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from simulator.basis import habits
from simulator.basis.draws import Bools, Draws, Ints
from simulator.names import firms as kinds
from simulator.names import forms, words
from simulator.names.firms import Directory
from simulator.names.mistyping import slip, with_blank, without_blank
from simulator.names.parts import END, FRONT, INSIDE, NOWHERE, Parts
from simulator.names.registered import parts_of
from simulator.names.stems import stems
from simulator.names.texts import (
    Text,
    altered,
    case,
    differs,
    digits,
    either,
    glue,
    only,
    pick,
    pool,
    replaced,
    shortened_words,
    tidy,
)

_OF_PARTNERS: Final = (habits.POINTS, habits.SHORT, habits.SLIP, habits.SLIP_TWICE, habits.BLANK, habits.FRONT)
"""Liberties that are taken with names of forwarders and banks too."""
_PARTNERS: Final = (kinds.FORWARDER, kinds.FORWARDER_US, kinds.BANK)
_CITY_MOVES: Final = ((FRONT, FRONT, INSIDE, END), (NOWHERE, NOWHERE, INSIDE, INSIDE))
"""Where a city is put that is not in the official name, and one that is in front."""


def names(directory: Directory, kind: int, numbers: Ints, variants: Ints) -> Text:
    """Uncut names of parties of one kind."""
    return written(directory, kind, numbers, variants)[0]


def written(directory: Directory, kind: int, numbers: Ints, variants: Ints) -> tuple[Text, Ints]:
    """Uncut names of parties of one kind, and in what they differ from the official ones (`habits.KINDS`)."""
    key = habits.name_key(directory.draws, numbers + (kind << 32), variants)
    liberties = name_liberties(directory, kind, numbers, variants)
    name = _Name(directory.draws, key, liberties, parts_of(directory, kind, numbers))
    before = key & habits.FORMERLY != 0
    if before.any():
        old = former_word(directory.draws, key)
        parts = name.parts
        name.parts = replace(
            parts, brand=either(before, old, parts.brand), rejoined=either(before, old, parts.rejoined)
        )
    text = name.text()
    return text, name.done | before.astype(np.int64) << habits.OLD_NAME


def former_word(draws: Draws, key: Ints) -> Text:
    """The word by which each firm was known before it changed its name; of name keys."""
    return stems(draws.below(key >> habits.VARIANT_BITS, "name.former", 1 << 19), words.OTHER_ENDS)


def name_liberties(directory: Directory, kind: int, numbers: Ints, variants: Ints) -> Ints:
    """The liberties that each name variant takes with the name."""
    key = habits.name_key(directory.draws, numbers + (kind << 32), variants)
    liberties = habits.name_kinds(directory.draws, key, directory.of_kind(kind).plain[numbers] == 1)
    if kind in _PARTNERS:
        liberties = liberties & sum(1 << liberty for liberty in _OF_PARTNERS)
    return liberties


def formless(directory: Directory, kind: int, numbers: Ints) -> Text:
    """Official names without the legal form."""
    without = np.full(len(numbers), 1 << habits.NO_FORM)
    return _Name(directory.draws, numbers, without, parts_of(directory, kind, numbers)).text()


def filed(directory: Directory, kind: int, numbers: Ints, variants: Ints) -> Bools:
    """Whether a firm that hides its name has filed the name variant; it has not filed mistakes."""
    mistakes = sum(1 << liberty for liberty in habits.MISTAKES)
    right: Bools = name_liberties(directory, kind, numbers, variants) & mistakes == 0
    return right


@dataclass
class _Name:
    """Names in the making.

    Attributes:
        draws: of the world.
        key: what draws about each writing depend on.
        liberties: kinds of what is to be done to each (`habits`).
        parts: the official names.
        done: kinds of what made a difference.
    """

    draws: Draws
    key: Ints
    liberties: Ints
    parts: Parts
    done: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.done = np.zeros_like(self.key)

    def text(self) -> Text:
        """The names; fills `done`."""
        text = tidy(glue(*self._words(), between=" "))
        for liberty, change in (
            (habits.SHORT, self._shortened),
            (habits.POINTS, self._pointed),
            (habits.BLANK, self._respaced),
            (habits.SLIP, self._slipped),
            (habits.SLIP_TWICE, self._slipped_twice),
            (habits.ALIAS, self._with_alias),
            (habits.FRONT, self._with_front),
            (habits.ESCAPE, self._escaped),
            (habits.NOISE, self._with_noise),
        ):
            text = self._take(liberty, text, change)
        return tidy(text)

    def _take(self, liberty: int, text: Text, change: Callable[[Text, Ints], Text]) -> Text:
        new = altered(text, habits.bit(self.liberties, liberty), change)
        self.done |= differs(new, text).astype(np.int64) << liberty
        return new

    def _words(self) -> list[Text]:
        """The words of each name in the order in which they are written."""
        parts, bit = self.parts, habits.bit
        place = self._city_place()
        city = parts.city
        form = self._take(habits.FORM, parts.form, lambda _, r: self._other(forms.other_form, r))
        form = self._take(habits.NO_FORM, form, lambda _, r: pick(pool([""]), np.zeros_like(r)))
        business = self._take(habits.SHORT, parts.business, lambda _, r: self._other(forms.other_business, r))
        brand = self._take(habits.BLANK, parts.brand, lambda _, r: pick(parts.rejoined, r))
        tail, trade, business = self._dropped(parts.tail, parts.trade, business)
        swapped = bit(self.liberties, habits.SWAP) & differs(trade, "")
        self.done |= swapped.astype(np.int64) << habits.SWAP
        named = bit(self.liberties, habits.COUNTRY) & ~parts.marked & differs(parts.country, "")
        self.done |= named.astype(np.int64) << habits.COUNTRY
        bracketed = self.draws.chance(self.key, "name.brackets", 0.7)
        country = only(named, either(bracketed, glue("(", parts.country, ")"), parts.country))
        return [
            parts.before,
            only(place == FRONT, city),
            either(swapped, trade, brand),
            only(place == INSIDE, glue("(", city, ")")),
            either(swapped, brand, trade),
            tail,
            only(place == END, city),
            parts.mark,
            business,
            country,
            form,
        ]

    def _other(self, ways: Callable[[Draws, Ints, str, Ints], Text], rows: Ints) -> Text:
        return ways(self.draws, self.key[rows], "name.way", self.parts.form_number[rows])

    def _city_place(self) -> Ints:
        parts = self.parts
        moves = np.array(_CITY_MOVES)[(parts.city_place != NOWHERE).astype(np.int64)]
        chosen = self.draws.below(self.key, "name.city_move", moves.shape[1])
        moved = habits.bit(self.liberties, habits.CITY) & ~parts.city_fixed & differs(parts.city, "")
        place = np.where(moved, moves[np.arange(len(moves)), chosen], parts.city_place)
        self.done |= (place != parts.city_place).astype(np.int64) << habits.CITY
        return place

    def _dropped(self, *texts: Text) -> tuple[Text, ...]:
        """The texts without the first one that is there, where one word is dropped."""
        left = habits.bit(self.liberties, habits.DROP) & ~self.parts.distinguished
        kept = []
        for text in texts:
            here = left & differs(text, "")
            self.done |= here.astype(np.int64) << habits.DROP
            kept.append(either(here, "", text))
            left = left & ~here
        return tuple(kept)

    def _shortened(self, text: Text, rows: Ints) -> Text:
        """Words shortened in one of two ways; where none can be, they are written out."""
        return shortened_words(text, self.draws.below(self.key[rows], "name.short", 2), words.ABBREVIATIONS)

    def _pointed(self, text: Text, rows: Ints) -> Text:
        bare = replaced(replaced(text, ".", ""), ",", "")
        tight = replaced(text, ", ", ",")
        styles = [tight, bare, replaced(text, ".", ""), replaced(replaced(text, ", ", ","), ".", ". "), bare]
        style = self.draws.below(self.key[rows], "name.points", len(styles))
        return case(np.where(self.parts.plain[rows], 0, style), styles)

    def _respaced(self, text: Text, rows: Ints) -> Text:
        """A blank lost or added anywhere, where the brand has none to lose or to add."""
        key, style = self.key[rows], self.draws.below(self.key[rows], "name.blank", 4)
        lost = without_blank(self.draws, key, "name.lost_blank", text)
        added = with_blank(self.draws, key, "name.added_blank", text)
        return case(style, [text, text, lost, added])

    def _slipped(self, text: Text, rows: Ints) -> Text:
        return slip(self.draws, self.key[rows], "name.slip", text)

    def _slipped_twice(self, text: Text, rows: Ints) -> Text:
        return slip(self.draws, self.key[rows], "name.second_slip", self._slipped(text, rows))

    def _with_alias(self, text: Text, rows: Ints) -> Text:
        # every writing of a firm has the same other name
        key = self.key[rows]
        firm = key >> habits.VARIANT_BITS
        alias = stems(self.draws.below(firm, "name.alias", 1 << 19), words.OTHER_ENDS)
        was = habits.renamed(self.draws, firm) & (key & habits.FORMERLY == 0)
        style = self.draws.below(key, "name.dba", 3)
        between = either(
            was,
            pick(pool([" FKA ", " FORMERLY ", " (EX "]), style),
            pick(pool([" DBA ", " D/B/A ", " T/A "]), style),
        )
        closed = only(was & (style == 2), ")")
        return glue(text, between, either(was, former_word(self.draws, key), alias), closed)

    def _with_front(self, text: Text, rows: Ints) -> Text:
        chosen = self.draws.below(self.key[rows], "name.front", len(words.BEFORE_NAME))
        return glue(pick(pool(words.BEFORE_NAME), chosen), text)

    def _escaped(self, text: Text, rows: Ints) -> Text:
        lower = self.draws.chance(self.key[rows], "name.escape", 0.3)
        amp = replaced(text, "&", "&amp;")
        return either(lower, amp, replaced(text, "&", "&AMP;"))

    def _with_noise(self, text: Text, rows: Ints) -> Text:
        key = self.key[rows]
        person = glue(
            pick(pool(words.INITIALS), self.draws.below(key, "name.initial", len(words.INITIALS))),
            " ",
            stems(self.draws.below(key, "name.person", 9999), words.OTHER_ENDS),
        )
        phone = glue("1-212-555-01", digits(self.draws.below(key, "name.phone", 100), 2))
        style = self.draws.below(key, "name.noise", 3)
        return glue(text, case(style, [glue(" ATTN: ", person), glue(" TEL: ", phone), glue(" ATTN ", person)]))
