-- One row per revision and row of fct_tier.

{{ all_frozen('fct_tier') }}
