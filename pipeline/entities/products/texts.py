"""Cargo texts as words, the bills that teach what they mean, and the cases to be judged.

A text is the set of its words of letters. Figures are left out: order numbers carry no information, and a code in the
text would give away the answer. So are the marks that hide personal data, and what follows ATTN or MR; and only
words that several suppliers use are learned, which no person's name is.
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
LEAST_SUPPLIERS: Final = 3
"""Suppliers that must use a word. Names of brands and persons stay with one or two."""
TEXTS_OF_SUPPLIER: Final = 40
"""Different texts of one supplier that are learned from: its set phrases must not outvote other suppliers."""
TEXTS_OF_HEADING: Final = 300
"""Texts of one heading: more did not make it better known, and cost time with the number of headings."""
WEEKS: Final = 156
"""Weeks before the newest one whose bills are judged and learned from."""


@dataclass(frozen=True)
class Examples:
    """Texts of bills with one code, one entry each.

    Attributes:
        words: words in alphabetical order, joined by blanks.
        hs4: heading of the code.
        source: of the code.
        supplier: id of the supplier.
        cases: different texts and suppliers with this heading for each of its examples.
    """

    words: list[str]
    hs4: list[str]
    source: list[str]
    supplier: list[str]
    cases: list[float]


def make_cases(connection: duckdb.DuckDBPyConnection, codes: str = "asof_code") -> None:
    """Make the temporary tables of what is judged from `codes`, one row a bill and code.

    `product_case` has one row for each text_key, supplier_id (empty: none), hs_source and hs4 (empty: none) with its
    wording_no; `wording` has one row for each different set of words; `product_example` has those with one code.
    """
    connection.execute(f"""
        create or replace temp table goods_case as
        select
            text_key,
            coalesce(supplier_id, '') as supplier_id,
            supplier_visibility = 'named' as is_named,
            hs_source,
            coalesce(hs4, '') as hs4,
            max(codes) as codes,
            min(description) as description
        from {codes}
        where week_start_date > (select max(week_start_date) - {7 * WEEKS} from {codes})
        group by all
    """)
    connection.execute(f"""
        create or replace temp table goods_text as
        select text_key, coalesce(array_to_string(list_sort({WORDS_SQL.format(text="description")}), ' '), '') as words
        from (select text_key, min(description) as description from goods_case group by text_key)
    """)
    connection.execute("""
        create or replace temp table wording as
        select row_number() over (order by words) - 1 as wording_no, words
        from (select distinct words from goods_text)
    """)
    connection.execute("""
        create or replace temp table product_case as
        select goods_case.*, wording.wording_no, wording.words
        from goods_case
        inner join goods_text using (text_key)
        inner join wording using (words)
    """)
    connection.execute("""
        create or replace temp table product_example as
        select distinct supplier_id, hs4, hs_source, words
        from product_case
        where is_named and supplier_id <> '' and hs4 <> '' and codes = 1 and words <> ''
    """)


def make_named_examples(connection: duckdb.DuckDBPyConnection, named: Any) -> None:
    """Make `product_example` of the texts in `named` (wording_no, hs4), the headings as codes of the source `named`."""
    connection.register("named", named)
    connection.execute("""
        create or replace temp table product_example as
        select distinct cases.supplier_id, named.hs4, 'named' as hs_source, cases.words
        from product_case as cases
        inner join named using (wording_no)
        where cases.is_named and cases.supplier_id <> '' and cases.hs4 = ''
    """)
    connection.unregister("named")


def read_examples(connection: duckdb.DuckDBPyConnection) -> Examples:
    """The texts of `product_example`, some of each supplier and heading, in an order that follows from them."""
    rows = connection.execute(f"""
        with drawn as (
            select *, md5(concat_ws('|', supplier_id, hs4, hs_source, words)) as draw,
                count(*) over (partition by hs4) as cases_of_heading
            from product_example
        ),
        of_supplier as (
            select * from drawn
            qualify row_number() over (partition by supplier_id order by draw) <= {TEXTS_OF_SUPPLIER}
        ),
        examples as (
            select * from of_supplier
            qualify row_number() over (partition by hs4 order by reverse(draw)) <= {TEXTS_OF_HEADING}
        ),
        used as (select supplier_id, unnest(string_split(words, ' ')) as word from examples),
        common as (
            select word from used group by word having count(distinct supplier_id) >= {LEAST_SUPPLIERS}
        ),
        known as (
            select
                examples.supplier_id, examples.hs4, examples.hs_source, examples.words, examples.cases_of_heading,
                string_agg(split.word, ' ' order by split.word) as text
            from examples, unnest(string_split(examples.words, ' ')) as split (word)
            where split.word in (select word from common)
            group by all
        )
        select distinct text, hs4, hs_source, supplier_id, cases_of_heading / count(*) over (partition by hs4) as cases
        from known
        order by text, hs4, hs_source, supplier_id
    """).fetchall()
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], [], []]
    return Examples(*columns)


def wordings(connection: duckdb.DuckDBPyConnection, at_once: int) -> Iterator[tuple[int, list[str]]]:
    """Parts of the wordings in order of their numbers (the first one, their words), with no query between them."""
    found = connection.execute("select words from wording order by wording_no")
    first = 0
    while rows := found.fetchmany(at_once):
        yield first, [row[0] for row in rows]
        first += len(rows)
