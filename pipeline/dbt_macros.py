"""Text of those dbt macros that need no dbt: constants, and conditions that Python's own queries repeat."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Environment

from pipeline.project_files import DBT_PROJECT

MACROS: Final = DBT_PROJECT / "macros"


def rendered(file: str, name: str, *arguments: str) -> str:
    """Return what a macro of a file below `macros/`, such as `bills/parties`, makes of its arguments."""
    return str(getattr(_module(file), name)(*arguments)).strip()


@cache
def _module(file: str) -> Any:
    text = (MACROS / f"{file}.sql").read_text(encoding="utf-8")
    return Environment(autoescape=False).from_string(text).module  # noqa: S701
