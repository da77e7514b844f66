"""What is read of imported exports that do not hold all: no share and no absence is claimed, the export is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.document.text import as_text
from pipeline.reporting.facts.loaded import Loaded
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.mirror.gather import gather_mirror
from pipeline.reporting.mirror.page import mirror_page
from pipeline.reporting.weekly.history import History
from pipeline.reporting.weekly.history_figures import mix_figure, trend_figure
from pipeline.reporting.weekly.pages import reading
from pipeline.reporting.weekly.rules import Cuts
from pipeline.reporting.weekly.snapshot import Pair
from pipeline.settings import Settings
from tests.reporting import made_pair
from tests.reporting.briefs import brief_of, text_of

NO_AXES = ", ".join(
    f"null as {name}"
    for name in (
        *("depends_supplier", "depends_buyer", "power", "mutual", "power_low", "power_high", "mutual_low"),
        *("mutual_high", "posture", "question_id", "commitment_volume"),
    )
)
NO_SUPPLIER = "null as share_of_supplier, null as share_of_supplier_low, null as share_of_supplier_high"
NO_BUYER = "null as share_of_buyer, null as share_of_buyer_low, null as share_of_buyer_high, false as no_second_source"
NO_PRODUCT = "null as alternatives, null as alternatives_seen, null as supplier_substitutability"
SUPPLIERS_EXPORT = "all shipments of KELORVAX CASTINGS"
BUYERS_EXPORT = "all imports of WONIRDEB BRANDS INC"
ABSENCES = (
    *("Every bill of theirs", "only named customer", "no second source", "None of weight", "No month stood out"),
    *("the year before", "of what they ship to the US", "of what you buy", "You are customer", "[tier A]"),
    *("spare capacity of", "no rush shows", "usual gap", "In every product", "none in 24 months", "no other supplier"),
)
"""Sentences that need all bills of a side."""


@pytest.fixture
def outside(tmp_path: Path) -> Callable[..., Settings]:
    """Makes the home with some sides outside of the scope, as the snapshot freezes it."""

    def make(
        *, supplier: bool = False, buyer: bool = False, product: bool = False, of_product: bool = False
    ) -> Settings:
        settings = made_pair.home(tmp_path, events=[], alternatives=not product)
        folder = settings.snapshots_dir / made_pair.WEEK.text / "r1"
        parts = [NO_AXES, "'outside_scope' as reason_code", "false as is_major_customer"]
        parts += [NO_SUPPLIER] * supplier + [NO_BUYER] * buyer + [NO_PRODUCT] * product
        reach = "hs4 = 'all'" if of_product else "true"
        basis = ", 'product' as share_basis" if of_product else ""
        tier_reason = "'outside_scope' as reason_code, false as is_major_customer"
        tier = f"{NO_SUPPLIER}, null as tier, null as tier_low, null as tier_high, null as gap_to_next_tier"
        with duckdb.connect() as connection:
            for name, query in {
                "fct_leverage_snapshot": f"select * replace ({', '.join(parts)}) from rows where {reach} "
                f"union all select * replace (0.25 as share_of_supplier{basis}) from rows where not {reach}",
                "fct_tier": f"select * replace ({tier}, {tier_reason}) from rows" if supplier else "from rows",
                "fct_supplier_capacity": "from rows where false" if supplier else "from rows",
            }.items():
                path = folder / f"{name}.parquet"
                connection.execute(f"create or replace table rows as from read_parquet('{path}')")
                connection.execute(f"copy ({query}) to '{path}' (format parquet)")
        return settings

    return make


def words(text: str) -> str:
    """The text in one line, without its footnote marks."""
    return " ".join(re.sub(r"\[\w\]", "", text).split())


def brief_text(brief: Brief) -> str:
    return words(text_of(brief))


def mirror_text(settings: Settings) -> str:
    with opened(settings, None) as found:
        return words(as_text(mirror_page(gather_mirror(found, made_pair.OURS))))


def test_exports_that_hold_no_side_whole_claim_nothing(outside: Callable[..., Settings]) -> None:
    settings = outside(supplier=True, buyer=True, product=True)
    brief, mirror = brief_text(brief_of(settings, rival=None)), mirror_text(settings)
    for text in (brief.partition("WHAT THESE RECORDS")[0], mirror.partition("WHAT THESE RECORDS")[0]):
        assert [claim for claim in ABSENCES if claim in text] == []
        assert re.findall(r".{60}\d%", text) == []
        assert "None" not in text
    assert f"Export {SUPPLIERS_EXPORT}, {BUYERS_EXPORT} and all imports of HS 7325 to see who needs whom." in brief
    assert f"Export {BUYERS_EXPORT} to see all that a sales rep sees." in mirror
    assert "at least 52 bills of yours" in mirror


def test_a_suppliers_export_gives_its_shares_and_names_the_buyers_export(outside: Callable[..., Settings]) -> None:
    settings = outside(buyer=True, product=True)
    text = brief_text(brief_of(settings, rival=None))
    assert "You are 17% (11% to 23%) of what they ship to the US by sea; what part of your purchases they" in text
    assert "You are customer 2 of 3 named ones, tier B" in text
    assert f"Export {BUYERS_EXPORT} to see what part of your purchases they are." in text
    assert f"Export {BUYERS_EXPORT} and all imports of HS 7325 to see who needs whom." in text
    assert SUPPLIERS_EXPORT not in text


def test_a_buyers_export_gives_its_side_and_names_the_suppliers_export(outside: Callable[..., Settings]) -> None:
    settings = outside(supplier=True, product=True)
    text = brief_text(brief_of(settings, rival=None))
    assert "They are 100% of what you buy by sea" in text
    assert f"Export {SUPPLIERS_EXPORT} to see your part of their volume, rank and tier." in text
    assert BUYERS_EXPORT not in text
    assert "Your goods arrived in" in mirror_text(settings)


def test_a_products_export_is_read_within_the_product(outside: Callable[..., Settings]) -> None:
    brief = brief_of(outside(supplier=True, buyer=True, product=True, of_product=True), rival=None)
    text = brief_text(brief)
    assert "You are 25% (11% to 25%) of what they ship of HS 7325 to the US by sea; they are 100% " in text
    assert "of what you buy of HS 7325 by sea. They" in text
    assert "Your largest US customer for HS 7325 takes" in text
    assert f"Export {SUPPLIERS_EXPORT} to see your rank and your tier." in text
    assert brief.leverage is not None
    assert brief.leverage.hs4 == "7325"


def test_the_report_draws_no_part_of_what_is_loaded(outside: Callable[..., Settings]) -> None:
    loaded = Loaded(supplier=False, exports=(SUPPLIERS_EXPORT,))
    pair, history = Pair(made_pair.MILL, made_pair.OURS, "watched"), History("teu", [], [], [], None, [])
    for figure in (mix_figure(pair, history, {}, loaded), trend_figure(history, "KELORVAX CASTINGS", loaded)):
        assert figure.picture is None
        assert figure.says.startswith("Not drawn: the files loaded do not cover this side")
    row = {"power": None, "reason_code": "outside_scope"}
    cuts = Cuts({}, 0.25, 0.6)
    assert reading(row, cuts, loaded) == f"Export {SUPPLIERS_EXPORT} to see who needs whom."
