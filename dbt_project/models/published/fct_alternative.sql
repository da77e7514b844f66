-- One row per consignee, product, candidate supplier and as-of week; newest revision of each week.

{{ newest_frozen('fct_alternative') }}
