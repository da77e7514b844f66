-- One row per supplier, consignee and as-of week: the customer's place with its supplier; newest revision of each week.

{{ newest_frozen('fct_tier') }}
