"""Cargo texts as words: those of bills with a code, to learn from, and those without one, to predict.

A text is the set of its words of letters. Figures are left out: order numbers carry no information, and a code in the
text would give away the answer. So are the marks that hide personal data, and what follows ATTN or MR; and only
words that several suppliers use are kept, which no person's name is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb

WORDS_SQL: Final = (
    r"list_distinct(regexp_extract_all(upper(regexp_replace({text}, '(?i)\[[a-z ]+\]"
    r"|\b(?:ATTN|ATTENTION|MRS?|MISS)\b[ .:]*\pL*(?: \pL+)?|\b\pL*[0-9][\pL0-9]*', ' ', 'g')), '\pL{{3,}}'))"
)
"""Different words of a text, as the dbt macro `words_of` has them."""
KEY_SQL: Final = "cast(md5_number_lower({text}) >> 1 as bigint)"
"""A text's key, as the dbt macro `key_of` has it."""
LEAST_SUPPLIERS: Final = 3
"""Suppliers that must use a word. Names of brands and persons stay with one or two."""
WORDS_AT_ONCE: Final = 100_000
"""Different texts that are held in memory."""
LETTERS_READ: Final = 400
"""Letters of a text that are read: what is traded stands first."""
BILLS_OF_SUPPLIER: Final = 40
"""Bills of one supplier that are learned from: its set phrases must not outvote other suppliers."""
BILLS_OF_HEADING: Final = 300
"""Bills of one heading: more did not make it better known, and cost time with the number of headings."""


@dataclass(frozen=True)
class Texts:
    """Where bills and their products are read from.

    Attributes:
        bills: a table with identifier, supplier_id, supplier_visibility, week_start_date, description.
        products: a table with identifier, shipment_id, hs4, hs_source.
        weeks: weeks before the newest one whose bills are read.
    """

    bills: str = "asof_shipment"
    products: str = "asof_product"
    weeks: int = 156


NIGHTLY: Final = Texts("fct_shipment", "fct_shipment_product")
"""The tables of a night, for measuring without a closed week."""


@dataclass(frozen=True)
class Examples:
    """Texts whose heading is known, one entry each.

    Attributes:
        words: words in alphabetical order, joined by blanks.
        hs4: heading of each.
        supplier: id of the supplier of each.
    """

    words: list[str]
    hs4: list[str]
    supplier: list[str]

    def rows(self, chosen: Any) -> Examples:
        """Those for which `chosen` (one truth each) holds."""
        kept = [row for row, keep in enumerate(chosen) if keep]
        return Examples(
            [self.words[row] for row in kept], [self.hs4[row] for row in kept], [self.supplier[row] for row in kept]
        )


def read_examples(connection: duckdb.DuckDBPyConnection, texts: Texts) -> Examples:
    """Different texts of named suppliers' bills with one heading, in an order that follows from the texts alone.

    Bills are drawn by their ids, so many of a supplier and of a heading, before any text is read.
    """
    rows = connection.execute(f"""
        with {_described(texts)},
        coded as (
            select identifier, min(hs4) as hs4, min(shipment_id) as shipment_id
            from {texts.products}
            where hs_source <> 'text_model'
            group by identifier
            having count(distinct hs4) = 1 and count(hs4) = count(*)
        ),
        candidates as (
            select
                coded.hs4,
                coded.identifier,
                described.supplier_id,
                {_draw("coded.shipment_id", 1)} as draw,
                {_draw("coded.shipment_id", 9)} as second_draw,
                count(*) over (partition by described.supplier_id) as bills_of_supplier
            from described inner join coded on described.identifier = coded.identifier
            where described.supplier_visibility = 'named'
        ),
        drawn as (
            select *, count(*) over (partition by hs4) as bills_of_heading
            from candidates
            where draw * bills_of_supplier < {BILLS_OF_SUPPLIER}
        ),
        examples as (
            select distinct drawn.supplier_id, drawn.hs4, {_words("described.description")} as words
            from drawn inner join described on drawn.identifier = described.identifier
            where drawn.second_draw * drawn.bills_of_heading < {BILLS_OF_HEADING}
        ),
        common as (
            select word
            from (select supplier_id, unnest(words) as word from examples)
            group by word
            having count(distinct supplier_id) >= {LEAST_SUPPLIERS}
        ),
        known as (
            select supplier_id, hs4, words, string_agg(word, ' ' order by word) as text
            from (select supplier_id, hs4, words, unnest(words) as word from examples)
            where word in (select word from common)
            group by supplier_id, hs4, words
        )
        select distinct text, hs4, supplier_id from known order by text, hs4, supplier_id
    """).fetchall()
    words, hs4, supplier = zip(*rows, strict=True) if rows else ((), (), ())
    return Examples(list(words), list(hs4), list(supplier))


def make_unknown(connection: duckdb.DuckDBPyConnection, texts: Texts) -> int:
    """Make the temporary table `unknown_text` of texts without a heading; returns how many there are.

    Its columns are `text_key` and `words`, as in `Examples`.
    """
    connection.execute(f"""
        create or replace temp table unknown_text as
        with {_described(texts)},
        unknown as (
            select distinct identifier from {texts.products} where hs4 is null or hs_source = 'text_model'
        )
        select distinct
            {KEY_SQL.format(text="described.description")} as text_key,
            array_to_string(list_sort({_words("described.description")}), ' ') as words
        from described inner join unknown on described.identifier = unknown.identifier
    """)
    (count,) = connection.execute("select count(*) from unknown_text").fetchone() or (0,)
    return int(count)


def unknown_words(connection: duckdb.DuckDBPyConnection) -> Iterator[list[str]]:
    """Different words of the texts in `unknown_text`, in order and in parts, with no query between them."""
    found = connection.execute("select distinct words from unknown_text order by words")
    while rows := found.fetchmany(WORDS_AT_ONCE):
        yield [row[0] for row in rows]


def _described(texts: Texts) -> str:
    """CTE `described`: bills of the weeks that have a text."""
    return f"""
        newest as (select max(week_start_date) as week_start_date from {texts.bills}),
        described as (
            select identifier, supplier_id, supplier_visibility, description
            from {texts.bills}
            where
                description is not null
                and week_start_date > (select week_start_date - {7 * texts.weeks} from newest)
        )
    """


def _words(text: str) -> str:
    return WORDS_SQL.format(text=f"left({text}, {LETTERS_READ})")


def _draw(hex_text: str, first: int) -> str:
    """A number in 0..1 from seven hex digits of an id, evenly spread and the same in every run."""
    return f"cast('0x' || substr({hex_text}, {first}, 7) as integer) / 268435456"
