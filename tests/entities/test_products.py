"""Product cells from cargo texts: what is learned, which texts are classified and which stay unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.entities.products.cells import learn_cells, text_cells_path
from pipeline.entities.products.model import CellModel, fold_of
from pipeline.entities.products.texts import KEY_SQL, WORDS_SQL, Texts, read_examples
from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings, load_settings
from pipeline.thresholds import threshold
from pipeline.warehouse.connection import scratch, warehouse

TILES, SHRIMP = "6907", "0306"
WORDS = {TILES: ("GLAZED", "CERAMIC", "FLOOR", "TILES"), SHRIMP: ("FROZEN", "RAW", "SHRIMP", "PRAWNS")}
Bill = Mapping[str, object]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path, threads=2, memory_limit="1GB")


def bill(number: int, supplier: str | None, text: str | None, *headings: str | None, source: str = "tariff") -> Bill:
    return {"number": number, "supplier": supplier, "text": text, "headings": headings or (None,), "source": source}


def coded() -> list[Bill]:
    """Twelve suppliers of each product, four bills each, two or three words of the product a bill."""
    chance = Random(3)
    found = []
    for heading, words in WORDS.items():
        for supplier in range(12):
            for _ in range(4):
                text = " ".join([*chance.sample(words, chance.randrange(2, 4)), "IN CARTONS P/O", str(len(found))])
                found.append(bill(len(found), f"sup_{heading}_{supplier}", text, heading))
    return found


def write(settings: Settings, bills: Iterable[Bill]) -> None:
    """The as-of tables that hold these bills."""
    bills = list(bills)
    shipments = [
        {
            "identifier": row["number"],
            "supplier_id": row["supplier"],
            "supplier_visibility": "named" if row["supplier"] else "redacted",
            "description": row["text"],
        }
        for row in bills
    ]
    products = [
        {
            "identifier": row["number"],
            "shipment_id": f"{int(str(row['number'])) * 2654435761 % 16**32:032x}",
            "hs4": heading,
            "hs_source": row["source"] if heading else "none",
        }
        for row in bills
        for heading in row["headings"]  # type: ignore[attr-defined]
    ]
    text = pa.string()
    with warehouse(settings, read_only=False) as connection:
        for name, rows, types in (
            ("asof_shipment", shipments, {"supplier_id": text, "supplier_visibility": text, "description": text}),
            ("asof_product", products, {"shipment_id": text, "hs4": text, "hs_source": text}),
        ):
            schema = pa.schema([("identifier", pa.int64()), *types.items()])
            connection.register("given", pa.Table.from_pylist(rows, schema=schema))
            connection.execute(f"create or replace table {name} as select * from given")
            connection.unregister("given")
        connection.execute("alter table asof_shipment add column week_start_date date default '2026-11-02'")


def cells(settings: Settings) -> dict[str, tuple[str, float]]:
    """Heading and confidence of each classified text."""
    with warehouse(settings) as connection:
        texts = connection.execute(
            f"select {KEY_SQL.format(text='description')}, description from asof_shipment where description is not null"
        ).fetchall()
    by_key = dict(texts)
    return {
        by_key[row["text_key"]]: (row["hs4"], row["confidence"])
        for row in pq.read_table(text_cells_path(settings)).to_pylist()
    }


def test_texts_without_a_code_are_classified_by_their_words(settings: Settings) -> None:
    write(
        settings,
        [*coded(), bill(900, None, "CERAMIC TILES P/O 77"), bill(901, "x", "frozen prawns"), bill(902, "x", None)],
    )
    learned = learn_cells(settings)
    found = cells(settings)
    assert {text: heading for text, (heading, _) in found.items()} == {
        "CERAMIC TILES P/O 77": TILES,
        "frozen prawns": SHRIMP,
    }
    assert all(confidence >= threshold("text_cell_least_confidence") for _, confidence in found.values())
    assert (learned.headings, learned.unknown, learned.assigned) == (2, 2, 2)


def test_a_text_that_could_be_either_or_has_no_known_word_stays_unknown(settings: Settings) -> None:
    unsure = [
        bill(900, "x", "IN CARTONS"),
        bill(901, "x", "BICYCLES"),
        bill(902, "x", "12345"),
        bill(903, "x", "RAW TILES"),
    ]
    write(settings, [*coded(), *unsure])
    assert learn_cells(settings).assigned == 0
    assert cells(settings) == {}


def test_the_threshold_decides(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write(settings, [*coded(), bill(900, "x", "CERAMIC TILES")])
    for least, expected in ((1.01, 0), (0.0, 1)):
        monkeypatch.setattr("pipeline.entities.products.cells.threshold", lambda _name, least=least: least)
        assert learn_cells(settings).assigned == expected


def test_the_same_bills_give_the_same_bytes_in_any_order(settings: Settings) -> None:
    bills = [
        *coded(),
        *(bill(900 + number, "x", f"GLAZED TILES {number} SHRIMP"[: 12 + number]) for number in range(9)),
    ]
    written = []
    for seed in (1, 2, 2):
        Random(seed).shuffle(bills)
        write(settings, bills)
        learn_cells(settings)
        written.append(text_cells_path(settings).read_bytes())
    assert written[0] == written[1] == written[2]


def test_own_answers_are_not_learned_from(settings: Settings) -> None:
    write(
        settings,
        [*coded(), *(bill(900 + n, f"sup_{n}", "CERAMIC TILES", SHRIMP, source="text_model") for n in range(50))],
    )
    learn_cells(settings)
    assert cells(settings)["CERAMIC TILES"][0] == TILES


def test_too_few_examples_classify_nothing(settings: Settings) -> None:
    write(settings, [bill(1, "one", "TILES", TILES), bill(2, "two", "TILES")])
    assert learn_cells(settings).assigned == 0
    assert pq.read_schema(text_cells_path(settings)).names == ["text_key", "hs4", "confidence"]


def test_words_of_few_suppliers_masks_and_names_after_attn_are_not_stored(settings: Settings) -> None:
    named = [bill(900 + n, f"sup_{TILES}_{n}", "TILES ATTN: MARIA LOPEZ [phone] UN1263 WW320", TILES) for n in range(5)]
    brand = [bill(910 + n, f"sup_{TILES}_{n % 2}", "TILES BRIGHTWATER", TILES) for n in range(8)]
    several = [bill(920 + n, f"sup_{TILES}_{n}", "TILES PORCELAIN", TILES) for n in range(3)]
    both = [bill(930 + n, f"sup_{TILES}_{n}", "MIXED GOODS", TILES, SHRIMP) for n in range(5)]
    write(settings, [*coded(), *named, *brand, *several, *both])
    with warehouse(settings) as connection:
        words = CellModel(read_examples(connection, Texts())).words
    assert set(words) == {*WORDS[TILES], *WORDS[SHRIMP], "CARTONS", "PORCELAIN"}


def test_a_suppliers_set_phrase_does_not_outvote_others(settings: Settings) -> None:
    loud = [
        bill(1000 + n, "sup_loud", f"CERAMIC TILES {chr(65 + n % 26) * 3} {chr(65 + n // 26) * 3}", SHRIMP)
        for n in range(600)
    ]
    write(settings, [*coded(), *loud])
    with warehouse(settings) as connection:
        examples = read_examples(connection, Texts())
    assert examples.supplier.count("sup_loud") < 60
    assert CellModel(examples).predict(["CERAMIC FLOOR TILES"]).hs4 == [TILES]


def test_an_answer_is_explained_by_its_words(settings: Settings) -> None:
    write(settings, coded())
    with warehouse(settings) as connection:
        model = CellModel(read_examples(connection, Texts()))
    first, second, reasons = model.explain("CARTONS CERAMIC UNKNOWNWORD")
    assert (first, second) == (TILES, SHRIMP)
    assert reasons[0].word == "CERAMIC"
    assert reasons[0].weight > 1 > abs(reasons[1].weight)
    with pytest.raises(ValueError, match="no word"):
        model.explain("BICYCLES")


def test_suppliers_are_dealt_the_same_way_every_time() -> None:
    parts = [fold_of(f"sup_{number}") for number in range(200)]
    assert parts == [fold_of(f"sup_{number}") for number in range(200)]
    assert set(parts) == set(range(5))


def test_words_and_keys_are_those_of_the_warehouse() -> None:
    macros = (DBT_PROJECT / "macros" / "adapters" / "expressions.sql").read_text(encoding="utf-8")
    for name, ours in (("words_of", WORDS_SQL), ("key_of", KEY_SQL)):
        (theirs,) = re.findall(rf"macro duckdb__{name}\(text\) %}}(.*){{% endmacro %}}", macros)
        assert theirs == ours.format(text="{{ text }}")
    words = WORDS_SQL.format(text="'Cast iron, ATTN Jo Doe [e-mail] x12 CAST 20 MM CERÂMICA'")
    (found,) = scratch().execute(f"select list_sort({words})").fetchone() or ([],)
    assert found == ["CAST", "CERÂMICA", "IRON", "MAIL"]
