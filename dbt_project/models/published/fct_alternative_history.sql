-- One row per revision and row of fct_alternative.

{{ all_frozen('fct_alternative') }}
