"""SQL that only DuckDB understands is in macros/adapters/ alone."""

from __future__ import annotations

import re

import pytest

from pipeline.project_files import DBT_PROJECT

ADAPTERS = DBT_PROJECT / "macros" / "adapters"
CONSTRUCTS = {
    "files read in place": r"\b(read_(parquet|json|csv)\w*|glob)\s*\(",
    "macros of one engine": r"\b(duckdb|spark)__",
    "columns left out of or replaced in a star": r"\*\s*(exclude|replace)\b|\bcolumns\s*\(",
    "a query that begins with from": r"\(\s*from\b",
    "operators": r"//|<<|>>|::",
    "entries of an array by position": r"\w\[\d+\]",
    "arrays": r"\b(list|array)_\w+\s*\(|\bunnest\s*\(|\blambda\b",
    "aggregates": r"\b(arg_m(ax|in)(_null)?|quantile(_cont|_disc)?|histogram|mode)\s*\(",
    "regular expressions and parts of texts": r"\b(regexp_\w+|string_split\w*|str_split\w*|format|printf)\s*\(",
    "dates": r"\b(strftime|strptime|date_diff|datediff|epoch\w*|make_date)\s*\(|\bcurrent_date\b",
    "digests and likeness": r"\b(md5_number\w*|sha256|hash|jaro\w*|levenshtein)\s*\(",
    "json": r"\b(to_json|json_\w+)\s*\(",
    "clauses": r"\bqualify\b|\basof\b|\b(group|order) by all\b|\bas (not )?materialized\b",
    "row numbers of the store": r"\browid\b",
}
"""What Spark SQL lacks or reads otherwise, by name."""
NO_SQL = re.compile(r"{%.*?%}|{#.*?#}|'[^'\n]*'|--[^\n]*", re.DOTALL)
"""Statements of Jinja, comments and texts, which may read like a construct."""
OUR_MACROS = re.compile(r"\b(json_of|words_of)\b")


def constructs_in(sql: str) -> list[str]:
    plain = OUR_MACROS.sub(" ", NO_SQL.sub(" ", sql))
    return [name for name, pattern in CONSTRUCTS.items() if re.search(pattern, plain, re.IGNORECASE)]


def test_no_other_file_has_sql_of_one_engine() -> None:
    files = [path for path in DBT_PROJECT.rglob("*.sql") if not path.is_relative_to(ADAPTERS)]
    assert len(files) > 100
    found = {str(path.relative_to(DBT_PROJECT)): constructs_in(path.read_text(encoding="utf-8")) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("select * from read_parquet(files)", "files read in place"),
        ("select * exclude (place) from ranked", "columns left out of or replaced in a star"),
        ("select words[1] from counted", "entries of an array by position"),
        ("select arg_max(a, b) from c", "aggregates"),
        ("select week // 2 from c", "operators"),
        ("bought as materialized (select 1)", "clauses"),
    ],
)
def test_a_construct_is_found(sql: str, name: str) -> None:
    assert constructs_in(sql) == [name]


def test_the_adapter_macros_have_what_models_must_not() -> None:
    assert constructs_in("".join(path.read_text(encoding="utf-8") for path in ADAPTERS.glob("*.sql")))
