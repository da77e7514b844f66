-- One row per named supplier and consignee of the 52 weeks: the share with its bounds, and how the supplier could do
-- without.

with weeks as (
    select
        bills.supplier_key,
        week.week_number - bills.week_number as weeks_ago,
        count(distinct coalesce(bills.consignee_key, 0)) as shipments,
        sum(case when suppliers.is_in_teu then bills.teu else bills.weight_kg end) as volume
    from {{ ref('week_bill') }} as bills
    inner join {{ ref('week_supplier') }} as suppliers on bills.supplier_key = suppliers.supplier_key
    cross join {{ ref('asof_week') }} as week
    group by bills.supplier_key, weeks_ago
),

halves as (
    select
        supplier_key,
        max(weeks_ago) >= {{ weeks_of_year() }} + {{ half_year_weeks() }} - 1 as is_known_a_year_before,
        sum(case when weeks_ago < {{ weeks_of_year() }} then shipments end) as shipments,
        sum(case when weeks_ago < {{ weeks_of_year() }} then volume end) as volume,
        sum(case when weeks_ago < {{ half_year_weeks() }} then volume end) as now,
        sum(case when weeks_ago >= {{ half_year_weeks() }} and weeks_ago < {{ weeks_of_year() }} then volume end)
            as half_before,
        sum(
            case
                when
                    weeks_ago >= {{ weeks_of_year() }}
                    and weeks_ago < {{ weeks_of_year() }} + {{ half_year_weeks() }}
                    then volume
            end
        ) as year_before
    from weeks
    group by supplier_key
),

-- so many average shipments beside either half leave the ratio of few shipments near 1
damped as (
    select
        supplier_key,
        cast(coalesce(now, 0) as double) as now,
        cast(coalesce(case when is_known_a_year_before then year_before else half_before end, 0) as double) as past,
        cast({{ threshold('growth_shipments') }} as double) * cast(volume as double) / shipments as damping
    from halves
),

-- a supplier's last 26 weeks against the same weeks a year before, or against the 26 before them where it is not known
-- for so long
growths as (
    select
        supplier_key,
        case when damping > 0 then least((now + damping) / (past + damping), 1.0) else 1.0 end as growth_ratio
    from damped
),

pairs as (
    select
        pairs.supplier_key,
        pairs.consignee_key,
        pairs.bills,
        pairs.containers,
        pairs.weight_kg,
        suppliers.is_in_teu,
        {{ unit_volume('suppliers.is_in_teu', 'pairs.teu', 'pairs.weight_kg') }} as volume,
        suppliers.volume as supplier_volume,
        suppliers.unnamed_volume,
        suppliers.customers,
        suppliers.named_volume,
        suppliers.named_squares,
        {{ unit_volume('suppliers.is_in_teu', 'pairs.uncertain_teu', 'pairs.uncertain_kg') }} as uncertain_volume,
        suppliers.uncertain_volume as supplier_uncertain_volume,
        suppliers.effective_shipments,
        suppliers.named_effective_shipments,
        growths.growth_ratio,
        refills.refill_scale,
        -- whether all bills of the supplier are loaded
        whole.side is not null or covered.firm_key is not null as is_inside
    from {{ ref('week_pair') }} as pairs
    inner join {{ ref('week_supplier') }} as suppliers on pairs.supplier_key = suppliers.supplier_key
    inner join growths on pairs.supplier_key = growths.supplier_key
    cross join {{ ref('week_refill') }} as refills
    left join {{ ref('week_scope') }} as whole on whole.side = 'all'
    left join {{ ref('week_scope') }} as covered
        on covered.side = 'supplier' and pairs.supplier_key = covered.firm_key
    where pairs.consignee_key is not null
),

others as (
    select
        *,
        named_volume - volume as others_volume,
        named_squares - volume * volume as others_squares
    from pairs
),

spread as (
    select
        *,
        case
            when customers = 1 or others_volume <= 0 then null
            when customers = 2 or others_squares >= others_volume * others_volume then 1.0
            else cast(others_squares as double) / cast(others_volume as double) / cast(others_volume as double)
        end as other_customers_hhi
    from others
)

select
    supplier_key,
    consignee_key,
    bills,
    containers,
    weight_kg,
    is_in_teu,
    volume,
    case when is_inside then {{ share_of('volume', 'supplier_volume') }} end as share,
    case when is_inside then {{ share_of('volume - uncertain_volume', 'supplier_volume') }} end as share_low,
    case
        when is_inside
            then {{ share_of(
                'volume + unnamed_volume + supplier_uncertain_volume - uncertain_volume', 'supplier_volume'
            ) }}
    end as share_high,
    is_inside,
    -- were the unnamed volume split like the named one
    case when is_inside then {{ share_of('volume', 'named_volume') }} end as named_share,
    effective_shipments,
    named_effective_shipments,
    other_customers_hhi,
    growth_ratio,
    -- without other customers this one cannot be replaced
    case
        when other_customers_hhi is null then 0.0
        else refill_scale * (1 - other_customers_hhi) * growth_ratio
    end as customer_substitutability
from spread
