"""For every rule a release that breaks it: a good one, changed in one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.ingest.formats.ams import TABLES
from tests.quality.staging import BILLS

SEVENTH = "identifier::varchar like '________7'"
EIGHTEENTH = "identifier::varchar like '________18'"
"""One bill: its row number follows the eight digits of the day. The eighteenth has a row in every table."""


@dataclass(frozen=True, eq=False)
class Breaker:
    """What is changed in a good release, and what must come of it.

    Attributes:
        measure: the measure whose rule is broken.
        fails: the checks that must fail, and no others: "<table> <suite> <block|warn>"; the rule is of the first.
        sql: run on the tables of the release.
        recorded: what `load.json` records of a table instead of the truth.
        without: a table that is not delivered.
        bills: bills of the release.
        usual: rows that the journal records for each of the trailing weeks, by table.
        before: rows that the journal records for the load of this very day, by table.
    """

    measure: str
    fails: tuple[str, ...]
    sql: str = ""
    recorded: dict[str, dict[str, int | None]] = field(default_factory=dict)
    without: str | None = None
    bills: int = BILLS
    usual: dict[str, int] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.measure}: {self.fails[0]}"


def _quarantine(table: str, rows: int) -> str:
    return f"insert into quarantine select '{table}', 'too_few_columns' from range({rows})"


def _orphans(table: str, rows: int) -> str:
    return (
        f"insert into {table} by name select (identifier::varchar || '999')::bigint as identifier, "
        f"* exclude (identifier) from {table} limit {rows}"
    )


def _structure() -> Iterable[Breaker]:
    yield Breaker("required_tables_absent", ("release completeness block",), without="consignee")
    yield Breaker("bills", ("release completeness warn",), bills=0)
    yield Breaker(
        "usual_tables_absent", ("release completeness warn",), without="container", usual={"container": BILLS}
    )
    yield Breaker("columns", ("tariff schema block",), "alter table tariff drop column harmonized_number")
    yield Breaker("columns", ("header schema block",), "alter table header alter weight type double")
    yield Breaker("columns", ("shipper schema block",), "alter table shipper add column contact_name varchar")
    yield Breaker(
        "rows_unaccounted",
        ("header conservation block",),
        recorded={"header": {"rows_in": BILLS + 1, "rows_declared": None}},
    )
    fewer: dict[str, int | None] = {"rows_in": BILLS - 1, "rows_loaded": BILLS - 1, "rows_declared": BILLS - 1}
    yield Breaker("rows_not_staged", ("cargodesc conservation block",), recorded={"cargodesc": fewer})
    aside: dict[str, int | None] = {"rows_in": BILLS + 1, "rows_quarantined": 1, "rows_declared": BILLS + 1}
    yield Breaker("rows_not_quarantined", ("billgen conservation block",), recorded={"billgen": aside})
    yield Breaker(
        "rows_beyond_manifest", ("tariff conservation block",), recorded={"tariff": {"rows_declared": BILLS + 10}}
    )
    yield Breaker("quarantined", ("header conservation warn",), _quarantine("header", 35))
    yield Breaker("quarantined", ("header conservation block", "header conservation warn"), _quarantine("header", 100))


def _keys() -> Iterable[Breaker]:
    one = f"where {SEVENTH}"
    yield Breaker("missing_keys", ("billgen keys block",), f"update billgen set master_bol_number = null {one}")
    yield Breaker("missing_keys", ("header keys block",), f"update header set record_status_indicator = null {one}")
    yield Breaker(
        "sampled_identifier", ("hazmatclass keys block",), "insert into hazmatclass (identifier) values (19991231)"
    )
    second = "insert into header by name select * replace (weight + 1 as weight) from header limit"
    yield Breaker("conflicting_identifiers", ("header keys warn",), f"{second} 1")
    yield Breaker("conflicting_identifiers", ("header keys block", "header keys warn"), f"{second} 40")
    earlier = "update billgen set run_date = run_date - 1 where"
    yield Breaker("identifiers_off_run_date", ("billgen keys warn",), f"{earlier} {SEVENTH}")
    yield Breaker(
        "identifiers_off_run_date", ("billgen keys block", "billgen keys warn"), f"{earlier} identifier % 10 = 7"
    )
    for child in TABLES:
        if child not in ("header", "hazmat", "hazmatclass"):
            yield Breaker("orphans", (f"{child} links warn",), _orphans(child, 40))
    yield Breaker("orphans", ("tariff links block", "tariff links warn"), _orphans("tariff", 200))
    for child in ("hazmat", "hazmatclass"):
        yield Breaker("orphans", (f"{child} links block", f"{child} links warn"), _orphans(child, 45))
    gone = "delete from billgen where"
    yield Breaker("headers_without_billgen", ("header links warn",), f"{gone} identifier % 10 = 7")
    yield Breaker("headers_without_billgen", ("header links block", "header links warn"), f"{gone} identifier % 2 = 1")


def _values() -> Iterable[Breaker]:
    after = "update billgen set run_date = run_date +"
    yield Breaker(
        "run_dates_after_release",
        ("billgen dates warn", "billgen keys warn"),
        f"{after} 1 where {SEVENTH}",
    )
    yield Breaker(
        "run_dates_in_future",
        ("billgen dates block", "billgen dates warn", "billgen keys warn"),
        f"{after} 2 where {SEVENTH}",
    )
    yield Breaker(
        "old_run_dates",
        ("billgen dates warn", "billgen keys block", "billgen keys warn"),
        f"{after} -401 where identifier % 10 = 7",
    )
    no_arrival = "update header set estimated_arrival_date = null"
    yield Breaker("missing_arrivals", ("header dates warn",), f"{no_arrival} where identifier % 4 = 1")
    yield Breaker("missing_arrivals", ("header dates block", "header dates warn"), no_arrival)
    far_off = "update header set estimated_arrival_date = estimated_arrival_date +"
    yield Breaker("suspect_arrivals", ("header dates warn",), f"{far_off} 118 where identifier % 10 = 7")
    yield Breaker("suspect_arrivals", ("header dates block", "header dates warn"), f"{far_off} -404")
    status = "update header set record_status_indicator = 'SUPERSEDED' where"
    yield Breaker("record_status_indicator", ("header codes warn",), f"{status} {SEVENTH}")
    yield Breaker("unknown_status", ("header codes block", "header codes warn"), f"{status} identifier % 10 = 7")
    bill_type = "update billgen set bill_type_code = null where"
    yield Breaker("bill_type_code", ("billgen codes warn",), f"{bill_type} {SEVENTH}")
    yield Breaker(
        "unknown_bill_type", ("billgen codes block", "billgen codes warn"), f"{bill_type} identifier % 10 = 7"
    )
    unit = "update header set weight_unit = 'Stones' where"
    yield Breaker("weight_unit", ("header weights warn",), f"{unit} {SEVENTH}")
    yield Breaker("unknown_weight_unit", ("header weights block", "header weights warn"), f"{unit} identifier % 4 = 1")
    yield Breaker("missing_weights", ("header weights warn",), "update header set weight = 0 where identifier % 2 = 1")
    yield Breaker("missing_weights", ("header weights block", "header weights warn"), "update header set weight = null")
    negative = "update header set weight = -weight where"
    yield Breaker("negative_weights", ("header weights warn",), f"{negative} {SEVENTH}")
    yield Breaker(
        "negative_weights", ("header weights block", "header weights warn"), f"{negative} identifier % 10 = 7"
    )
    yield Breaker(
        "enormous_weights",
        ("header weights warn",),
        f"update header set weight = 5e8 where {SEVENTH}",
    )
    for table, name in (("shipper", "shipper_party_name"), ("consignee", "consignee_name")):
        blank = f"update {table} set {name} = ' '"
        yield Breaker("unnamed_bills", (f"{table} parties warn",), f"{blank} where identifier % 4 <> 2")
        yield Breaker("unnamed_bills", (f"{table} parties block", f"{table} parties warn"), blank, bills=800)
        all_named = f"insert into {table} (identifier, {name}) select identifier, 'A' from header"
        yield Breaker("unnamed_bills", (f"{table} parties warn",), f"delete from {table}; {all_named}")


def _volumes() -> Iterable[Breaker]:
    yield Breaker("rows_against_weeks", ("tariff volumes warn",), usual={"tariff": 5 * BILLS})
    yield Breaker("rows_against_weeks", ("tariff volumes warn",), usual={"tariff": BILLS // 4})
    yield Breaker(
        "rows_against_weeks_of_year",
        ("tariff volumes block", "tariff volumes warn"),
        usual={"tariff": 20 * BILLS},
    )
    yield Breaker("rows_against_last_load", ("tariff volumes warn",), before={"tariff": BILLS + 1})
    yield Breaker(
        "rows_against_last_load", ("tariff volumes block", "tariff volumes warn"), before={"tariff": 20 * BILLS}
    )


def _privacy() -> Iterable[Breaker]:
    columns = {name: table.free_text[0] for name, table in TABLES.items() if table.free_text}
    for table, column in columns.items():
        swept = f"update {table} set {column} = 'WRITE TO [withheld]' where {EIGHTEENTH}"
        yield Breaker("withheld_texts", (f"{table} privacy warn",), swept)
    for text in ("TEL: +1 (555) 010-1234", "fax 5550101234", "EIN 12-3456789", "SSN: 123-45-6789"):
        phone = f"update hazmat set hazmat_description = 'ASK {text} NOW' where {EIGHTEENTH}"
        yield Breaker("sampled_personal_texts", ("hazmat privacy warn",), phone)


BREAKERS = (*_structure(), *_keys(), *_values(), *_volumes(), *_privacy())
