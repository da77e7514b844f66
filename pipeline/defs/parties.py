"""The asset `parties`: who is who, decided for every spelling of the accepted releases."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from pipeline.defs.records import raw_key
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.entities.matching.resolve import Matching
from pipeline.entities.name_variants import TABLES_OF_PARTIES
from pipeline.entities.night import Decided, Resolver, decide_night
from pipeline.entities.overrides.file import OverridesError
from pipeline.entities.registry import RegistryError
from pipeline.progress import Progress
from pipeline.settings import Settings

PARTIES: Final = dg.AssetKey(["parties"])
"""The dbt sources of decisions, entities and batches name the same."""
RESOLVER: Final[Resolver] = Matching()


def definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """The asset; it has no partitions: a run looks at every accepted release not looked at yet, whatever its days."""

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                PARTIES,
                deps=[raw_key(table) for table in TABLES_OF_PARTIES],
                description="Decisions on who each spelling of a party is, in batches below `state/parties/` that are "
                "only added. A run without new spellings, overrides or rules adds none.",
                group_name="parties",
                kinds={"parquet"},
            )
        ],
        name="resolve",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def resolve(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        progress.started("resolve", 1)
        try:
            decided = decide_night(settings, RESOLVER)
        except (RegistryError, OverridesError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        progress.advanced(f"{decided.new_spellings} new spellings")
        for warning in decided.warnings:
            progress.warned(warning)
            context.log.warning(warning)
        context.log.info("%s new spellings; er_version %s", decided.new_spellings, decided.er_version or "none yet")
        yield dg.MaterializeResult(asset_key=PARTIES, metadata=decided_metadata(decided))

    return dg.Definitions(assets=[resolve])


def decided_metadata(decided: Decided) -> dict[str, dg.MetadataValue]:
    """Counts for the UI's plots."""
    counts = {**decided.batch.counts} if decided.batch else {}
    return {
        "er_version": dg.MetadataValue.text(decided.er_version or "none yet"),
        "release days": dg.MetadataValue.int(decided.release_days),
        "new spellings": dg.MetadataValue.int(decided.new_spellings),
        **{name: dg.MetadataValue.int(number) for name, number in counts.items() if name != "new_spellings"},
    }
