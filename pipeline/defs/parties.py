"""The asset `parties`: the entity of every name variant of the accepted releases."""

from typing import Any, Final

import dagster as dg

from pipeline.defs.releases import raw_key
from pipeline.defs.resources import WRITES, step_failure
from pipeline.entities.name_variants import PARTY_TABLES
from pipeline.entities.night import Decided, Resolver, decide_night
from pipeline.progress import Progress
from pipeline.settings import Settings

PARTIES: Final = dg.AssetKey(["parties"])
"""The dbt sources of decisions, entities and batches have the same."""


def definitions(settings: Settings, resolver: Resolver) -> dg.Definitions:
    """The asset; it has no partitions: a run decides every accepted release that is not decided yet, of any day."""

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                PARTIES,
                deps=[raw_key(table) for table in PARTY_TABLES],
                description="Decisions on the entity of each name variant, in append-only batches below "
                "`state/parties/`. A run without new name variants, overrides or rules adds none.",
                group_name="parties",
                kinds={"parquet"},
            )
        ],
        name="resolve",
        **WRITES,
    )
    def resolve(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        progress: Progress = context.resources.progress
        progress.started("resolve", 1)
        with step_failure():
            decided = decide_night(settings, resolver)
        progress.advanced(f"{decided.new_variants} new name variants")
        for warning in decided.warnings:
            progress.warned(warning)
            context.log.warning(warning)
        context.log.info("%s new name variants; er_version %s", decided.new_variants, decided.er_version or "none yet")
        version = dg.DataVersion(decided.er_version) if decided.er_version else None
        return dg.MaterializeResult(asset_key=PARTIES, metadata=decided_metadata(decided), data_version=version)

    return dg.Definitions(assets=[resolve])


def decided_metadata(decided: Decided) -> dict[str, Any]:
    """Counts for the UI's plots."""
    counts = {**decided.batch.counts} if decided.batch else {}
    return {
        "er_version": decided.er_version or "none yet",
        "release days": decided.release_days,
        "new name variants": decided.new_variants,
        **{name: number for name, number in counts.items() if name != "new_spellings"},
    }
