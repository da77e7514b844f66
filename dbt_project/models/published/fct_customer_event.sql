{{ newest_frozen('fct_customer_event') }}
