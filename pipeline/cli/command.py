"""What all commands share: exit codes, days, settings, `--json`, and how a failure ends a command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Final, NoReturn

import click

from pipeline.errors import PipelineError
from pipeline.plain_text import printable
from pipeline.settings import Settings, load_settings

DONE: Final = 0
FAILED: Final = 1
BAD_USAGE: Final = 2
NOT_YET: Final = 3


@dataclass(frozen=True)
class Answer:
    """The result of a command.

    Attributes:
        document: what `--json` prints.
        show: prints it for people.
        code: exit code.
    """

    document: Any
    show: Callable[[], None]
    code: int = DONE


class Day(click.ParamType[date]):
    """A date as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse `value`."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; give one as YYYY-MM-DD, such as 2026-11-20", param, ctx)


def answers(command: Callable[..., Answer]) -> Callable[..., None]:
    """Add `--json` to `command`, which takes no settings, and print its answer."""

    @click.option("--json", "json_", is_flag=True, help="Print one JSON document for machines.")
    @wraps(command)
    def call(*args: Any, json_: bool, **kwargs: Any) -> None:
        with failures_as_messages():
            answer = command(*args, **kwargs)
            click.echo(json.dumps(answer.document, default=str, indent=2)) if json_ else answer.show()
        sys.exit(answer.code)

    return call


def with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Pass the settings to `command`; a failure that a person can act on ends it with a message."""

    @wraps(command)
    def call(*args: Any, **kwargs: Any) -> Any:
        with failures_as_messages():
            settings = load_settings()
            try:
                return command(settings, *args, **kwargs)
            except OSError as error:
                stop(_disk_text(settings, error), FAILED)

    return call


def is_json() -> bool:
    """Whether the current command was called with `--json`."""
    context = click.get_current_context(silent=True)
    return bool(context and context.params.get("json_"))


@contextmanager
def failures_as_messages() -> Iterator[None]:
    """End the command with the message and the exit code of an expected failure."""
    try:
        yield
    except PipelineError as error:
        stop(str(error), error.exit_code)


def stop(text: str, code: int) -> NoReturn:
    """End the command with a message."""
    click.echo(f"error: {printable(text)}", err=True)
    sys.exit(code)


def _disk_text(settings: Settings, error: OSError) -> str:
    return (
        f"{error.filename or settings.home}: {error.strerror or error}. The pipeline writes below "
        f"LEVERAGE_HOME={settings.home}: make it writable, free some space, or name another folder"
    )
