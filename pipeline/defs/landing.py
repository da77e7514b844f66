"""The asset `landing`: bytes of a release day, as delivered."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import dagster as dg

from pipeline.defs import steps
from pipeline.defs.partitions import RECHECK_TAG, release_partitions, run_days
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.entities.night import is_waiting
from pipeline.ingest.land import Landing
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.warehouse.pending import pending_batches, pending_days

LANDING: Final = dg.AssetKey(["landing"])
SHOWN_FAULTS: Final = 5
"""How many faults a message names; the journal has them all."""


def definitions(settings: Settings, progress: Progress, *, for_range: bool, resolver_model: str) -> dg.Definitions:
    """The asset, daily partitioned; for a range of days in one run see `pipeline.definitions`.

    A run without new bytes goes on all the same where releases, or spellings under `resolver_model`, wait for it.
    """
    partitions = None if for_range else release_partitions(settings)

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                LANDING,
                description="Files of a release day, bytes unchanged, in `landing/<release_date>/`, with provenance. "
                "Not there: the source has not published the day, or lacks a required table; both are tried again.",
                partitions_def=partitions,
                skippable=True,
                group_name="releases",
                kinds={"file"},
            )
        ],
        name="land",
        partitions_def=partitions,
        backfill_policy=None if for_range else dg.BackfillPolicy.single_run(),
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def land(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        days = run_days(context.run.tags)
        again = context.run.tags.get(RECHECK_TAG, "true") == "true"
        landings = steps.land(settings, days, again=again, progress=progress)
        context.log.info(count_outcomes(landings))
        if for_range:
            for item in landings:
                if item.files:
                    metadata = landing_metadata([item], [])
                    context.log_event(
                        dg.AssetMaterialization(LANDING, partition=str(item.release_date), metadata=metadata)
                    )
        failed = [item for item in landings if item.outcome == "failed"]
        if failed and len(failed) == len(landings):
            raise dg.Failure(explain_failed(failed), allow_retries=False)
        waiting = steps.waiting_to_load(settings, days)
        unapplied = pending_days(settings)
        undecided = is_waiting(settings, resolver_model) or pending_batches(settings)
        if waiting or unapplied or undecided or steps.staged_days(settings, days):
            yield dg.MaterializeResult(asset_key=LANDING, metadata=landing_metadata(landings, unapplied))
        else:
            context.log.info("Nothing to load: the rest of this run is skipped.")

    return dg.Definitions(assets=[land])


def count_outcomes(landings: Sequence[Landing]) -> str:
    """Such as "3 landed, 1 not_published: 2026-11-21 none of the required tables ..."."""
    counts = Counter(item.outcome for item in landings)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no day asked for"
    reasons = [f"{item.release_date} {item.reason}" for item in landings if item.reason][:SHOWN_FAULTS]
    return "; ".join([told, *reasons])


def explain_failed(failed: Sequence[Landing]) -> str:
    """Each failed day with its reason, and what to do."""
    told = "; ".join(f"{item.release_date}: {item.reason}" for item in failed[:SHOWN_FAULTS])
    more = f" (and {len(failed) - SHOWN_FAULTS} more days)" if len(failed) > SHOWN_FAULTS else ""
    return f"{told}{more}. Mend the cause and run the day again; what was loaded before is untouched."


def landing_metadata(landings: Sequence[Landing], unapplied: Sequence[date]) -> dict[str, dg.MetadataValue]:
    """Counts for the UI's plots."""
    files = [file for item in landings if item.outcome == "landed" for file in item.files]
    return {
        "release days": dg.MetadataValue.int(len(landings)),
        "landed days": dg.MetadataValue.int(sum(item.outcome == "landed" for item in landings)),
        "files": dg.MetadataValue.int(len(files)),
        "bytes": dg.MetadataValue.int(sum(file.bytes for file in files)),
        "outcomes": dg.MetadataValue.text(count_outcomes(landings)),
        "loaded before, not in the warehouse yet": dg.MetadataValue.int(len(unapplied)),
    }
