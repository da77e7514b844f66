-- One row per consignee, product, two of its suppliers and as-of week: what moving the volume makes of its tier; newest
-- revision of each week.

{{ newest_frozen('fct_consolidation') }}
