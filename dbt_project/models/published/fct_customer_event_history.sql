-- One row per revision and row of fct_customer_event.

{{ all_frozen('fct_customer_event') }}
