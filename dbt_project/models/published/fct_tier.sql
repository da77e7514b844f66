{{ newest_frozen('fct_tier') }}
