{{ config(incremental_strategy='append') }}

-- One row per batch of decisions that the tables hold: int_release_applied adds them, last of a build. A full refresh
-- forgets them first: when it is killed, all are pending.

select cast(null as bigint) as batch
where false
