"""Every quirk of real records is in the written files, in its proportion."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from pipeline.ingest.formats.ams import TABLES
from simulator import truth
from simulator.feed.facts import Facts
from simulator.feed.feed import runs_of_days
from simulator.feed.tables.header import billgen_lines
from simulator.world.bills import MASTER
from simulator.world.world import EMBEDDED, build
from tests.simulator.conftest import ReadBack

Share = Callable[[ReadBack], float]


def of_cargo(embedded: ReadBack) -> pd.DataFrame:
    """Deliveries but for masters."""
    deliveries = embedded.deliveries
    return deliveries[deliveries["bill_type_code"] != "Master Bill"]


def bills_with_status(status: str) -> Share:
    def share(embedded: ReadBack) -> float:
        deliveries = embedded.deliveries
        return (
            deliveries[deliveries["record_status_indicator"] == status]["bill"].nunique() / deliveries["bill"].nunique()
        )

    return share


def unnamed(table: str, column: str) -> Share:
    def share(embedded: ReadBack) -> float:
        rows = embedded.tables[table]
        named = rows[rows[column] != ""]["identifier"]
        return float((~of_cargo(embedded)["identifier"].isin(named)).mean())

    return share


def of_rows(table: str, test: Callable[[pd.DataFrame], pd.Series]) -> Share:
    return lambda embedded: float(test(embedded.tables[table]).mean())


def of_deliveries(test: Callable[[pd.DataFrame], pd.Series]) -> Share:
    return lambda embedded: float(test(embedded.deliveries).mean())


def of_addresses(table: str, prefix: str, pattern: str) -> Share:
    return lambda embedded: float(embedded.address(table, prefix).str.contains(pattern).mean())


def of_text(table: str, column: str, pattern: str) -> Share:
    return lambda embedded: float(embedded.tables[table][column].str.contains(pattern).mean())


def moved_arrival(embedded: ReadBack) -> float:
    """Amended bills that show more than one arrival date."""
    deliveries = embedded.deliveries
    versions = deliveries.groupby("bill")["arrival"].agg(["count", "nunique"])
    again = versions[versions["count"] > 1]
    return float((again["nunique"] > 1).mean())


def shared_boxes(embedded: ReadBack) -> float:
    """Boxes of house bills on which another bill's cargo travels too."""
    houses = embedded.deliveries.query("bill_type_code == 'House Bill'")
    boxes = embedded.tables["container"].merge(houses, on="identifier")
    return float((boxes.groupby(["container_number", "vessel_name", "voyage_number"])["bill"].nunique() > 1).mean())


def masters_before_and_after(embedded: ReadBack) -> float:
    """Masters that are delivered on another day than the first of their houses."""
    deliveries = embedded.deliveries
    first = deliveries.groupby(["master_bol_number", "bill_type_code"])["run_date"].min().unstack()
    both = first.dropna(subset=["Master Bill", "House Bill"])
    return float((both["Master Bill"] != both["House Bill"]).mean())


def house_cargo(embedded: ReadBack) -> float:
    cargo = of_cargo(embedded)
    return float((cargo["bill_type_code"] == "House Bill").mean())


def digits(rows: pd.DataFrame) -> pd.Series:
    return rows["harmonized_number"].str.removesuffix(".0").str.len()


SHARES: dict[str, tuple[Share, float, float]] = {
    "amended bills": (bills_with_status("Amended"), 0.13, 0.21),
    "deleted bills": (bills_with_status("Deleted"), 0.008, 0.025),
    "bills twice on one day": (of_deliveries(lambda d: d.duplicated(["bill", "run_date"])), 0.0003, 0.004),
    "amended bills with two arrival dates": (moved_arrival, 0.1, 0.4),
    "houses among cargo": (house_cargo, 0.08, 0.3),
    "masters": (of_deliveries(lambda d: d["bill_type_code"] == "Master Bill"), 0.05, 0.16),
    "masters on another day than their houses": (masters_before_and_after, 0.4, 0.95),
    "sub-houses": (of_deliveries(lambda d: d["sub_house_bol_number"] != ""), 0.0005, 0.01),
    "unnamed shippers": (unnamed("shipper", "shipper_party_name"), 0.08, 0.26),
    "unnamed consignees": (unnamed("consignee", "consignee_name"), 0.08, 0.26),
    "rows with a blank name": (of_rows("consignee", lambda r: r["consignee_name"] == ""), 0.005, 0.05),
    "to order": (of_text("consignee", "consignee_name", "^TO (?:THE )?ORDER"), 0.02, 0.1),
    "to order without a blank": (
        of_text("consignee", "consignee_name", "^TO ORDER[A-Z]"),
        0.0005,
        0.02,
    ),
    "to order of a bank": (
        of_text("consignee", "consignee_name", r"^TO ORDER OF .*\b(?:BANK|BANCO|BANKASI)\b"),
        0.001,
        0.04,
    ),
    "on behalf": (
        of_text("shipper", "shipper_party_name", " O/B OF | C/O | F/A/O | OBO | ON BEHALF OF | FOR ACCOUNT OF "),
        0.004,
        0.03,
    ),
    "names cut at 35": (of_rows("shipper", lambda r: r["shipper_party_name"].str.len() == 35), 0.03, 0.4),
    "same as consignee": (of_rows("notifyparty", lambda r: r["notify_party_name"] == "SAME AS CONSIGNEE"), 0.01, 0.1),
    "several notify parties": (
        lambda embedded: float((embedded.tables["notifyparty"].groupby("identifier").size() > 1).mean()),
        0.2,
        0.5,
    ),
    "country of shippers given": (of_rows("shipper", lambda r: r["country_code"] != ""), 0.15, 0.35),
    "sliced columns": (of_rows("consignee", lambda r: r["state_province"] == "EX"), 0.008, 0.06),
    "contact columns": (of_rows("consignee", lambda r: r["contact_name"] != ""), 0.05, 0.22),
    "phones in addresses": (of_addresses("shipper", "shipper_party", "555[- ).]{0,2}01"), 0.05, 0.3),
    "mail in addresses": (of_addresses("consignee", "consignee", "@|EMAIL"), 0.01, 0.15),
    "tax numbers in addresses": (
        of_addresses("consignee", "consignee", "EIN|SSN|TAX ID|CNPJ"),
        0.01,
        0.15,
    ),
    "personal data in cargo text": (
        of_text("cargodesc", "description_text", "555|@example"),
        0.004,
        0.04,
    ),
    "dates years off": (
        of_deliveries(lambda d: (pd.to_datetime(d["run_date"]) - d["arrival"]).dt.days.abs() > 300),
        0.0005,
        0.008,
    ),
    "no actual date": (of_deliveries(lambda d: d["actual_arrival_date"] == ""), 0.04, 0.15),
    "pounds": (of_deliveries(lambda d: d["weight_unit"] == "Pounds"), 0.03, 0.12),
    "rare units": (of_deliveries(lambda d: ~d["weight_unit"].isin(["Kilograms", "Pounds"])), 0.002, 0.012),
    "odd blanks in ports": (of_deliveries(lambda d: d["foreign_port_of_lading"].str.contains(" ,")), 0.2, 0.8),
    "in transit": (of_deliveries(lambda d: d["foreign_port_of_destination"] != ""), 0.01, 0.06),
    "export bonds": (of_deliveries(lambda d: d["in_bond_entry_type"].isin(["62", "63"])), 0.008, 0.06),
    "domestic bonds": (of_deliveries(lambda d: d["in_bond_entry_type"] == "61"), 0.02, 0.12),
    "outside boxes": (of_rows("container", lambda r: r["container_number"].isin(["NC", "NA", "NONE"])), 0.02, 0.15),
    "shared boxes": (shared_boxes, 0.05, 0.4),
    "20-foot boxes": (of_rows("container", lambda r: r["container_length"] == "2000"), 0.1, 0.35),
    "boxes of unknown size": (of_rows("container", lambda r: r["container_length"] == "0"), 0.04, 0.2),
    "old types": (of_rows("container", lambda r: r["container_type"].isin(["2210", "4310", "4510", "9510"])), 0.2, 0.7),
    "new types": (of_rows("container", lambda r: r["container_type"].isin(["22G1", "42G1", "45G1", "L5G1"])), 0.2, 0.7),
    "cargo lines twice": (
        of_rows("cargodesc", lambda r: r.duplicated(["identifier", "container_number", "description_sequence_number"])),
        0.005,
        0.03,
    ),
    "codes in text": (
        of_text("cargodesc", "description_text", "HS CODE|HTS-CODE|H.S. CODE"),
        0.08,
        0.3,
    ),
    "two codes in text": (
        of_text("cargodesc", "description_text", r"\d{6},\d{6}"),
        0.0005,
        0.02,
    ),
    "two digits": (of_rows("tariff", lambda r: digits(r).isin([1, 2])), 0.02, 0.15),
    "ten digits": (of_rows("tariff", lambda r: digits(r).isin([9, 10])), 0.05, 0.25),
    "lost leading zeros": (of_rows("tariff", lambda r: digits(r) % 2 == 1), 0.005, 0.15),
    "codes read as numbers": (of_rows("tariff", lambda r: r["harmonized_number"].str.endswith(".0")), 0.3, 0.8),
    "no value": (of_rows("tariff", lambda r: r["harmonized_value"] == "0.0"), 0.8, 0.98),
    "several codes": (of_rows("tariff", lambda r: r["description_sequence_number"] == "2"), 0.005, 0.08),
    "letters outside ascii": (of_rows("cargodesc", lambda r: ~r["description_text"].map(str.isascii)), 0.003, 0.03),
}
"""A quirk's share in the files, and the band in which it is believable."""


@pytest.mark.parametrize("quirk", SHARES)
def test_share_is_believable(embedded: ReadBack, quirk: str) -> None:
    share, low, high = SHARES[quirk]
    assert low <= share(embedded) <= high


def test_every_table_has_rows(embedded: ReadBack) -> None:
    assert {table for table, rows in embedded.tables.items() if len(rows) > 20} == set(TABLES)


def test_identifiers_are_the_run_date_and_the_row_number_of_the_day(embedded: ReadBack) -> None:
    billgen = embedded.tables["billgen"]
    day, row = billgen["identifier"].str[:8], billgen["identifier"].str[8:]
    assert (day == billgen["run_date"].str.replace("-", "")).all()
    assert not row.str.match("0.").any()
    # a number is missing only where the line is broken
    broken = sum(line.table == "billgen" for line in embedded.unread)
    numbers = row.astype(int).groupby(day)
    assert (numbers.min() == 0).sum() >= numbers.ngroups - broken
    assert int((numbers.max() + 1 - numbers.size()).sum()) <= broken


def test_a_row_belongs_to_a_delivery_of_its_day(embedded: ReadBack) -> None:
    deliveries = set(embedded.tables["billgen"]["identifier"]) | set(embedded.tables["header"]["identifier"])
    for table, rows in embedded.tables.items():
        assert set(rows["identifier"]) <= deliveries, table


def test_revisions_come_later_mostly_within_days(embedded: ReadBack) -> None:
    deliveries = embedded.deliveries
    days = pd.to_datetime(deliveries["run_date"])
    waited = (days - days.groupby(deliveries["bill"]).shift()).dt.days.dropna()
    waited = waited[waited < 180]
    assert (waited >= 0).all()
    assert waited.median() <= 10
    assert waited.max() > 60


def test_deletion_repeats_the_version_before_it(embedded: ReadBack) -> None:
    deliveries = embedded.deliveries
    reported = ["arrival", "weight", "weight_unit", "vessel_name", "manifest_quantity"]
    before = deliveries.groupby("bill")[reported].shift()
    deleted = (deliveries["record_status_indicator"] == "Deleted") & before["weight"].notna()
    assert deleted.sum() > 50
    assert (deliveries.loc[deleted, reported] == before.loc[deleted]).all(axis=None)


def test_master_lists_the_containers_of_its_houses(embedded: ReadBack) -> None:
    boxes = embedded.tables["container"].merge(
        embedded.deliveries[["identifier", "master_bol_number", "bill_type_code"]]
    )
    listed = boxes.groupby(["master_bol_number", "bill_type_code"])["container_number"].agg(frozenset).unstack()
    both = listed.dropna(subset=["Master Bill", "House Bill"])
    complete = both["Master Bill"] == both["House Bill"]
    assert len(both) > 500
    # houses of the span's first and last weeks are partly outside what is read
    assert complete.mean() > 0.97


def test_a_number_means_one_bill_unless_it_is_reused_for_another_vessel() -> None:
    world = build(EMBEDDED)
    rows = []
    for run in runs_of_days(world, 28, 1 << 40):
        facts = Facts(world, run.deliveries)
        numbers = [tuple(line.split(",")[1:4]) for line in billgen_lines(facts).to_pylist()]
        rows.append(
            pd.DataFrame(
                {
                    "bill": numbers,
                    "key": facts.key,
                    "week": facts.block["week"],
                    "vessel": facts.vessel,
                    "master": facts.block["level"] == MASTER,
                }
            )
        )
    bills = pd.concat(rows).drop_duplicates(["bill", "key"]).sort_values("week")
    again = bills[bills.duplicated("bill", keep=False)].groupby("bill")
    assert 5 <= again.ngroups <= 0.005 * bills["bill"].nunique()
    assert (again["week"].diff().dropna() * 7 > 180).all()
    assert (again["vessel"].nunique() == again.size()).all()


def test_a_container_number_carries_its_check_digit(embedded: ReadBack) -> None:
    # ISO 6346 works this number out: CSQU3054383; letters and digits of ours must agree with the same rule
    def check(number: str) -> int:
        values = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", [n for n in range(10, 39) if n % 11], strict=True))
        total = sum((values.get(sign) or int(sign)) * 2**place for place, sign in enumerate(number[:10]))
        return total % 11 % 10

    assert check("CSQU3054383") == 3
    numbers = embedded.tables["container"]["container_number"].drop_duplicates()
    boxes = numbers[~numbers.isin(["NC", "NA", "NONE"])]
    assert boxes.str.fullmatch("[A-Z]{3}U[0-9]{7}").all()
    assert all(check(number) == int(number[10]) for number in boxes.head(500))


def test_each_variant_belongs_to_one_firm() -> None:
    firms: dict[tuple[str, str], set[tuple[str | None, str | None]]] = {}
    per_firm: dict[str, set[str]] = {}
    for spelling in truth.party_spellings():
        if spelling.firm_id:
            firms.setdefault((spelling.raw_name, spelling.raw_address), set()).add(
                (spelling.firm_id, spelling.behind_id)
            )
            per_firm.setdefault(spelling.firm_id, set()).add(spelling.raw_name)
    assert all(len(owners) == 1 for owners in firms.values())
    several = [names for names in per_firm.values() if len(names) >= 3]
    assert len(several) > 0.25 * len(per_firm)
