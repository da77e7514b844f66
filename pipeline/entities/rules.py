"""What a batch must keep to before the registry takes it: nobody is named who was withheld, no id leads nowhere."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine, take_up

SPELLING_ROLES: Final = ("party", "forwarder", "bank", "none")
ENTITY_ROLES: Final = ("party", "forwarder", "bank", "trader", "manufacturer", "retailer", "unknown")
STATUSES: Final = ("live", "merged", "empty")
PREFIXES: Final = {"supplier": "sup_", "consignee": "con_"}
SHOWN: Final = 3
"""How many keys a message names."""

KINDS = ", ".join(f"'{kind}'" for kind in PREFIXES)
RIGHT_ID: Final = (
    r"regexp_matches(entity_id, case party_kind when 'supplier' then '^sup_' else '^con_' end || '[0-9a-f]{16}$')"
)
RULES: Final = {
    "a spelling is decided once": "select spelling_id from decided group by 1 having count(*) > 1",
    "a decision is complete": (
        "select spelling_id from decided where spelling_id is null or raw_name is null or raw_address is null or "
        "first_run_date is null or clean_name is null or is_order is null or role is null or method is null or "
        f"reasons is null or party_kind is null or party_kind not in ({KINDS}) or role not in {SPELLING_ROLES} or "
        "score not between 0 and 1"
    ),
    "a party without a name has no entity": (
        "select spelling_id from decided where entity_id is not null and (role = 'none' or clean_name = '' or "
        r"not regexp_matches(raw_name, '[\pL\pN]') or not regexp_matches(clean_name, '[\pL\pN]'))"
    ),
    "an order to a bank or forwarder names no entity": (
        "select spelling_id from decided where entity_id is not null and is_order and role <> 'party'"
    ),
    "whoever is named has an entity": (
        "select spelling_id from decided where entity_id is null and role <> 'none' "
        "and not (is_order and role <> 'party')"
    ),
    "an entity stands once": "select entity_id from made group by 1 having count(*) > 1",
    "an entity is complete": (
        "select entity_id from made where entity_id is null or entity_name is null or trim(entity_name) = '' or "
        f"role is null or role not in {ENTITY_ROLES} or status is null or status not in {STATUSES} or "
        f"confidence is null or confidence not between 0 and 1 or not {RIGHT_ID}"
    ),
    "a merged entity says into which, another does not": (
        "select entity_id from made where (status = 'merged') <> (merged_into is not null) or merged_into = entity_id"
    ),
    "a decision's entity is live and of its kind": (
        "select spelling_id from decided left join standing using (entity_id) where entity_id is not null and "
        "(standing.status is distinct from 'live' or decided.party_kind <> standing.party_kind)"
    ),
    "no spelling is left with an entity that is gone": (
        "select spelling_id from left_as_they_were semi join (select entity_id from made where status <> 'live') "
        "using (entity_id)"
    ),
    "an entity is merged into a live one": (
        "select made.entity_id from made left join standing on made.merged_into = standing.entity_id "
        "where made.status = 'merged' and standing.status is distinct from 'live'"
    ),
}


def anchor_digest_sql(spelling_id: str) -> str:
    """What follows the prefix in the id of the entity that is named after a spelling, in SQL."""
    return f"left(md5(cast({spelling_id} as varchar)), 16)"


def broken_rules(settings: Settings, decisions: pa.Table, entities: pa.Table) -> list[str]:
    """The rules that a batch of `decisions` and `entities` would break, each with the first keys that break it."""
    before = registry.rows_sql(settings, registry.DECISIONS)
    known = registry.rows_sql(settings, registry.ENTITIES)
    with closing(engine(settings)) as connection:
        take_up(connection, "decided", decisions)
        take_up(connection, "made", entities)
        connection.execute(
            "create temp view standing as select entity_id, party_kind, status from made union all "
            f"select entity_id, party_kind, status from {known} as known anti join made using (entity_id)"
        )
        connection.execute(
            "create temp view left_as_they_were as "
            f"select spelling_id, entity_id from {before} as before anti join decided using (spelling_id)"
        )
        broken = []
        for rule, query in RULES.items():
            keys = [str(key) for (key,) in connection.execute(f"{query} order by all limit {SHOWN}").fetchall()]
            if keys:
                broken.append(f"{rule}, but not {', '.join(keys)}")
    return broken
