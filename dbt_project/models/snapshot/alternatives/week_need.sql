-- One row per buyer and product with the volume that a second source would have to supply, and the location of the
-- largest supplier.

with volumes as (
    select
        volumes.consignee_id,
        volumes.hs4,
        volumes.supplier_id,
        volumes.bills,
        products.product_no,
        products.is_in_teu,
        cast(
            case
                when not products.is_in_teu then coalesce(volumes.weight_kg, 0)
                when volumes.teu > 0 then volumes.teu
                else coalesce(volumes.weight_kg, 0) * products.teu_per_kg
            end
            as decimal(18, 6)
        ) as volume
    from {{ ref('week_volume') }} as volumes
    inner join {{ ref('week_product_unit') }} as products on volumes.hs4 = products.hs4
    where volumes.consignee_id is not null
),

buyers as (
    select
        consignee_id,
        hs4,
        product_no,
        is_in_teu,
        sum(bills) as bills_52w,
        sum(volume) as volume_52w
    from volumes
    group by consignee_id, hs4, product_no, is_in_teu
),

largest as (
    select
        consignee_id,
        hs4,
        supplier_id,
        volume,
        row_number() over (partition by consignee_id, hs4 order by volume desc, supplier_id asc) as rank
    from volumes
    where supplier_id is not null
)

select
    cast(row_number() over (order by buyers.consignee_id, buyers.hs4) as integer) as need_no,
    buyers.consignee_id,
    customers.consignee_key,
    buyers.hs4,
    buyers.product_no,
    buyers.is_in_teu,
    {{ threshold('likeness_bills_of_buyer') }} / buyers.bills_52w as text_draw,
    -- order of magnitude of what it takes of the product
    cast(floor(log10(greatest(cast(buyers.volume_52w as double), 1))) as integer) as buyer_band,
    coalesce(consignees.group_id, buyers.consignee_id) as group_id,
    largest.supplier_id as largest_supplier_id,
    -- wide, since a product of narrow decimals stays narrow and may not fit
    cast(
        cast(largest.volume as decimal(20, 6)) * cast({{ threshold('need_part') }} as decimal(6, 4))
        as decimal(18, 6)
    ) as need,
    suppliers.country_code,
    suppliers.city
from buyers
inner join largest on buyers.consignee_id = largest.consignee_id and buyers.hs4 = largest.hs4 and largest.rank = 1
inner join {{ ref('week_consignee_entity') }} as customers on buyers.consignee_id = customers.consignee_id
left join {{ ref('dim_consignee') }} as consignees on buyers.consignee_id = consignees.consignee_id
left join {{ ref('dim_supplier') }} as suppliers on largest.supplier_id = suppliers.supplier_id
