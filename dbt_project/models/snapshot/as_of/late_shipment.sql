-- One row per shipment of a late family, with the version that counted at the cut-off and how it stood.

{% set known %}
        family_key in (select late.family_key from {{ ref('late_family') }} as late)
        and run_date <= (select week.cut_off from {{ ref('asof_week') }} as week)
{%- endset %}

{{ shipments_of(ref('int_record'), known) }}
