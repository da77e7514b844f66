"""Everything that Dagster loads: the stages of `pipeline.defs`, with policies laid over all assets in one place."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import dagster as dg

from pipeline.defs import automation, bi, dbt, inbox, parties, releases, weekly
from pipeline.defs.resources import resources
from pipeline.entities.matching.resolve import Matching
from pipeline.progress import Progress
from pipeline.settings import Settings, load_settings

# Checks with partitions are marked as a preview in dagster 1.13; uv.lock pins the version that is tested.
warnings.filterwarnings("ignore", category=dg.PreviewWarning)
warnings.filterwarnings("ignore", category=dg.BetaWarning)

OWNERS: Final = ["team:import-leverage"]
FRESHNESS: Final = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=60), warn_window=timedelta(hours=36))
"""A night a day: one missed night warns, two fail. Weekend nights run too, whether or not a release is published."""


def build_defs(settings: Settings | None = None, overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """Build the definitions: the one entry of production, command line and tests.

    Args:
        settings: source, home and limits; those of the environment by default.
        overrides: resources that replace those of production, such as the `progress` of the command line.
    """
    settings = settings or load_settings()
    models = dbt.Models.load(settings)
    resolver = Matching()
    stages = dg.Definitions.merge(
        releases.definitions(settings, resolver),
        parties.definitions(settings, resolver),
        dbt.definitions(settings, models),
        weekly.definitions(settings, models),
        bi.definitions(settings, models),
        automation.definitions(settings, models),
        inbox.definitions(settings),
        dg.Definitions(resources={"progress": Progress(), **resources(settings), **(overrides or {})}),
    )
    made = {key for asset in stages.assets or () for key in getattr(asset, "keys", ())} | {releases.OUTCOMES}
    sources = dbt.unmade_sources(models, made)
    return dg.Definitions.merge(stages, dg.Definitions(assets=sources)).map_asset_specs(func=_with_policies)


def _with_policies(spec: dg.AssetSpec) -> dg.AssetSpec:
    spec = spec.replace_attributes(owners=OWNERS)
    return spec.replace_attributes(freshness_policy=FRESHNESS) if spec.group_name == dbt.MARTS else spec


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` loads."""
    return build_defs()
