"""Runs that write take turns: by a tag in Dagster's queue, and by a file lock across processes."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from pipeline.settings import Settings
from pipeline.state.writer_lock import writer

WRITER: Final = "writer"
WRITES_TAG: Final = "leverage/writes"


def writer_tags() -> dict[str, str]:
    """What marks a run or step as one that writes; `dagster.yaml` lets one such run go at a time."""
    return {WRITES_TAG: "warehouse"}


def writer_resource(settings: Settings) -> dg.ResourceDefinition:
    """Holds the home's writer lock for as long as a run goes on; the operating system frees it when one is killed."""

    @dg.resource
    def turn(context: dg.InitResourceContext) -> Iterator[None]:
        what = f"run {context.run_id[:8]}" if context.run_id else "a run"
        with writer(settings, what, lambda text: context.log.warning(text) if context.log else None):
            yield

    return turn
