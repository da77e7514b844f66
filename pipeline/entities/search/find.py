"""Find entities by any name seen for them, with typing errors, best first.

Names that share rare trigrams with the text are gathered first; the best of them are then compared word by word: each
word of the text counts by its rarity and by its likeness to the nearest word of the name. Further words of the name
count little, so that a part of a name finds the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from pipeline.entities.overrides.rows import ENTITY_ID
from pipeline.entities.rules import PREFIXES
from pipeline.entities.search.index import FOLD_SQL, TRIGRAMS_SQL, discard_index, open_index
from pipeline.settings import Settings

GATHERED: Final = 400
"""Names that are compared word by word. Of names with two typing errors, among a million entities, 1 in 100 is then not
among the first ten; with 100 names it is 3, and 15 of 42 ms are saved."""
ENTRIES_READ: Final = 1_500_000
"""Trigram entries that are read for one text, rarest trigrams first. The rest are trigrams like those of LTD."""
FEWEST: Final = 4
"""Trigrams that are used however frequent they are."""
NEAR_BEST: Final = 0.45
"""Share of the best name's weight below which names are not compared."""
LEAST: Final = 0.6
"""Likeness from which an entity is returned."""
LIKE_WORD: Final = 0.6
"""Likeness from which two words may be one, mistyped."""
BEGUN: Final = 0.93
"""What a word counts that begins with the one in the text."""
OF_NAME: Final = 0.15
"""Weight of how much of the name is in the text, beside how much of the text is in the name."""


@dataclass(frozen=True)
class Hit:
    """An entity that was found.

    Attributes:
        entity_id: its id now, also where an older id was given.
        group_id: the entity that heads its group, where it has one.
        matched_name, matched_address: the name variant that matched best, as delivered.
        spellings: how many of its name variants have the matching name.
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


class Search:
    """The names of all entities. Use `open_search`."""

    def __init__(self, settings: Settings) -> None:
        """Open the index of the registry's newest batch."""
        self._settings = settings
        self._connection = open_index(settings)

    def find(self, text: str, kind: str | None = None, limit: int = 10) -> list[Hit]:
        """Return entities by any name, best first; an id finds its entity, or the one that it was merged into.

        Args:
            text: a name, a part of one, or an entity id; case, accents and signs do not count.
            kind: `supplier` or `consignee`; None for both.
            limit: how many at most.
        """
        try:
            return self._find(text.strip(), [kind] if kind else list(PREFIXES), limit)
        except duckdb.IOException:  # a damaged block; the file is a projection of the registry
            self._connection.close()
            discard_index(self._settings)
            self._connection = open_index(self._settings)
            return self._find(text.strip(), [kind] if kind else list(PREFIXES), limit)

    def _find(self, text: str, kinds: Sequence[str], limit: int) -> list[Hit]:
        with self._connection.cursor() as cursor:
            if ENTITY_ID.fullmatch(text.lower()):
                rows = cursor.execute(_BY_ID, {"id": text.lower(), "kinds": kinds}).fetchall()
                return [Hit(*row) for row in rows]
            ((folded,),) = cursor.execute(f"select {FOLD_SQL.format(text='?::varchar')}", [text]).fetchall()
            hits = [hit for kind in kinds for hit in _OfKind(cursor, kind).find(folded, limit)] if folded else []
        return sorted(hits, key=lambda hit: (-hit.score, -hit.spellings, hit.entity_id))[:limit]


def open_search(settings: Settings) -> Search:
    """Open the names of all entities; builds the index first where it is missing, outdated or damaged.

    Raises:
        RegistryError: the registry itself is damaged.
        OSError: the index cannot be written.
    """
    return Search(settings)


class _OfKind:
    """One search among the parties of one kind."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, kind: str) -> None:
        self._cursor = cursor
        self._kind = kind

    def find(self, folded: str, limit: int) -> list[Hit]:
        scores = self._compare(folded, self._gather(folded))
        bound = {"text_ids": list(scores), "scores": list(scores.values()), "limit": limit}
        return [Hit(*row) for row in self._query(_ENTITIES, bound)] if scores else []

    def _gather(self, folded: str) -> dict[int, str]:
        """Return the names that share most trigrams, weighted by rarity, with their numbers."""
        rows = self._query(_WEIGHTS, {"folded": folded, "kind": self._kind})
        used = []
        entries = 0
        for number, (trigram, texts, weight) in enumerate(rows):
            entries += texts
            if number >= FEWEST and entries > ENTRIES_READ:
                break
            used.append((trigram, weight))
        if not used:  # no entity of this kind
            return {}
        trigrams, weights = [list(column) for column in zip(*used, strict=True)]
        bound = {"kind": self._kind, "size": len(rows), "least": NEAR_BEST, "limit": GATHERED}
        return dict(self._query(_GATHER, {"trigrams": trigrams, "weights": weights, **bound}))

    def _compare(self, folded: str, names: Mapping[int, str]) -> dict[int, float]:
        """Return the likeness of names to the text, from `LEAST` on."""
        if not names:
            return {}
        asked = folded.split()
        words = {word: number for number, word in enumerate({word for name in names.values() for word in name.split()})}
        likeness = _word_likeness(asked, list(words))
        rarity = dict(self._query(_RARITY, {"words": [*words, *asked], "kind": self._kind}))
        weights = np.array([rarity[word] for word in asked])
        joined = [name.replace(" ", "") for name in names.values()]
        whole = process.cdist([folded.replace(" ", "")], joined, scorer=fuzz.ratio)[0] / 100
        scores = {}
        for (text_id, name), ratio in zip(names.items(), whole.tolist(), strict=True):
            held = name.split()
            part = likeness[:, [words[word] for word in held]]
            of_asked = float((part.max(axis=1) * weights).sum() / weights.sum())
            held_weights = np.array([rarity[word] for word in held])
            of_name = float((part.max(axis=0) * held_weights).sum() / held_weights.sum())
            by_words = (1 - OF_NAME) * of_asked + OF_NAME * of_name
            score = 1.0 if name == folded else min(0.999, max(by_words, ratio * 0.97))
            if score >= LEAST:
                scores[text_id] = round(score, 3)
        return scores

    def _query(self, query: str, bound: dict[str, Any]) -> list[tuple[Any, ...]]:
        return self._cursor.execute(query, bound).fetchall()


def _word_likeness(asked: Sequence[str], words: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the likeness of each word asked for to each word of names: by typing errors, or as its beginning."""
    likeness: npt.NDArray[np.float32] = process.cdist(
        asked, words, scorer=OSA.normalized_similarity, score_cutoff=LIKE_WORD, dtype=np.float32
    )
    for row, word in enumerate(asked):
        if len(word) > 2:
            begun = [number for number, other in enumerate(words) if other != word and other.startswith(word)]
            likeness[row, begun] = np.maximum(likeness[row, begun], BEGUN)
    return likeness


_COLUMNS: Final = "entity.entity_id, entity.party_kind, entity.entity_name, entity.role, entity.group_id"
_BY_ID: Final = f"""
with recursive chain as (
    select * from entity where entity_id = $id and list_contains($kinds, party_kind)
    union
    select entity.* from chain inner join entity on chain.merged_into = entity.entity_id
)
select {_COLUMNS}, $id, '', 0, 1.0::double from chain as entity where merged_into is null
"""
_WEIGHTS: Final = f"""
select
    asked.trigram,
    coalesce(frequency.texts, 0) as texts,
    ln(1 + kind_size.texts / (coalesce(frequency.texts, 0) + 1.0)) as weight
from (select unnest({TRIGRAMS_SQL.format(text="$folded")}) as trigram) as asked
inner join kind_size on kind_size.party_kind = $kind
left join frequency on asked.trigram = frequency.trigram and frequency.party_kind = $kind
order by weight desc, asked.trigram
"""
_RARITY: Final = f"""
-- the mean of its trigrams; a short word says less than its trigrams do
select word, avg(ln(1 + kind_size.texts / (coalesce(frequency.texts, 0) + 1.0))) * (0.4 + 0.1 * least(length(word), 6))
from (
    select word, unnest({TRIGRAMS_SQL.format(text="word")}) as trigram
    from (select distinct unnest($words) as word)
) as asked
inner join kind_size on kind_size.party_kind = $kind
left join frequency on asked.trigram = frequency.trigram and frequency.party_kind = $kind
group by word
"""
_GATHER: Final = """
with asked as (
    select unnest($trigrams) as trigram, unnest($weights) as weight
),
shared as (
    select trigram.text_id, sum(asked.weight) as weight
    from trigram
    inner join asked on trigram.trigram = asked.trigram
    where trigram.party_kind = $kind
    group by trigram.text_id
),
likely as (
    select text_id, weight, max(weight) over () as best
    from shared
    qualify weight >= $least * best
)
select text.text_id, text.text
from likely
inner join text on likely.text_id = text.text_id
-- of names that share as much, those of the length of the text
order by likely.weight - 0.02 * likely.best * abs(text.trigrams - $size) / $size desc, text.text_id
limit $limit
"""
_ENTITIES: Final = f"""
with scored as (
    select unnest($text_ids) as text_id, unnest($scores) as score
),
matched as (
    select
        bearer.entity_id,
        scored.score,
        -- the entity's own name counts where no name variant has it
        arg_min(bearer.raw_name, bearer.spelling_id) filter (spelling_id > 0) as raw_name,
        arg_min(bearer.raw_address, bearer.spelling_id) filter (spelling_id > 0) as raw_address,
        count(*) filter (spelling_id > 0) as variants,
        any_value(bearer.raw_name) as own_name
    from scored
    inner join bearer on scored.text_id = bearer.text_id
    group by bearer.entity_id, scored.text_id, scored.score
    qualify row_number() over (partition by bearer.entity_id order by scored.score desc, scored.text_id) = 1
)
select
    {_COLUMNS},
    coalesce(matched.raw_name, matched.own_name),
    coalesce(matched.raw_address, ''),
    greatest(matched.variants, 1) as variants,
    matched.score
from matched
inner join entity on matched.entity_id = entity.entity_id
where entity.status = 'live'
order by matched.score desc, variants desc, entity.entity_id
limit $limit
"""
