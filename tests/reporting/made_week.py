"""Frozen weeks for tests of the report, made by a few statements from `int_pair_week` and the names.

The figures have the columns and the shape of the published ones and agree with each other; how the real ones are
measured is tested beside their models. One product heading stands for all cargo.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.snapshots.calendar import Week
from pipeline.snapshots.inputs import Inputs
from pipeline.snapshots.manifest import Manifest, Versions, document

WINDOW = """
create or replace temp table window_volume as
select
    supplier_key as s, consignee_key as c, consignee_is_named as named, sum(bills) as bills,
    sum(coalesce(teu, 0)) as teu, sum(weight_kg) as kg, sum(coalesce(sized_weight_kg, 0)) as sized,
    sum(bills) filter (where week_start_date > $monday - interval 182 day) as newer_bills,
    min(week_start_date) as first_week, max(week_start_date) as last_week
from int_pair_week
where supplier_is_named and week_start_date between $monday - interval 357 day and $monday
group by all
"""

PAIRS = """
create or replace temp table pair as
with supplier as (
    select
        s, if(sum(sized) >= 0.8 * sum(kg), 'teu', 'kg') as unit, sum(teu) as teu, sum(kg) as kg,
        sum(teu) filter (where not named) as dark_teu, sum(kg) filter (where not named) as dark_kg,
        least(1.0, sum(newer_bills) / greatest(1, sum(bills) - sum(newer_bills))) as g
    from window_volume group by s
), named as (
    select
        w.s, w.c, w.bills, w.first_week, w.last_week, unit, g, if(unit = 'teu', w.teu, w.kg) as v,
        if(unit = 'teu', supplier.teu, supplier.kg) as v_all,
        coalesce(if(unit = 'teu', dark_teu, dark_kg), 0) as dark,
        w.kg / sum(w.kg) over (partition by w.c) as s_share
    from window_volume as w inner join supplier using (s) where w.named
), ranked as (
    select
        *, v / v_all as x, row_number() over (partition by s order by v desc, c) as rank,
        count(*) over (partition by s) as customers, max(v) over (partition by s) as top_v,
        median(v) over (partition by s) as median_v, (v_all - dark - v) as others,
        (sum(v * v) over (partition by s) - v * v) as others_squared,
        first_value(c) over (partition by s order by v desc, c) as top_c,
        (hash(c) % 5)::integer as a, if(bills < 12, 'few_bills', null) as reason
    from named where v_all > 0
)
select
    *, a / (a + 2) as supplier_substitutability,
    if(others > 0, 1 - others_squared / (others * others), 0) * g as customer_substitutability,
    case when bills < 10 then null when x >= 0.25 then 'A' when x >= 0.1 then 'B' when x >= 0.03 then 'C' else 'D' end
        as tier,
    case when x >= 0.25 then null when x >= 0.1 then 0.25 when x >= 0.03 then 0.1 else 0.03 end as next_cut
from ranked
"""

TIER = """
select
    s as supplier_id, c as consignee_id, $week as as_of_week, v as volume_52w, unit as volume_unit, bills as bills_52w,
    x as share_of_supplier, x as share_of_supplier_low, least(1, (v + dark) / v_all) as share_of_supplier_high,
    rank as customer_rank, customers, tier, tier as last_tier, (floor(log10(greatest(v, 1))))::varchar as volume_band,
    case next_cut when 0.25 then 'A' when 0.1 then 'B' when 0.03 then 'C' end as next_tier,
    (next_cut * v_all - v) / (1 - next_cut) as gap_to_next_tier,
    v / top_v as ratio_to_top, v / median_v as ratio_to_median, bills / 12.0 as bills_per_month,
    if(unit = 'teu', v / 24.0, null) as containers_per_month, v / bills as typical_order,
    first_week::date as first_bill_date, last_week::date as last_bill_date, x >= 0.1 as is_major_customer,
    top_c as top_consignee_id, if(bills < 10, 'few_bills', null) as reason_code
from pair order by s, c
"""

LEVERAGE = """
with figured as (
    select
        *, x * (1 - customer_substitutability) as dep_s, s_share * (1 - supplier_substitutability) as dep_b,
        reason is null as has_power
    from pair
), powers as (
    select *, if(has_power, dep_s - dep_b, null) as power, if(has_power, dep_s + dep_b, null) as mutual from figured
)
select
    $week as as_of_week, s as supplier_id, c as consignee_id, hs4, v as volume_52w, unit as volume_unit,
    x as share_of_supplier, x as share_of_supplier_low, least(1, (v + dark) / v_all) as share_of_supplier_high,
    s_share as share_of_buyer, s_share as share_of_buyer_low, least(1, s_share + 0.05) as share_of_buyer_high,
    a as alternatives, supplier_substitutability, customer_substitutability,
    if(has_power, dep_s, null) as depends_supplier, if(has_power, dep_b, null) as depends_buyer,
    power, mutual, power - 0.1 as power_low, power + 0.1 as power_high, mutual - 0.1 as mutual_low,
    mutual + 0.1 as mutual_high, a as alternatives_seen,
    x - x * customer_substitutability / 2 as contribution_supplier_share,
    -x * customer_substitutability / 2 as contribution_customer_substitutability,
    -(s_share - s_share * supplier_substitutability / 2) as contribution_buyer_share,
    s_share * supplier_substitutability / 2 as contribution_supplier_substitutability,
    greatest(0, x - 0.02) as interval_low, least(1, x + 0.03) as interval_high, a = 0 as no_alt_suppliers_visible,
    s_share = 1 as no_second_source,
    case
        when not has_power then null when power >= 0.25 then if(mutual >= 0.6, 'secure', 'compete')
        when power > -0.25 then if(mutual >= 0.6, 'longer_term', 'compare')
        when mutual >= 0.6 then 'partner' when a >= 2 then 'quote' else 'build'
    end as posture,
    if(has_power, posture || '_other', null) as question_id,
    1 - dark / v_all as coverage, if(has_power, 0.04, null) as both_hidden_share, reason as reason_code,
    '6' as er_version, '1.0' as ruleset_version, v_all as supplier_volume_52w, dark as unnamed_volume_52w,
    bills as bills_52w, (next_cut * v_all - v) / (1 - next_cut) as commitment_volume,
    (next_cut * v_all - v) / (1 - next_cut) / v as commitment_share_of_purchases,
    null::double as commitment_share_of_slack, null::double as supplier_slack,
    case next_cut when 0.25 then 'A' when 0.1 then 'B' when 0.03 then 'C' end as next_tier,
    false as is_forwarder_heavy, false as is_related_party_suspected, x >= 0.1 as is_major_customer,
    others_squared / nullif(others * others, 0) as other_customers_hhi, g as growth_ratio
from powers cross join (values ('all'), ('9403')) as p(hs4) order by s, c, hs4
"""

ALTERNATIVE = """
with candidate as (select s, count(*) as customers, sum(v) as v from pair group by s having count(*) >= 2)
select
    pair.c as consignee_id, '9403' as hs4, candidate.s as alternative_supplier_id, $week as as_of_week,
    row_number() over (partition by pair.c order by candidate.v desc, candidate.s)::integer as rank,
    'same_country' as reason, 'A' as grade, false as already_supplies, candidate.v / 10 as spare_capacity,
    candidate.v / 20 as need,
    'kg' as volume_unit, 0.8 as similarity,
    candidate.customers || ' customers in the records' as evidence
from (select distinct c from pair) as pair cross join candidate
qualify rank <= 20 order by consignee_id, rank
"""

CONSOLIDATION = """
select
    $week as as_of_week, one.c as consignee_id, '9403' as hs4, one.s as from_supplier_id, two.s as to_supplier_id,
    one.v as moved_volume, two.unit as volume_unit, (one.v + two.v) / (two.v_all + one.v) as share_after,
    two.tier as tier_now, case when (one.v + two.v) / (two.v_all + one.v) >= 0.25 then 'A' else 'B' end as tier_after
from pair as one inner join pair as two on one.c = two.c and one.s <> two.s and one.unit = two.unit
order by 2, 4, 5
"""


CAPACITY = """
select
    s as supplier_id, 'all' as hs4, 13 as window_weeks, any_value(unit) as volume_unit,
    any_value(v_all) / 4 as last_window, any_value(v_all) / 3 as best_window_156w,
    ($monday + interval 6 day - interval 140 day)::date as best_window_156w_end
from pair group by s order by s
"""


def freeze(connection: duckdb.DuckDBPyConnection, home: Path, week: Week, revision: int = 1) -> Path:
    """Freeze `week` from the tables of `connection` into the home's snapshots; returns the folder."""
    folder = home / "snapshots" / week.text / f"r{revision}"
    folder.mkdir(parents=True)
    connection.execute(WINDOW, {"monday": week.monday})
    connection.execute(PAIRS)
    tables = {"tier": TIER, "leverage_snapshot": LEVERAGE, "alternative": ALTERNATIVE, "consolidation": CONSOLIDATION}
    tables["supplier_capacity"] = CAPACITY
    for name, query in tables.items():
        given = {"monday": week.monday} if query is CAPACITY else {"week": week.text}
        rows = connection.execute(query, given).to_arrow_table()
        connection.register("rows_given", rows)
        connection.execute(f"copy rows_given to '{folder / f'fct_{name}.parquet'}' (format parquet)")
        connection.unregister("rows_given")
    manifest = Manifest(
        week=week,
        revision=revision,
        cut_off=week.cut_off(14),
        reason="first publication" if revision == 1 else "corrected release",
        versions=Versions("6", "1.0", "0.1.0+made", "duckdb"),
        inputs=Inputs({week.cut_off(14): "made"}, {}, {week.monday: "still unpublished 14 days later"}),
        previous=None,
        tables={},
    )
    (folder / "manifest.json").write_text(document(manifest), encoding="utf-8")
    return folder
