"""How real a world looks: the measures that real records were described by, counted from its written rows.

`python -m simulator.shape [--real-kind]` prints them beside the real figures (three sets of bills, `REAL`).
"""

from __future__ import annotations

import argparse
import csv
from typing import Any, Final

import numpy as np
import pandas as pd

from pipeline.ingest.formats.ams import TABLES
from simulator import true_trade
from simulator.basis.geography import ABROAD, COUNTRIES
from simulator.feed import feed, parties
from simulator.feed.facts import Facts
from simulator.feed.tables import block as tables
from simulator.names import firms
from simulator.world import world
from simulator.world.world import EMBEDDED, REAL_KIND, Spec

DAYS_A_YEAR: Final = 365.25
PARTY_COLUMNS: Final = {
    "shipper": "shipper_party_name",
    "consignee": "consignee_name",
    "notifyparty": "notify_party_name",
}
PARTY_MAKERS: Final = {
    "shipper": parties.shippers,
    "consignee": parties.consignees,
    "notifyparty": parties.notified,
}
OWN_KINDS: Final = (firms.SUPPLIER, firms.CONSIGNEE)
TEXT_TABLES: Final = (*PARTY_COLUMNS, "cargodesc")
PHONE: Final = r"(?:\b(?:TELEFAX|TEL|TE|PHONE|PH|FAX|CEL|MOB|WHATSAPP)|\+)[^A-Z@]{0,8}[0-9][^A-Z@]{4,}"
COUNTRY_NAMES: Final = (
    *(place.name for place in COUNTRIES),
    "UNITED STATES",
    "USA",
    *(name for _, _, name, _ in ABROAD),
)
REAL: Final = {
    "bills a year per supplier": ".2 / 1.4 / 9 / 30 / 260; .3 / .7 / 1.9 / 10 / 71; .4 / .8 / 2 / 4 / 20",
    "bills a year per pair": ".2 / .4 / .8 / 1.8 / 15; .3 / .3 / 1.7 / 5.7 / 35; .4 / .4 / 1.2 / 2 / 7",
    "bills per pair-week": "1.2, 2, 5; 1.3, 2, 3; 1.5, 3, 6",
    "kilograms a bill": "393 / 4,100 / 19,460; 694 / 10,000,000 / 49,060,500; 3 / 5,600 / 55,000,000",
    "no shipper named": "0 %; 8 %; 26 %; 33 %",
    "no consignee named": "1 %; 5 %; 26 %; 39 %",
    "variants per supplier": "3 / 21 / 82 / 83",
    "variants per consignee": "2 / 28 / 96 / 101",
    "name lines per supplier": "1 / 7 / 28",
    "party text ends with its country": "32 %",
    "country in its column": "seldom",
    "shipper text with a phone": "17 %",
    "consignee text with a phone": "25 %",
    "lines in a goods text": "1 / 6 / 22 / 792; 1; 1",
    "characters in a goods text": "341 / 18,247; 1,195 / 18,800; 477 / 632",
    "regular / house / master bills": "98 % / 1.2 % / .8 %",
    "to-order consignees": "3 %",
    "notify party filled": "80 %",
    "no code, or one guessed by a seller": "17 %; 99 %; 58 % of another extract",
}
"""What the sets A, B and C and two other extracts have, in this order where they have it."""


def main() -> None:
    """Print the measures of a world."""
    parser = argparse.ArgumentParser(prog="python -m simulator.shape", description=__doc__)
    parser.add_argument("--real-kind", action="store_true", help="the world of benchmarks instead of the sample")
    spec = REAL_KIND if parser.parse_args().real_kind else EMBEDDED
    print("| measure | real | this world |\n|---|---|---|")
    for name, value in shape(spec).items():
        print(f"| {name} | {REAL[name]} | {value} |")


def shape(spec: Spec) -> dict[str, str]:
    """The measures of a world by name, as text; of the first delivery of each bill that is no master."""
    bills = true_trade.deliveries(spec).to_pandas().drop_duplicates(list(true_trade.NUMBERS))
    levels = bills["level"].value_counts(normalize=True)
    cargo = bills[bills["level"] != "master"].set_index("identifier")
    rows = _written(spec, set(cargo.index))
    years = spec.days / DAYS_A_YEAR
    shippers, consignees = (rows[table] for table in ("shipper", "consignee"))
    named = cargo[cargo.index.isin(shippers["identifier"]) & cargo.index.isin(consignees["identifier"])]
    pair = ["supplier_id", "consignee_id"]
    weekly = named.groupby([*pair, "week_start_date"]).size()
    receivers = pd.concat([consignees, rows["notifyparty"]])
    every_party = pd.concat([shippers, receivers])
    # forwarders, banks and brokers have variants of their own
    suppliers = shippers["identifier"].map(cargo["supplier_id"]).where(shippers["own"])
    buyers = receivers["identifier"].map(cargo["consignee_id"]).where(receivers["own"])
    goods = rows["cargodesc"]["description_text"]
    return {
        "bills a year per supplier": _quantiles(named.groupby("supplier_id").size() / years, 25, 50, 75, 90, 99),
        "bills a year per pair": _quantiles(named.groupby(pair).size() / years, 25, 50, 75, 90, 99),
        "bills per pair-week": f"{weekly.mean():.1f} / {_quantiles(weekly, 90, 99)}",
        "kilograms a bill": _quantiles(cargo["kilograms"], 5, 50, 95),
        "no shipper named": _percent(~cargo.index.isin(shippers["identifier"])),
        "no consignee named": _percent(~cargo.index.isin(consignees["identifier"])),
        "variants per supplier": _quantiles(shippers.groupby(suppliers)["party"].nunique(), 50, 90, 99, 100),
        "variants per consignee": _quantiles(receivers.groupby(buyers)["party"].nunique(), 50, 90, 99, 100),
        "name lines per supplier": _quantiles(shippers.groupby(suppliers)["name"].nunique(), 50, 90, 99),
        "party text ends with its country": _percent(every_party["address"].str.endswith(COUNTRY_NAMES)),
        "country in its column": _percent(every_party["country_code"] != ""),
        "shipper text with a phone": _percent(shippers["address"].str.contains(PHONE)),
        "consignee text with a phone": _percent(consignees["address"].str.contains(PHONE)),
        "lines in a goods text": _quantiles(goods.str.count("\n") + 1, 50, 90, 99, 100),
        "characters in a goods text": _quantiles(goods.str.len(), 99, 100),
        "regular / house / master bills": " / ".join(f"{levels[name]:.0%}" for name in ("regular", "house", "master")),
        "to-order consignees": _percent(consignees["name"].str.startswith("TO ")),
        "notify party filled": _percent(cargo.index.isin(rows["notifyparty"]["identifier"])),
        "no code, or one guessed by a seller": _percent(cargo["code_origin"] != "declared"),
    }


def _written(spec: Spec, identifiers: set[str]) -> dict[str, pd.DataFrame]:
    """Rows of the tables of text that belong to the given deliveries: parties with a name, and goods texts."""
    made = world.build(spec)
    found: dict[str, list[pd.DataFrame]] = {table: [] for table in TEXT_TABLES}
    for run in feed.runs_of_days(made, 364, 40_000):
        facts = Facts(made, run.deliveries)
        for table in TEXT_TABLES:
            lines = tables.MAKERS[table](facts).lines.to_pylist()
            rows = pd.DataFrame(csv.reader(lines), columns=list(TABLES[table].columns))
            if table in PARTY_MAKERS:
                rows["own"] = np.isin(PARTY_MAKERS[table](facts).parties.kind, OWN_KINDS)
            found[table].append(rows)
    read = {table: pd.concat(rows) for table, rows in found.items()}
    read = {table: rows[[key in identifiers for key in rows["identifier"]]] for table, rows in read.items()}
    for table, name in PARTY_COLUMNS.items():
        rows = read[table]
        lines = rows[[column for column in rows.columns if "_address_" in column]].to_numpy()
        address = [" ".join(" ".join(line).split()) for line in lines]
        rows = rows.assign(name=rows[name], address=address)
        rows = rows.assign(party=rows["name"] + "|" + rows["address"])
        read[table] = rows[(rows["name"] != "") & (rows["name"] != "SAME AS CONSIGNEE")]
    return read


def _quantiles(values: pd.Series, *percent: int) -> str:
    found = np.percentile(values, percent)
    return " / ".join(f"{value:,.0f}" if value >= 10 else f"{value:.1f}".removesuffix(".0") for value in found)


def _percent(mask: Any) -> str:
    return f"{np.mean(mask):.0%}"


if __name__ == "__main__":
    main()
