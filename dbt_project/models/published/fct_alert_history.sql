-- One row per revision and alert that it has.

{{ all_frozen('fct_alert') }}
