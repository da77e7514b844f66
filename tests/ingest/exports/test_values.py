import duckdb
import pytest

from pipeline.ingest.exports.reading.files import ExportError
from pipeline.ingest.exports.rows import cells


def one(sql, value):
    with duckdb.connect() as connection:
        return connection.execute(f"select {sql} from (select cast($1 as varchar) as cell)", [value]).fetchone()[0]


@pytest.mark.parametrize("value", ["", " - ", "NULL", "n/a", "Not Available", "NC"])
def test_words_for_nothing_are_null(value):
    assert one(cells.cleaned("cell", ("NC",)), value) is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("A &amp; B", "A & B"), ("<b>GLAZED</b> TILES", "GLAZED TILES"), ("ONE<br>TWO", "ONE\nTWO"), ("A < B", "A < B")],
)
def test_highlights_and_entities_are_read(value, shown):
    assert one(cells.cleaned("cell"), value) == shown


@pytest.mark.parametrize(
    ("value", "comma", "number"),
    [
        (" $7,833,000.00 ", False, 7833000),
        ("1.234,5", True, 1234.5),
        ("13,505", False, 13505),
        ("1.2E+3", False, 1200),
        ("x", False, None),
    ],
)
def test_numbers_lose_their_marks(value, comma, number):
    found = one(cells.number("cell", comma), value)
    assert (None if found is None else float(found)) == number


@pytest.mark.parametrize(
    ("values", "is_comma"), [(["1.234,5", "12,25"], True), (["1,234", "12.5"], False), (["1,234"], False)]
)
def test_decimal_comma_is_decided_by_the_column(values, is_comma):
    with duckdb.connect() as connection:
        connection.execute("create table t as select unnest($1::varchar[]) as cell", [values])
        assert cells.decimal_commas(connection, "t", ["cell"]) == ({"cell"} if is_comma else set())


def dates(values, known=None, asked=None):
    with duckdb.connect() as connection:
        connection.execute("create table t as select unnest($1::varchar[]) as cell", [values])
        form = cells.date_form(connection, "t", ["cell"], known, asked)
        return [
            str(day) if day else None
            for (day,) in connection.execute(f"select {cells.date_of('cell', form)} from t").fetchall()
        ]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["2025-06-19", "2025-06-20 00:00:00"], ["2025-06-19", "2025-06-20"]),
        (["8/15/2023", "8/1/2023"], ["2023-08-15", "2023-08-01"]),
        (["15.8.2023", "1.8.2023"], ["2023-08-15", "2023-08-01"]),
        (["19-Jun-2025", "Jun 20, 2025"], ["2025-06-19", "2025-06-20"]),
        (["45827", "x"], ["2025-06-19", None]),
        (["2025-03-28T18:30:00.000Z", "2025-03-29T18:30:00.000Z"], ["2025-03-29", "2025-03-30"]),
        (["2025-03-28T05:00:00Z", "2025-11-28T06:00:00Z"], ["2025-03-28", "2025-11-28"]),
    ],
)
def test_dates_are_read_in_the_order_of_the_file(values, found):
    assert dates(values) == found


def test_ambiguous_dates_are_refused_unless_an_order_is_known_or_given():
    with pytest.raises(ExportError, match="--dates dmy"):
        dates(["8/8/2023", "7/6/2023"])
    assert dates(["7/6/2023"], asked="dmy") == ["2023-06-07"]
    assert dates(["7/6/2023"], known="mdy") == ["2023-07-06"]


def test_two_orders_in_one_column_are_refused():
    with pytest.raises(ExportError, match="two orders"):
        dates(["15/8/2023", "8/15/2023"])


def test_order_that_does_not_fit_is_refused():
    with pytest.raises(ExportError, match="does not fit"):
        dates(["8/15/2023"], asked="dmy")
