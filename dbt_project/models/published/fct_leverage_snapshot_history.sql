-- One row per revision and row of fct_leverage_snapshot.

{{ all_frozen('fct_leverage_snapshot') }}
