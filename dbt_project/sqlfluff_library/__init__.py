"""What dbt gives to templates, as far as the SQL linter needs it to see SQL: nothing here runs."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

NO_EXPRESSIONS = {"as_materialized": "as", "join_next": "inner join counts on true"}


class Adapter:
    """Stands in for dbt's adapter."""

    def dispatch(self, macro: str) -> Callable[..., str]:
        """A macro of one engine: any expression or table will do, but where it is no expression."""
        return lambda *_arguments: NO_EXPRESSIONS.get(macro, "from_engine(1)")

    def get_relation(self, **_where: str) -> None:
        """No table is built when a file is linted."""
        return


def column(name: str) -> SimpleNamespace:
    """A column of a contract, without meta."""
    return SimpleNamespace(name=name, config=SimpleNamespace(meta={}))


adapter = Adapter()
model = SimpleNamespace(columns={name: column(name) for name in ("as_of_week", "revision")})
"""Stands in for the model that is linted."""
execute = False
