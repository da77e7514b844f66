"""Find entities by any spelling seen, typing errors and all, best first.

Texts that share rare trigrams with what is looked for are gathered first; the best of them are then compared word by
word: each word asked for counts by its rarity and by how near the nearest word of the text is. A word that the text has
more counts little, so that a part of a name finds the whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from pipeline.entities.overrides.rows import ENTITY_ID
from pipeline.entities.registry import read_batches
from pipeline.entities.rules import PREFIXES
from pipeline.entities.search.store import DamagedError, Piece, entity_key, open_piece, pieces_of
from pipeline.entities.search.trigrams import fold, trigrams
from pipeline.settings import Settings

GATHERED: Final = 400
"""Texts of a piece that are compared word by word. Of names with two typing errors, among a million entities, 1 in 100
is then not among the first ten; with 100 texts 3 are not, and 15 of 42 ms are saved."""
TOUCHED: Final = 1_500_000
"""Entries of trigram lists that a piece is gathered by, rarest first. The rest are trigrams like those of LTD."""
FEWEST: Final = 4
"""Trigrams that are used however long their lists are."""
NEAR_BEST: Final = 0.45
"""Texts that share less than so much of what the best one shares are not looked at."""
LEAST: Final = 0.6
"""Likeness from which an entity is told."""
LIKE_WORD: Final = 0.6
"""Likeness from which two words may be one, mistyped."""
BEGUN: Final = 0.93
"""What a word counts for that begins with the one asked for."""
OF_TEXT: Final = 0.15
"""Weight of how much of the text was asked for, beside how much of what was asked for is in the text."""
TRIES: Final = 4
ROWS_OF_TEXT: Final = 2_000
"""Spellings of one text (GLOBAL TRADING CO LTD) whose entities are looked at."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Hit:
    """An entity that was found.

    Attributes:
        entity_id: its id now, also where an older id was asked for.
        group_id: the entity that heads its group, where it has one.
        matched_name, matched_address: the spelling that matched best, as delivered.
        spellings: how many of its spellings bear the matching text.
        score: 0..1.
    """

    entity_id: str
    party_kind: str
    entity_name: str
    role: str
    group_id: str | None
    matched_name: str
    matched_address: str
    spellings: int
    score: float


@dataclass(frozen=True)
class _Text:
    """A text that may be it: its piece, its number there, its score."""

    piece: int
    number: int
    score: float


class Search:
    """The names of all entities, opened. Use `open_search`."""

    def __init__(self, pieces: dict[str, list[Piece]]) -> None:
        """`pieces`: of each kind, oldest first."""
        self._pieces = pieces

    @property
    def texts(self) -> int:
        """Distinct names; one in several pieces counts for each."""
        return sum(len(piece.texts) for pieces in self._pieces.values() for piece in pieces)

    def find(self, text: str, kind: str | None = None, limit: int = 10) -> list[Hit]:
        """Entities by any spelling, best first; an id finds its entity, or the one that it was merged into.

        Args:
            text: a name, a part of one, or an entity id; case, accents and signs do not count.
            kind: `supplier` or `consignee`; None for both.
            limit: how many at most.
        """
        kinds = [kind] if kind else list(PREFIXES)
        if ENTITY_ID.fullmatch(text.strip().lower()):
            return [hit for kind in kinds if (hit := self._by_id(text.strip().lower(), kind))]
        folded = fold(text)
        found = [hit for kind in kinds for hit in self._of_kind(folded, kind, limit)] if folded else []
        return sorted(found, key=_best_first)[:limit]

    def _of_kind(self, folded: str, kind: str, limit: int) -> list[Hit]:
        pieces = self._pieces[kind]
        rarity = _Rarity(pieces)
        likely = [
            _Text(number, text, score)
            for number, piece in enumerate(pieces)
            for text, score in _compared(folded, piece, _gathered(folded, piece, rarity), rarity)
        ]
        hits: dict[str, Hit] = {}
        for text in sorted(likely, key=lambda item: (-item.score, item.piece, item.number)):
            worst = min((hit.score for hit in hits.values()), default=0.0)
            if len(hits) >= limit and text.score < worst:
                break
            for hit in self._entities(pieces, text, kind):
                hits.setdefault(hit.entity_id, hit)
        return sorted(hits.values(), key=_best_first)[:limit]

    def _entities(self, pieces: Sequence[Piece], text: _Text, kind: str) -> Iterable[Hit]:
        """The entities whose spellings bear a text, as things stand now."""
        piece, newer = pieces[text.piece], pieces[text.piece + 1 :]
        first, last = piece.row_starts[text.number], piece.row_starts[text.number + 1]
        rows = np.arange(first, min(last, first + ROWS_OF_TEXT))
        ids = piece.row_spellings[rows]
        for other in newer:
            # what a newer piece says of a spelling counts
            rows, ids = rows[~_among(ids, other.spellings)], ids[~_among(ids, other.spellings)]
        keys, places, counts = np.unique(piece.row_keys[rows], return_index=True, return_counts=True)
        for key, place, count in zip(keys.tolist(), places.tolist(), counts.tolist(), strict=True):
            entity = _entity(pieces, key)
            if entity is None or entity["status"] != "live":
                continue
            row = int(rows[place])
            name, address = (piece.rows[column][row].as_py() for column in ("raw_name", "raw_address"))
            if name is None:  # the entity's own name, unless it has another by now
                name = str(entity["entity_name"])
                if fold(name) != piece.texts[text.number].as_py():
                    continue
            yield _hit(entity, kind, name, address, count, text.score)

    def _by_id(self, entity_id: str, kind: str) -> Hit | None:
        if not entity_id.startswith(PREFIXES[kind]):
            return None
        entity = _entity(self._pieces[kind], entity_key(entity_id))
        passed = {entity_id}
        while entity and entity["merged_into"] and entity["merged_into"] not in passed:
            passed.add(entity["merged_into"])
            entity = _entity(self._pieces[kind], entity_key(entity["merged_into"]))
        return _hit(entity, kind, entity_id, "", 0, 1.0) if entity else None


def open_search(settings: Settings) -> Search:
    """Open the names of all entities of the registry; files that are stale, damaged or missing are made anew.

    Raises:
        RegistryError: the registry itself is damaged.
        OSError: the files cannot be written.
    """
    batches = read_batches(settings)
    for _ in range(TRIES):
        folders = pieces_of(settings, batches)
        try:
            return Search({kind: [open_piece(folder, kind) for folder in folders] for kind in PREFIXES})
        except DamagedError as error:  # or folded into another piece a moment ago
            shutil.rmtree(error.folder, ignore_errors=True)
            damage = error
    raise damage


class _Rarity:
    """How much a trigram or a word tells: the rarer, the more, over all pieces of a kind."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._texts = sum(len(piece.texts) for piece in pieces)
        self._words: dict[str, float] = {}

    def of_trigrams(self, codes: npt.NDArray[np.int32]) -> Floats:
        """Natural logarithm of texts by texts with the trigram."""
        held = sum((piece.starts[codes + 1] - piece.starts[codes] for piece in self._pieces), np.zeros(len(codes)))
        return np.log1p(self._texts / (held + 1.0))

    def of_word(self, word: str) -> float:
        """Mean of its trigrams; a short word tells less than its trigrams do."""
        known = self._words.get(word)
        if known is None:
            known = float(self.of_trigrams(trigrams(word)).mean()) * (0.4 + 0.1 * min(len(word), 6))
            self._words[word] = known
        return known


def _gathered(folded: str, piece: Piece, rarity: _Rarity) -> npt.NDArray[np.int64]:
    """Numbers of the texts that share most, by rarity."""
    codes = trigrams(folded)
    weights = rarity.of_trigrams(codes)
    shared = np.zeros(len(piece.texts), np.float32)
    touched = 0
    for used, place in enumerate(np.argsort(-weights, kind="stable")):
        listed = piece.lists[piece.starts[codes[place]] : piece.starts[codes[place] + 1]]
        touched += len(listed)
        if used >= FEWEST and touched > TOUCHED:
            break
        shared[listed] += np.float32(weights[place])
    best = float(shared.max(initial=0.0))
    if best == 0.0:
        return np.zeros(0, np.int64)
    likely = np.flatnonzero(shared >= NEAR_BEST * best)
    if len(likely) > GATHERED:
        # of texts that share as much, those of the length asked for
        worth = shared[likely] - 0.02 * best * np.abs(piece.sizes[likely] - len(codes)) / len(codes)
        likely = likely[np.argsort(-worth, kind="stable")[:GATHERED]]
    return likely


def _compared(
    folded: str, piece: Piece, numbers: npt.NDArray[np.int64], rarity: _Rarity
) -> Iterable[tuple[int, float]]:
    """Likeness of texts to what is looked for, from `LEAST` on."""
    texts = [piece.texts[number].as_py() for number in numbers.tolist()]
    asked = folded.split()
    words = {word: place for place, word in enumerate(sorted({word for text in texts for word in text.split()}))}
    if not words:
        return
    likeness = _word_likeness(asked, list(words))
    weights = np.array([rarity.of_word(word) for word in asked])
    joined = folded.replace(" ", "")
    whole = process.cdist([joined], [text.replace(" ", "") for text in texts], scorer=fuzz.ratio)[0] / 100
    for number, text, ratio in zip(numbers.tolist(), texts, whole.tolist(), strict=True):
        held = text.split()
        part = likeness[:, [words[word] for word in held]]
        asked_for = float((part.max(axis=1) * weights).sum() / weights.sum())
        held_weights = np.array([rarity.of_word(word) for word in held])
        of_text = float((part.max(axis=0) * held_weights).sum() / held_weights.sum())
        score = 1.0 if text == folded else min(0.999, max((1 - OF_TEXT) * asked_for + OF_TEXT * of_text, ratio * 0.97))
        if score >= LEAST:
            yield number, round(score, 3)


def _word_likeness(asked: Sequence[str], words: Sequence[str]) -> npt.NDArray[np.float32]:
    """Likeness of each word asked for to each word held: by typing errors, or as its beginning."""
    likeness: npt.NDArray[np.float32] = process.cdist(
        asked, words, scorer=OSA.normalized_similarity, score_cutoff=LIKE_WORD, dtype=np.float32
    )
    for row, word in enumerate(asked):
        if len(word) > 2:
            begun = [place for place, other in enumerate(words) if other != word and other.startswith(word)]
            likeness[row, begun] = np.maximum(likeness[row, begun], BEGUN)
    return likeness


def _entity(pieces: Sequence[Piece], key: int) -> dict[str, str | None] | None:
    """The newest row of an entity."""
    for piece in reversed(pieces):
        place = int(np.searchsorted(piece.entity_keys, np.uint64(key)))
        if place < len(piece.entity_keys) and int(piece.entity_keys[place]) == key:
            return {name: piece.entities[name][place].as_py() for name in _TOLD}
    return None


_TOLD: Final = ("entity_id", "entity_name", "role", "status", "merged_into", "group_id")


def _among(ids: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of `ids` are among `known`, which are in order."""
    if not len(known):
        return np.zeros(len(ids), np.bool_)
    places = np.searchsorted(known, ids)
    return known[np.minimum(places, len(known) - 1)] == ids  # type: ignore[no-any-return]


def _hit(entity: dict[str, str | None], kind: str, name: str, address: str | None, count: int, score: float) -> Hit:
    return Hit(
        entity_id=str(entity["entity_id"]),
        party_kind=kind,
        entity_name=str(entity["entity_name"]),
        role=str(entity["role"]),
        group_id=entity["group_id"],
        matched_name=name,
        matched_address=address or "",
        spellings=count,
        score=score,
    )


def _best_first(hit: Hit) -> tuple[float, int, str]:
    return -hit.score, -hit.spellings, hit.entity_id
