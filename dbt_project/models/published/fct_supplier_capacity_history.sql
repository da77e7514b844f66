-- One row per revision and row of fct_supplier_capacity.

{{ all_frozen('fct_supplier_capacity') }}
