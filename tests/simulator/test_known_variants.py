"""Name variants with their truth: one firm in many writings, and firms that are confused with it."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date

import duckdb
import pandas as pd
import pytest

from simulator import known_variants as known
from simulator import truth
from simulator.basis import habits, situations
from simulator.world.world import Spec

COUNT, SEED = 20_000, 9
SMALL = Spec(11, date(2026, 1, 5), 14, 40)


@pytest.fixture(scope="module")
def crowd() -> pd.DataFrame:
    return known.drawn(COUNT, SEED).to_pandas()


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    return known.drawn_firms(COUNT, SEED).to_pandas().set_index("firm_id")


def share_of(crowd: pd.DataFrame, *kinds: str) -> float:
    return float(crowd["kinds"].map(lambda found: bool(set(kinds) & set(found))).mean())


def test_drawn_variants_have_the_wanted_number_and_are_distinct(crowd: pd.DataFrame) -> None:
    assert len(crowd) == COUNT
    assert crowd["spelling_id"].is_unique
    assert not crowd.duplicated(["party_kind", "raw_name", "raw_address"]).any()
    assert crowd["party_kind"].value_counts().to_dict() == {"supplier": COUNT // 2, "consignee": COUNT // 2}


def test_an_id_is_the_key_of_the_warehouse(crowd: pd.DataFrame) -> None:
    row = crowd.iloc[0]
    text = f"{row.party_kind}|{row.raw_name}|{row.raw_address}"
    (key,) = duckdb.execute("select cast(md5_number_lower(?) >> 1 as bigint)", [text]).fetchone() or (0,)
    assert row.spelling_id == key
    assert key == int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little") >> 1


def test_the_same_seed_draws_the_same_and_another_does_not(crowd: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(crowd, known.drawn(COUNT, SEED).to_pandas())
    assert not set(crowd["spelling_id"]) & set(known.drawn(2_000, SEED + 1)["spelling_id"].to_pylist())


def test_names_have_their_width(crowd: pd.DataFrame) -> None:
    assert crowd["raw_name"].str.len().max() == 35
    assert (crowd["raw_name"].str.strip() == crowd["raw_name"]).all()
    assert (crowd["raw_name"] != "").all()
    assert not crowd["raw_address"].str.contains("  ").any()


def test_most_firms_have_a_few_variants_and_busy_ones_up_to_a_hundred(crowd: pd.DataFrame) -> None:
    each = crowd[crowd["firm_id"].str.startswith(("supplier", "consignee"), na=False)].groupby("firm_id").size()
    assert 2 <= each.median() <= 6
    assert 12 <= each.quantile(0.9) <= 30
    assert 60 <= each.max() <= 130


@pytest.mark.parametrize(
    ("kinds", "low", "high"),
    [
        (("legal_form",), 0.08, 0.2),
        (("no_legal_form",), 0.05, 0.16),
        (("punctuation",), 0.06, 0.2),
        (("abbreviation",), 0.04, 0.15),
        (("typing_error", "two_typing_errors"), 0.05, 0.15),
        (("blank",), 0.01, 0.06),
        (("swapped_words", "dropped_word"), 0.01, 0.06),
        (("city",), 0.02, 0.1),
        (("country",), 0.002, 0.03),
        (("the_or_messrs",), 0.003, 0.03),
        (("escape",), 0.001, 0.02),
        (("attn_or_tel",), 0.001, 0.02),
        (("dba",), 0.001, 0.02),
        (("cut",), 0.2, 0.5),
        (("on_behalf",), 0.01, 0.08),
        (("to_order",), 0.02, 0.1),
        (("address_typing_error",), 0.04, 0.15),
        (("address_order",), 0.04, 0.15),
        (("address_abbreviation",), 0.06, 0.22),
        (("address_number",), 0.04, 0.16),
        (("address_zip",), 0.06, 0.2),
        (("address_district",), 0.01, 0.06),
        (("address_layout",), 0.05, 0.18),
        (("city_only",), 0.01, 0.06),
        (("other_site",), 0.008, 0.05),
    ],
)
def test_kinds_of_variation_have_believable_shares(
    crowd: pd.DataFrame, kinds: tuple[str, ...], low: float, high: float
) -> None:
    assert low < share_of(crowd, *kinds) < high


def test_every_kind_of_variation_occurs_and_is_labelled(crowd: pd.DataFrame) -> None:
    counts = Counter(kind for kinds in crowd["kinds"] for kind in kinds)
    assert set(counts) == set(habits.KINDS)


def test_one_firm_in_seven_can_be_confused_with_another(firms: pd.DataFrame) -> None:
    trading = firms[firms.index.str.startswith(("supplier", "consignee"))]
    assert 0.11 < (trading["hard"] != "none").mean() < 0.19
    assert set(trading["hard"]) == set(situations.NAMES)


def test_sisters_share_a_group_and_namesakes_do_not(firms: pd.DataFrame) -> None:
    younger = firms[firms["other_firm_id"] != firms.index]
    older = firms.loc[younger["other_firm_id"]]
    sisters = younger["hard"].isin([situations.NAMES[kind] for kind in situations.SISTERS])
    assert (younger["group_id"][sisters] == younger["other_firm_id"][sisters]).all()
    assert (younger["group_id"][~sisters] == younger.index[~sisters]).all()
    assert (older["group_id"] == older.index).all()


def test_each_situation_shows_in_the_text(crowd: pd.DataFrame, firms: pd.DataFrame) -> None:
    usual = crowd[crowd["kinds"].map(lambda kinds: not set(kinds) - {"cut"})].drop_duplicates("firm_id")
    usual = usual.set_index("firm_id")
    whole = (usual["raw_name"] + usual["raw_address"]).str.replace(" ", "")
    seen = Counter[str]()
    for younger, row in firms[firms["other_firm_id"] != firms.index].iterrows():
        if younger not in usual.index or row["other_firm_id"] not in usual.index:
            continue
        one, other = whole[younger], whole[row["other_firm_id"]]
        assert one != other, row["hard"]
        if row["hard"] == "numbered_works":
            assert any(mark.replace(" ", "") in one for mark in ("UNIT", "NO.2", "NO. 2", "PLANT 3", "DIVISION"))
        if row["hard"] in ("common_brand", "generic_name"):
            words = [set(usual["raw_name"][firm].split()) for firm in (younger, row["other_firm_id"])]
            assert len(words[0] & words[1]) >= 2
        seen[row["hard"]] += 1
    assert set(seen) == set(situations.NAMES) - {"none"}


def test_variant_without_a_name_has_no_firm(crowd: pd.DataFrame) -> None:
    unnamed = crowd[crowd["firm_id"].isna()]
    assert len(unnamed)
    assert unnamed["raw_name"].str.startswith("TO ORDER").all()
    assert unnamed["group_id"].isna().all()
    assert not crowd["raw_name"].isin(["SAME AS CONSIGNEE", ""]).any()


def test_table_of_a_world_has_the_variants_of_its_bills() -> None:
    table = truth.party_table(SMALL).to_pandas()
    listed = [one for one in truth.party_spellings(SMALL) if one.raw_name not in ("", "SAME AS CONSIGNEE")]
    kinds = {"shipper": "supplier", "consignee": "consignee", "notifyparty": "consignee"}
    expected = {(kinds[one.table], one.raw_name, one.raw_address): one for one in listed}
    assert set(zip(table["party_kind"], table["raw_name"], table["raw_address"], strict=True)) == set(expected)
    for row in table.itertuples():
        one = expected[row.party_kind, row.raw_name, row.raw_address]
        if pd.notna(row.firm_id):
            assert row.firm_id == (one.behind_id or one.firm_id)
        else:
            assert one.to_order
    assert table["first_run_date"].min() == SMALL.first


def test_a_firm_that_moved_has_variants_of_both_addresses_and_one_that_changed_its_name_of_both_names(
    crowd: pd.DataFrame,
) -> None:
    for kind, column in (("former_address", "raw_address"), ("former_name", "raw_name")):
        before = crowd["kinds"].map(lambda kinds, kind=kind: kind in kinds)
        firms_of = crowd[crowd["firm_id"].isin(crowd["firm_id"][before])].groupby("firm_id")
        both = [rows for _, rows in firms_of if 0 < before[rows.index].sum() < len(rows)]
        assert len(both) >= 10
        for rows in both:
            old, new = rows[before[rows.index]][column], rows[~before[rows.index]][column]
            assert not set(old) & set(new)
