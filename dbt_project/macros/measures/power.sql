{#-
The two axes of a leverage row, and what each of the four measures contributes to power: Shapley values of the game that starts from
zero, so the four add up to power. Reads the columns share_of_supplier, share_of_buyer, customer_substitutability and
supplier_substitutability. `pipeline.snapshots.differences.axes` runs the same macro for `leverage diff` and for what-ifs.
-#}
{% macro power_axes() -%}
    share_of_supplier * (1 - customer_substitutability) as depends_supplier,
    share_of_buyer * (1 - supplier_substitutability) as depends_buyer,
    share_of_supplier * (1 - customer_substitutability) - share_of_buyer * (1 - supplier_substitutability) as power,
    share_of_supplier * (1 - customer_substitutability) + share_of_buyer * (1 - supplier_substitutability) as mutual,
    share_of_supplier - share_of_supplier * customer_substitutability / 2 as contribution_supplier_share,
    -share_of_supplier * customer_substitutability / 2 as contribution_customer_substitutability,
    -(share_of_buyer - share_of_buyer * supplier_substitutability / 2) as contribution_buyer_share,
    share_of_buyer * supplier_substitutability / 2 as contribution_supplier_substitutability
{%- endmacro %}
