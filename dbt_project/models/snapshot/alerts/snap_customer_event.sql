-- One row per supplier, consignee, event and the week it began, as of the week: who was won, lost, fell silent, went
-- dark or resurfaced. Alerts of these types come of the same findings; briefs read this table.

select
    week.as_of_week,
    sellers.supplier_id,
    customers.consignee_id,
    findings.event,
    {{ week_text(monday_of('findings.began')) }} as since_week,
    {{ week_text(monday_of('findings.until_week')) }} as until_week,
    findings.from_value as share_before,
    findings.to_value as share_after,
    findings.certainty,
    findings.customer_bills,
    findings.unnamed_change as unnamed_bills_change
from {{ ref('week_finding') }} as findings
inner join {{ ref('week_supplier_entity') }} as sellers on findings.supplier_key = sellers.supplier_key
inner join {{ ref('week_consignee_entity') }} as customers on findings.consignee_key = customers.consignee_key
inner join {{ ref('asof_week') }} as week on findings.at_week = week.week_number
where findings.event is not null
