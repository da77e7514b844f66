-- One row per as-of week, supplier, consignee and product, and one for all products: who depends on whom; newest
-- revision of each week.

{{ newest_frozen('fct_leverage_snapshot') }}
