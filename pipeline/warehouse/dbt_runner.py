"""Call dbt in this process, pass its events on, close the files it opened, and explain its failures."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from pipeline.errors import PipelineError
from pipeline.settings import PREFIX, Settings
from pipeline.warehouse.connection import engine
from pipeline.warehouse.cutoff import AsOf, week_variables
from pipeline.warehouse.dbt_arguments import dbt_paths, parse_arguments
from pipeline.warehouse.project_key import project_key
from pipeline.warehouse.source_views import refresh_source_views

Event = dict[str, Any]
HOME_VARIABLE: Final = f"{PREFIX}HOME"
THREADS_VARIABLE: Final = f"{PREFIX}THREADS"
MEMORY_VARIABLE: Final = f"{PREFIX}MEMORY_LIMIT"
AS_OF_VARIABLE: Final = f"{PREFIX}AS_OF_BATCH"
FAILED: Final = ("error", "fail", "runtime error")
SHOWN_FAULTS: Final = 5
OTHER_MODELS: Final = "are out of sync"
"""What dbt says when an incremental model's columns differ from its table's."""
DAMAGED_FILE: Final = "No magic bytes found"
"""What DuckDB says of a Parquet file that is cut or overwritten."""
_PARSED: Final[dict[str, Any]] = {}
"""The project as parsed, by its key; at most one."""


class DbtError(PipelineError):
    """dbt failed; the message names each failing node and its fault.

    Attributes:
        results: dbt's results of the nodes that it came to, also of those that went well.
    """

    def __init__(self, message: str, results: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.results = results


def run_dbt(
    settings: Settings,
    arguments: Sequence[str],
    on_event: Callable[[Event], None] | None = None,
    as_of_batch: int | None = None,
    as_of: AsOf | None = None,
) -> Any:
    """Call dbt with `arguments`; its DuckDB handles are closed when this returns.

    Args:
        settings: whose home the profile reads.
        arguments: see `pipeline.warehouse.dbt_arguments`.
        on_event: called with each of dbt's structured log events as a dictionary.
        as_of_batch: number of the batch of decisions on parties as of which a full refresh builds; None is the newest.
        as_of: the closed week that weekly models build; they cannot be built without one.

    Returns:
        dbt's result: a manifest for `parse`, the node results else.

    Raises:
        DbtError: a node or dbt itself failed.
        WarehouseError: the warehouse is damaged or in use by another process.
    """
    callbacks: list[Callable[[Any], None]] = [] if on_event is None else [_as_dictionary(on_event)]
    if arguments[0] != "parse":
        refresh_source_views(settings, Path(arguments[arguments.index("--project-dir") + 1]))
    with _variables(settings, as_of_batch, as_of):
        try:
            answer = _invoke(settings, arguments, callbacks)
        finally:
            close_handles()
    if answer.success:
        return answer.result
    raise DbtError(explain(arguments[0], answer.result, answer.exception), getattr(answer.result, "results", ()))


def _invoke(settings: Settings, arguments: Sequence[str], callbacks: list[Callable[[Any], None]]) -> Any:
    """Call dbt with the project as this process first parsed it.

    Each call would else spend .6 s of CPU to see that nothing has changed, and 5 s in another home: dbt parses again
    for another path of the warehouse, of which the result does not depend.
    """
    from dbt.cli.main import dbtRunner

    paths = dbt_paths(settings)
    if str(paths.project_dir) not in arguments:
        return dbtRunner(callbacks=callbacks).invoke(list(arguments))
    key = project_key(paths.project_dir)
    if key not in _PARSED or arguments[0] == "parse":  # which also writes the home's files
        answer = dbtRunner().invoke(parse_arguments(paths))
        if not answer.success:
            return answer
        _PARSED.clear()
        _PARSED[key] = answer.result
        if arguments[0] == "parse":
            return answer
    return dbtRunner(_PARSED[key], callbacks).invoke(list(arguments))


def engine_limits(settings: Settings) -> tuple[str, str]:
    """Threads and memory that DuckDB may take: those of the settings, else DuckDB's own choice for this machine."""
    with closing(engine(settings)) as connection:
        limits = "select cast(current_setting('threads') as varchar), current_setting('memory_limit')"
        threads, memory = connection.execute(limits).fetchone() or ("1", "1GB")
    return threads, memory


def explain(command: str, result: Any, exception: BaseException | None) -> str:
    """Say which nodes failed and why; or what stopped dbt before it came to them."""
    faults = [
        f"{node.node.resource_type} {node.node.name}: {_one_line(node.message)}"
        for node in getattr(result, "results", ())
        if str(node.status) in FAILED
    ]
    if not faults:
        return f"dbt {command} stopped: {_one_line(str(exception) if exception else None)}"
    if any(OTHER_MODELS in fault for fault in faults):
        return f"dbt {command}: the models have other columns than the warehouse was built with: run `leverage rebuild`"
    shown = faults[:SHOWN_FAULTS]
    if len(faults) > len(shown):
        shown.append(f"and {len(faults) - len(shown)} more")
    advice = ". `leverage doctor` names the damaged files and what loads them again" if DAMAGED_FILE in shown[0] else ""
    return f"dbt {command} failed at " + "; ".join(shown) + advice


def close_handles() -> None:
    """Close dbt's DuckDB handles: while one is open the file stays locked by this process."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import cleanup_connections, reset_adapters

    environment: Any = DuckDBConnectionManager._ENV
    cleanup_connections()  # type: ignore[no-untyped-call]
    reset_adapters()  # type: ignore[no-untyped-call]
    if environment is not None:
        environment.close()
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    del environment
    gc.collect()


def _as_dictionary(on_event: Callable[[Event], None]) -> Callable[[Any], None]:
    from google.protobuf.json_format import MessageToDict  # type: ignore[import-untyped]

    def callback(message: Any) -> None:
        on_event(MessageToDict(message, preserving_proto_field_name=True))

    return callback


@contextmanager
def _variables(settings: Settings, as_of_batch: int | None, as_of: AsOf | None) -> Iterator[None]:
    """The profile and the models find the home, the limits, the batch and the week here, whatever they were set by."""
    threads, memory = engine_limits(settings)
    wanted = {
        HOME_VARIABLE: str(settings.home),
        THREADS_VARIABLE: threads,
        MEMORY_VARIABLE: memory,
        AS_OF_VARIABLE: "" if as_of_batch is None else str(as_of_batch),
        **week_variables(as_of),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _one_line(text: str | None) -> str:
    return " ".join((text or "no reason given").split())
