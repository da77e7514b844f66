"""Rules that a batch must satisfy before the registry accepts it, and the vocabulary of its columns."""

from __future__ import annotations

from typing import Final

import duckdb

VARIANT_ROLES: Final = ("party", "forwarder", "bank", "none")
ENTITY_ROLES: Final = ("party", "forwarder", "bank", "trader", "manufacturer", "retailer", "unknown")
STATUSES: Final = ("live", "merged", "empty")
PREFIXES: Final = {"supplier": "sup_", "consignee": "con_"}
SHOWN: Final = 3
"""Keys that a message lists."""

KINDS = ", ".join(f"'{kind}'" for kind in PREFIXES)
RIGHT_ID: Final = (
    r"regexp_matches(entity_id, case party_kind when 'supplier' then '^sup_' else '^con_' end || '[0-9a-f]{16}$')"
)
RULES: Final = {
    "each name variant is decided once": "select spelling_id from decided group by 1 having count(*) > 1",
    "each decision is complete": (
        "select spelling_id from decided where spelling_id is null or raw_name is null or raw_address is null or "
        "first_run_date is null or clean_name is null or is_order is null or role is null or method is null or "
        f"reasons is null or party_kind is null or party_kind not in ({KINDS}) or role not in {VARIANT_ROLES} or "
        "score not between 0 and 1"
    ),
    "a party without a name has no entity": (
        "select spelling_id from decided where entity_id is not null and (role = 'none' or clean_name = '' or "
        r"not regexp_matches(raw_name, '[\pL\pN]') or not regexp_matches(clean_name, '[\pL\pN]'))"
    ),
    "an order to a bank or forwarder names no entity": (
        "select spelling_id from decided where entity_id is not null and is_order and role <> 'party'"
    ),
    "each named party has an entity": (
        "select spelling_id from decided where entity_id is null and role <> 'none' "
        "and not (is_order and role <> 'party')"
    ),
    "each entity has one row": "select entity_id from changed group by 1 having count(*) > 1",
    "each entity is complete": (
        "select entity_id from changed where entity_id is null or entity_name is null or trim(entity_name) = '' or "
        f"role is null or role not in {ENTITY_ROLES} or status is null or status not in {STATUSES} or "
        f"confidence is null or confidence not between 0 and 1 or not {RIGHT_ID}"
    ),
    "only a merged entity names another one, into which it was merged": (
        "select entity_id from changed "
        "where (status = 'merged') <> (merged_into is not null) or merged_into = entity_id"
    ),
    "a decision's entity is live and of its kind": (
        "select spelling_id from decided left join latest using (entity_id) where entity_id is not null and "
        "(latest.status is distinct from 'live' or decided.party_kind <> latest.party_kind)"
    ),
    "no name variant stays with an entity that is no longer live": (
        "select spelling_id from undecided semi join (select entity_id from changed where status <> 'live') "
        "using (entity_id)"
    ),
    "an entity is merged into a live one": (
        "select changed.entity_id from changed left join latest on changed.merged_into = latest.entity_id "
        "where changed.status = 'merged' and latest.status is distinct from 'live'"
    ),
}


def anchor_digest_sql(spelling_id: str) -> str:
    """Return, as SQL, what follows the prefix in the id of the entity whose anchor is this name variant."""
    return f"left(md5(cast({spelling_id} as varchar)), 16)"


def broken_rules(connection: duckdb.DuckDBPyConnection, decisions: str, entities: str) -> list[str]:
    """Return the rules that a batch would break, each with the first keys that break it.

    Args:
        connection: has the batch as the tables `decided` and `changed`.
        decisions: a query for the registry's current decisions.
        entities: a query for its current entities.
    """
    connection.execute(
        "create temp view latest as select entity_id, party_kind, status from changed union all "
        f"select entity_id, party_kind, status from {entities} as before anti join changed using (entity_id)"
    )
    connection.execute(
        "create temp view undecided as "
        f"select spelling_id, entity_id from {decisions} as before anti join decided using (spelling_id)"
    )
    broken = []
    for rule, query in RULES.items():
        keys = [str(key) for (key,) in connection.execute(f"{query} order by all limit {SHOWN}").fetchall()]
        if keys:
            broken.append(f"{rule}: broken by {', '.join(keys)}")
    return broken
