-- One row per revision and row of fct_consolidation.

{{ all_frozen('fct_consolidation') }}
