-- One row per revision and alert that it tells.

{{ all_frozen('fct_alert') }}
