-- One row per supplier, consignee, event, the week it began and as-of week; newest revision of each week.

{{ newest_frozen('fct_customer_event') }}
