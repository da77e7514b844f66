"""Everything that Dagster loads: the stages of `pipeline.defs`, and policies laid over all assets in one place."""

from __future__ import annotations

import warnings
from datetime import timedelta
from typing import Final

import dagster as dg

from pipeline.defs import dbt, delivery, landing, parties, publish, records, schedules, weekly
from pipeline.defs.turns import WRITER, writer_resource
from pipeline.progress import Progress
from pipeline.settings import Settings, load_settings

# Checks with partitions are marked as a preview in dagster 1.13; the lock holds the version that is tested.
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
warnings.filterwarnings("ignore", category=dg.BetaWarning)

OWNERS: Final = ["team:import-leverage"]
FRESHNESS: Final = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=60), warn_window=timedelta(hours=36))
"""A night a day: one missed night warns, two fail. Weekend nights run too, whether or not a release is published."""


def build_defs(
    settings: Settings | None = None, progress: Progress | None = None, *, for_range: bool = False
) -> dg.Definitions:
    """Build the definitions for the settings of the environment, or for other ones.

    Args:
        settings: source, home and limits; tests and the command line give their own.
        progress: told of each step; the command line draws it.
        for_range: for one run over many days: no asset has partitions, the days are told one by one as they are
            landed and staged, and the checks report once for all of them. With partitions Dagster plans every asset
            and check for every day before the run begins.
    """
    settings = settings or load_settings()
    progress = progress or Progress()
    merged = dg.Definitions.merge(
        landing.definitions(settings, progress, for_range=for_range, resolver_model=parties.RESOLVER.model),
        records.definitions(settings, progress, for_range=for_range),
        parties.definitions(settings, progress),
        dbt.definitions(settings, progress),
        weekly.definitions(settings, progress),
        publish.definitions(settings, progress),
        delivery.definitions(settings, progress),
        schedules.definitions(settings),
        dg.Definitions(resources={WRITER: writer_resource(settings)}),
    )
    return merged.map_asset_specs(func=_with_policies)


def _with_policies(spec: dg.AssetSpec) -> dg.AssetSpec:
    spec = spec.replace_attributes(owners=OWNERS)
    return spec.replace_attributes(freshness_policy=FRESHNESS) if spec.group_name == dbt.MARTS else spec


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` loads."""
    return build_defs()
