{{ config(touched_by='queue_family', touched_key='family_key') }}
{{ built_after('queue_shipment') }}

-- One row per shipment: a bill, or one use of a bill number, with the version that counts and how it stands: in force,
-- deleted, or covered by the bills one level below that carry the same cargo.

{{ shipments_of(ref('int_record'), touched('queue_family', 'family_key')) }}
