-- One row per supplier, product and as-of week; newest revision of each week.

{{ newest_frozen('fct_supplier_capacity') }}
