{{ config(incremental_strategy='append') }}

-- int_release_applied adds the batches, last of a build. A full refresh forgets them first: when it is killed, all are
-- pending.

select cast(null as bigint) as batch
where false
