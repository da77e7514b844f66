"""Products of bills: what is learned from codes that may be wrong, and what text, code and supplier give together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.entities.products.choices import PUBLISHED_NAME, choices_path, learn_choices, show_choices
from pipeline.entities.products.evidence import Evidence, learn
from pipeline.entities.products.headings import name_weights
from pipeline.entities.products.model import fold_of
from pipeline.entities.products.texts import WORDS_SQL, make_cases, read_examples
from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings, load_settings
from pipeline.thresholds import constant, threshold
from pipeline.warehouse.connection import scratch, warehouse

TILES, SHRIMP, CEMENT, PAPER, COPPER = "6907", "0306", "2523", "4819", "7401"
WORDS = {
    TILES: ("GLAZED", "CERAMIC", "FLOOR", "TILES"),
    SHRIMP: ("FROZEN", "RAW", "SHRIMP", "PRAWNS"),
    CEMENT: ("PORTLAND", "CEMENT", "BULK", "GREY"),
}
Bill = Mapping[str, object]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path, threads=2, memory_limit="1GB")


def bill(supplier: str | None, text: str | None, heading: str | None = None, source: str = "declared") -> Bill:
    return {"supplier": supplier, "text": text, "hs4": heading, "source": source if heading else "none"}


def texts(heading: str, supplier: int, many: int, chance: Random) -> list[str]:
    return [
        " ".join([*chance.sample(WORDS[heading], chance.randrange(2, 4)), "IN CARTONS P/O", f"{supplier}{number}"])
        for number in range(many)
    ]


def coded(*headings: str, source: str = "declared", many: int = 4) -> list[Bill]:
    """Twelve suppliers of each product, two or three words of the product a bill."""
    chance = Random(3)
    return [
        bill(f"sup_{heading}_{supplier}", text, heading, source)
        for heading in headings or (TILES, SHRIMP)
        for supplier in range(12)
        for text in texts(heading, supplier, many, chance)
    ]


def write(settings: Settings, bills: Iterable[Bill]) -> None:
    """The as-of table that holds these bills; equal texts have equal keys."""
    keys: dict[object, int] = {None: 0}
    rows = [
        {
            "identifier": number,
            "supplier_id": row["supplier"],
            "supplier_visibility": "named" if row["supplier"] else "redacted",
            "description": row["text"],
            "text_key": keys.setdefault(re.sub("[0-9]", "", str(row["text"])) if row["text"] else None, len(keys)),
            "hs4": row["hs4"],
            "hs_source": row["source"],
            "codes": 1 if row["hs4"] else 0,
        }
        for number, row in enumerate(bills)
    ]
    text = pa.string()
    types = {"supplier_id": text, "supplier_visibility": text, "description": text, "text_key": pa.int64()}
    schema = pa.schema(
        [("identifier", pa.int64()), *(types | {"hs4": text, "hs_source": text}).items(), ("codes", pa.int32())]
    )
    with warehouse(settings, read_only=False) as connection:
        connection.register("given", pa.Table.from_pylist(rows, schema=schema))
        connection.execute(
            "create or replace table asof_code as select *, date '2026-11-02' as week_start_date from given"
        )
        connection.execute("create or replace table asof_week as select '2026-W45' as as_of_week")


def chosen(settings: Settings, *bills: Bill) -> list[tuple[str | None, float]]:
    """Heading and probability of each of `bills`."""
    by_case = {
        tuple(row[name] for name in ("text_key", "supplier_id", "recorded_source", "recorded_hs4")): row
        for row in pq.read_table(choices_path(settings)).to_pylist()
    }
    found = []
    with warehouse(settings) as connection:
        for row in bills:
            (key,) = connection.execute(
                "select text_key from asof_code where description is not distinct from $1", [row["text"]]
            ).fetchone() or (None,)
            choice = by_case.get((key, row["supplier"] or "", row["source"], row["hs4"] or ""))
            found.append((choice["hs4"], choice["probability"]) if choice else (None, 0.0))
    return found


def learned(settings: Settings) -> Evidence:
    with warehouse(settings) as connection:
        make_cases(connection)
        return learn(read_examples(connection))


def test_texts_without_a_code_are_judged_by_their_words(settings: Settings) -> None:
    asked = [bill(None, "CERAMIC TILES P/O 77"), bill("x", "frozen prawns"), bill("x", None)]
    write(settings, [*coded(), *asked])
    found = learn_choices(settings)
    choices = chosen(settings, *asked)
    assert [heading for heading, _ in choices] == [TILES, SHRIMP, None]
    assert all(probability >= threshold("text_cell_least_confidence") for _, probability in choices[:2])
    assert (found.headings, found.replaced, found.assigned) == (2, 0, 2)


def test_a_long_text_is_judged_by_its_goods_and_not_by_its_boilerplate(settings: Settings) -> None:
    boilerplate = "SHIPPER LOAD AND COUNT SAID TO CONTAIN FREIGHT COLLECT SEAL CLEAN ON BOARD "
    asked = bill("x", boilerplate + "GLAZED CERAMIC TILES " + boilerplate * 3)
    write(settings, [*coded(), asked])
    learn_choices(settings)
    assert chosen(settings, asked)[0][0] == TILES


def test_a_text_that_could_be_either_or_has_no_known_word_stays_unknown(settings: Settings) -> None:
    unsure = [bill("x", text) for text in ("IN CARTONS", "BICYCLES", "12345", "RAW GLAZED")]
    write(settings, [*coded(), *unsure])
    assert learn_choices(settings).assigned == 0


def test_right_codes_are_kept(settings: Settings) -> None:
    write(settings, bills := [*coded(), *coded(CEMENT, source="classified")])
    assert learn_choices(settings).replaced == 0
    assert all(probability > 0.9 for _, probability in chosen(settings, *bills))


def test_one_commodity_with_guessed_codes_is_one_product(settings: Settings) -> None:
    chance = Random(5)
    cement = [
        bill(f"sup_{number}", text, CEMENT if number % 2 else chance.choice((TILES, PAPER, COPPER)), "classified")
        for number in range(40)
        for text in texts(CEMENT, number, 2, chance)
    ]
    write(settings, [*coded(), *cement])
    learn_choices(settings)
    assert {heading for heading, _ in chosen(settings, *cement)} == {CEMENT}


def test_a_guess_gives_way_to_what_a_supplier_ships_otherwise(settings: Settings) -> None:
    own = [bill("sup_own", text, TILES) for text in texts(TILES, 7, 20, Random(4))]
    asked = [bill("sup_own", "AS PER INVOICE"), bill("x", "AS PER INVOICE")]
    write(settings, [*coded(), *own, *asked])
    learn_choices(settings)
    assert [heading for heading, _ in chosen(settings, *asked)] == [TILES, None]


def test_the_only_supplier_of_a_product_keeps_its_code(settings: Settings) -> None:
    own = [bill("sup_own", f"GLAZED FLOOR PANELS {name}", PAPER) for name in ("RED", "BLUE", "GREY", "BLACK")]
    write(settings, [*coded(), *own])
    learn_choices(settings)
    assert [heading for heading, _ in chosen(settings, *own)] == [PAPER] * 4


def test_the_threshold_decides(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, [*coded(), bill("x", "CERAMIC TILES")])
    for least, expected in ((1.01, 0), (0.0, 1)):
        monkeypatch.setattr("pipeline.entities.products.choose.threshold", lambda _name, least=least: least)
        assert learn_choices(settings).assigned == expected


def test_the_same_bills_give_the_same_bytes_in_any_order(settings: Settings) -> None:
    bills = [*coded(), *(bill("x", f"GLAZED TILES {number} SHRIMP"[: 12 + number]) for number in range(9))]
    keyed = dict.fromkeys(str(row["text"]) for row in bills)
    written = []
    for order in (list(bills), list(reversed(bills))):
        write(settings, order)
        with warehouse(settings, read_only=False) as connection:  # keys that do not follow the order
            connection.execute("update asof_code set text_key = md5_number_lower(description) >> 1")
        learn_choices(settings)
        written.append(choices_path(settings).read_bytes())
    assert keyed
    assert written[0] == written[1]


def test_too_few_examples_choose_nothing(settings: Settings) -> None:
    write(settings, [bill("one", "TILES", TILES), bill("two", "TILES")])
    assert learn_choices(settings).assigned == 0
    assert pq.read_table(choices_path(settings)).num_rows == 0


def test_texts_of_a_feed_without_codes_are_grouped_by_the_names_of_goods(settings: Settings) -> None:
    bills = [{**row, "hs4": None, "source": "none"} for row in coded(SHRIMP, CEMENT)]
    write(settings, bills)
    learn_choices(settings)
    choices = chosen(settings, *bills)
    for product in (SHRIMP, CEMENT):
        of_product = [row["supplier"] for row in bills].index(f"sup_{product}_0")
        headings = [heading for heading, _ in choices[of_product : of_product + 48]]
        assert headings.count(product) > 0.6 * len(headings)
    assert max(probability for _, probability in choices) <= constant("code_reliability_named")


def test_a_feed_of_one_commodity_without_codes_is_one_product(settings: Settings) -> None:
    bills = [
        bill(f"sup_{number}", f"PORTLAND CEMENT {'GREY' if number % 2 else 'WHITE'} IN BULK") for number in range(6)
    ]
    write(settings, bills)
    learn_choices(settings)
    assert {heading for heading, _ in chosen(settings, *bills)} == {CEMENT}


def test_goods_that_no_code_teaches_are_named_where_many_texts_are_unknown(settings: Settings) -> None:
    asked = [bill("sup_one", f"LIVE HORSES {word}") for word in ("ABLE", "BAKER", "CHARLIE", "DOVER", "EASY", "FARM")]
    write(settings, [*coded(many=1), *asked])
    learn_choices(settings)
    assert {heading for heading, _ in chosen(settings, *asked)} == {"0101"}
    assert {heading for heading, _ in chosen(settings, *coded(many=1))} == {TILES, SHRIMP}


def test_names_of_goods_are_not_asked_where_codes_know_most_texts(settings: Settings) -> None:
    asked = bill("x", "LIVE HORSES")
    write(settings, [*coded(), asked])
    learn_choices(settings)
    assert chosen(settings, asked)[0][0] is None


def test_words_of_few_suppliers_masks_and_names_after_attn_are_not_learned(settings: Settings) -> None:
    named = [bill(f"sup_{TILES}_{n}", "TILES ATTN: MARIA LOPEZ [phone] UN1263 WW320", TILES) for n in range(5)]
    brand = [bill(f"sup_{TILES}_{n % 2}", "TILES BRIGHTWATER", TILES) for n in range(8)]
    several = [bill(f"sup_{TILES}_{n}", "TILES PORCELAIN", TILES) for n in range(3)]
    write(settings, [*coded(), *named, *brand, *several])
    assert set(learned(settings).model.words) == {*WORDS[TILES], *WORDS[SHRIMP], "CARTONS", "PORCELAIN"}


def test_a_suppliers_set_phrase_does_not_outvote_others(settings: Settings) -> None:
    loud = [
        bill("sup_loud", f"CERAMIC TILES {chr(65 + n % 26) * 3} {chr(65 + n // 26) * 3}", SHRIMP) for n in range(600)
    ]
    write(settings, [*coded(), *loud, bill("x", "CERAMIC FLOOR TILES")])
    learn_choices(settings)
    assert chosen(settings, bill("x", "CERAMIC FLOOR TILES"))[0][0] == TILES


def test_names_of_the_system_speak_for_their_heading() -> None:
    weights = name_weights(["CEMENT", "CARTONS", "XYZ"], [CEMENT, PAPER, "9999"])
    assert weights[0, 0] > weights[0, 1] + 1
    assert weights[1, 1] > weights[1, 0] + 1
    assert np.all(weights[2] == 0)


def test_choices_of_the_newest_published_week_are_shown(settings: Settings) -> None:
    write(settings, coded())
    learn_choices(settings)
    shown = choices_path(settings).with_name(PUBLISHED_NAME)
    show_choices(settings, "2026-W46")
    assert not shown.exists()
    show_choices(settings, "2026-W45")
    assert shown.read_bytes() == choices_path(settings).read_bytes()
    with warehouse(settings, read_only=False) as connection:
        connection.execute("drop table asof_week")
    show_choices(settings, "2026-W45")
    assert shown.exists(), "a warehouse built anew has computed no week"


def test_suppliers_are_dealt_the_same_way_every_time() -> None:
    parts = [fold_of(f"sup_{number}") for number in range(200)]
    assert parts == [fold_of(f"sup_{number}") for number in range(200)]
    assert set(parts) == set(range(5))


def test_words_are_those_of_the_warehouse() -> None:
    macros = (DBT_PROJECT / "macros" / "adapters" / "expressions.sql").read_text(encoding="utf-8")
    (theirs,) = re.findall(r"macro duckdb__words_of\(text\) %}(.*){% endmacro %}", macros)
    assert theirs == WORDS_SQL.format(text="{{ text }}")
    words = WORDS_SQL.format(text="'Cast iron, ATTN Jo Doe [e-mail] x12 CAST 20 MM CERÂMICA'")
    (found,) = scratch().execute(f"select list_sort({words})").fetchone() or ([],)
    assert found == ["CAST", "CERÂMICA", "IRON", "MAIL"]
