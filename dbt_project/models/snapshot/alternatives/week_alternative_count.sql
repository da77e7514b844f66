-- One row per buyer and product with the number of suppliers of each grade, its own ones included.
--
-- No buyer is compared with any supplier: among suppliers in order of spare capacity a need has a rank, and that
-- rank is the number of those that could meet it; suppliers of one customer are no grade B to that customer alone.

with roomy as (  -- noqa: ST03
    select
        product_no,
        spare_quarter,
        max(rank) as suppliers
    from (
        select
            product_no,
            spare_quarter,
            row_number() over (partition by product_no order by spare_quarter desc) as rank
        from {{ ref('week_candidate') }}
        where spare_quarter is not null
    ) as ranked
    group by product_no, spare_quarter
),

crowds as (
    select
        product_no,
        count(*) as suppliers,
        count(*) filter (where customers_52w > 0) as serving
    from {{ ref('week_candidate') }}
    group by product_no
),

exclusive as (
    select
        product_no,
        only_customer_id,
        count(*) as suppliers
    from {{ ref('week_candidate') }}
    where only_customer_id is not null
    group by product_no, only_customer_id
),

asked as (
    select
        need_no,
        product_no,
        need
    from {{ ref('week_need') }}
),

able as (
    select
        asked.need_no,
        roomy.suppliers  -- noqa: RF01
    from asked
    {{ join_next('asked', 'roomy', ['product_no'], 'need', 'spare_quarter') }}
),

counted as (
    select
        needs.consignee_id,
        needs.hs4,
        coalesce(able.suppliers, 0) as able,
        coalesce(crowds.serving, 0) - coalesce(exclusive.suppliers, 0) as serving_others,
        coalesce(crowds.suppliers, 0) as seen
    from {{ ref('week_need') }} as needs
    left join able on needs.need_no = able.need_no
    left join crowds on needs.product_no = crowds.product_no
    left join exclusive on needs.product_no = exclusive.product_no and needs.group_id = exclusive.only_customer_id
)

select
    consignee_id,
    hs4,
    cast(able as bigint) as grade_a,
    cast(serving_others - able as bigint) as grade_b,
    cast(seen - serving_others as bigint) as grade_c
from counted
