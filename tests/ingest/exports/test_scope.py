from datetime import date

import pytest

from pipeline.ingest.exports.scope import ScopeError, parse_scope, scope_of


def many(count, **columns):
    return [
        {"Bill of Lading Number": f"ABCD{number}", **{name: value(number) for name, value in columns.items()}}
        for number in range(count)
    ]


def other_buyers(number):
    return f"BUYER{'ABCDEFGH'[number % 8]} INC\n1 STREET"


@pytest.fixture
def of_one_supplier(panjiva):
    rows = many(8, **{"Consignee (Original Format)": other_buyers, "Consignee": other_buyers})
    return lambda name="export.csv": panjiva(*rows, name=name)


def test_one_shipper_in_all_rows_is_a_suppliers_export(of_one_supplier, read):
    scope = scope_of(read(of_one_supplier())[0].scope)
    assert (scope.kind, scope.value, scope.complete, scope.guessed) == ("supplier", "ACME TILES", True, True)


def test_one_shipper_and_one_consignee_show_no_scope(panjiva, read):
    assert scope_of(read(panjiva(*many(8)))[0].scope).kind == "none"


def test_given_scope_wins_and_names_the_firms_variants(of_one_supplier, read):
    export, _ = read(of_one_supplier(), scope=parse_scope('buyer="BUYERA"'))
    assert export.scope["names"] == ["BUYERA INC"]


def test_scope_of_a_firm_that_is_not_in_the_file_is_refused(of_one_supplier, read):
    with pytest.raises(ScopeError, match="no shipper"):
        read(of_one_supplier(), scope=parse_scope('supplier="NOBODY"'))


@pytest.mark.parametrize(("name", "complete"), [("results_1_to_8_of_8.csv", True), ("results_1_to_8_of_9.csv", False)])
def test_file_name_says_whether_a_result_was_cut(name, complete, of_one_supplier, read):
    assert scope_of(read(of_one_supplier(name))[0].scope).complete is complete


def test_result_of_exactly_the_vendors_cap_is_not_complete(of_one_supplier, read, monkeypatch):
    from pipeline.ingest.exports.reading import recognise

    capped = [item.model_copy(update={"caps": (8,)}) for item in recognise.built_in()]
    monkeypatch.setattr("pipeline.ingest.exports.importing.built_in", lambda: capped)
    assert not scope_of(read(of_one_supplier())[0].scope).complete


def test_one_heading_in_all_rows_is_a_products_export(panjiva, read):
    rows = many(
        8,
        **{
            "Consignee (Original Format)": other_buyers,
            "Shipper (Original Format)": lambda n: f"MILL{'ABCDEFGH'[n]} CO",
        },
    )
    scope = scope_of(read(panjiva(*rows, without=["Shipper", "Consignee"]))[0].scope)
    assert (scope.kind, scope.value) == ("product", "6907")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ('supplier="A, B"', "supplier", "A, B"),
        ("product=6907.21", "product", "690721"),
        ("all", "all", ""),
        ("lane=CN,from=2024-01-01", "lane", "CN"),
    ],
)
def test_scopes_are_read(text, kind, value):
    scope = parse_scope(text)
    assert (scope.kind, scope.value) == (kind, value)


def test_dates_of_a_scope_are_read():
    scope = parse_scope('supplier="A",from=2024-01-01,to=2025-06-30')
    assert (scope.first, scope.last) == (date(2024, 1, 1), date(2025, 6, 30))


@pytest.mark.parametrize("text", ["", "supplier", "shoe=3", "all,none", "product=x", "all,from=soon"])
def test_other_scopes_are_refused(text):
    with pytest.raises(ScopeError):
        parse_scope(text)
