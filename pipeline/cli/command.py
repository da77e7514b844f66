"""What the commands of the console script share: exit codes, days, settings, how a fault ends a command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Final, NoReturn, TypeVar

import click

from pipeline.settings import SettingsError, load_settings

DONE: Final = 0
FAILED: Final = 1
BAD_USAGE: Final = 2
NOT_YET: Final = 3

Command = TypeVar("Command", bound=Callable[..., Any])


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


def with_settings(command: Command) -> Command:
    """Hand the settings to `command`; a wrong one, or a home that cannot be used, ends it in words."""

    @wraps(command)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            settings = load_settings()
        except SettingsError as error:
            stop(str(error), BAD_USAGE)
        from pipeline.warehouse.connection import WarehouseError

        try:
            return command(settings, *args, **kwargs)
        except WarehouseError as error:
            stop(str(error), FAILED)
        except OSError as error:
            what = error.filename or settings.home
            stop(
                f"{what}: {error.strerror or error}. The pipeline writes below LEVERAGE_HOME={settings.home}: make it "
                "writable, free some space, or name another folder",
                FAILED,
            )

    return call  # type: ignore[return-value]


def stop(text: str, code: int) -> NoReturn:
    """End the command with a fault in words."""
    click.echo(f"error: {text}", err=True)
    sys.exit(code)


as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON document for machines.")
