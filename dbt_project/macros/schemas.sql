{#- Each layer has a schema of its own, without dbt's prefix: a home is one target. -#}
{% macro generate_schema_name(custom_schema_name, node) %}{{ return(custom_schema_name or target.schema) }}{% endmacro %}
