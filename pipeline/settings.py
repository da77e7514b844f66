"""The settings: the only reader of the environment (and of `.env`).

Belongs here: every `LEVERAGE_` variable, its default, its check, and the paths below `LEVERAGE_HOME`.
Does not belong here: what the values are used for.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "LEVERAGE_"
DEFAULT_TEMPLATE = "%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d.csv.gz"
GIB = 1024**3


class SettingsError(ValueError):
    """A setting is wrong; the message names the variable, the fault and what is accepted."""


class Settings(BaseSettings):
    """All settings. Build with `load_settings`, which turns faults into `SettingsError`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(Path("./data"), description="everything the pipeline writes")
    source_url: str = Field("sample:", description="`sample:`, `file:///dir` or `http(s)://host/base`")
    source_template: str = Field(
        DEFAULT_TEMPLATE, description="path of one table's file in one release; strftime fields and {table}"
    )
    source_token: SecretStr | None = Field(None, description="sent as a bearer token")
    first_release_date: date | None = Field(None, description="first release day there can be")
    watchlist: Path | None = Field(None, description="CSV: who watches which buyer, supplier, product")
    overrides: Path | None = Field(None, description="CSV of entity decisions made by people")
    lateness_days: Annotated[int, Field(ge=0, le=365)] = Field(
        14, description="days after its Sunday that a week stays open for late records"
    )
    bi_keep: Annotated[int, Field(ge=2, le=1000)] = Field(
        3,
        description="versions of the BI copy that are kept, the one in use included; 2 at least",
    )
    threads: Annotated[int, Field(ge=1, le=1024)] | None = Field(None, description="DuckDB threads")
    memory_limit: str | None = Field(None, description="DuckDB memory limit, such as 3GB")
    connect_timeout_s: Annotated[float, Field(gt=0)] = Field(10.0, description="seconds to connect")
    read_timeout_s: Annotated[float, Field(gt=0)] = Field(60.0, description="seconds without a byte")
    retries: Annotated[int, Field(ge=0, le=20)] = Field(5, description="further tries after a passing fault")
    max_file_bytes: Annotated[int, Field(ge=1)] = Field(20 * GIB, description="largest file, as delivered")
    max_expanded_bytes: Annotated[int, Field(ge=1)] = Field(80 * GIB, description="largest file, unpacked")
    max_expansion: Annotated[float, Field(ge=1)] = Field(200.0, description="largest unpacked / packed ratio")
    min_free_bytes: Annotated[int, Field(ge=0)] = Field(GIB, description="free disk kept untouched")
    landing_retention_days: Annotated[int, Field(ge=1)] | None = Field(
        None, description="days that landed bytes are kept after their load; unset keeps them"
    )
    timezone: str = Field("America/New_York", description="time zone of the nightly schedule")
    failure_webhook_url: SecretStr | None = Field(None, description="told when a run fails; unset: log only")

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("source_url", mode="after")
    @classmethod
    def _known_scheme(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("sample", "file", "http", "https"):
            raise ValueError(f"scheme {parts.scheme!r} is unknown; give sample:, file:///dir or http(s)://host/base")
        if parts.username or parts.password:
            raise ValueError("holds a user name or password; give a token in LEVERAGE_SOURCE_TOKEN instead")
        if parts.scheme in ("http", "https") and not parts.hostname:
            raise ValueError("has no host; give http(s)://host/base")
        if parts.scheme == "file" and (parts.netloc not in ("", "localhost") or not parts.path.startswith("/")):
            raise ValueError("must be an absolute path with three slashes, such as file:///srv/ams")
        return value

    @field_validator("source_template", mode="after")
    @classmethod
    def _safe_template(cls, value: str) -> str:
        if "{table}" not in value:
            raise ValueError("must hold {table}, which stands for the table's name")
        if value.startswith("/") or ".." in value.split("/"):
            raise ValueError("must be a relative path without '..'")
        if re.sub(r"\{table\}", "", value).count("{"):
            raise ValueError("knows only the field {table}; dates are strftime fields such as %Y%m%d")
        return value

    @field_validator("failure_webhook_url", mode="after")
    @classmethod
    def _safe_webhook(cls, value: SecretStr | None) -> SecretStr | None:
        parts = urlsplit(value.get_secret_value()) if value else None
        if parts and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("must be an https:// address (plain http only on this machine)")
        return value

    @field_validator("memory_limit", mode="after")
    @classmethod
    def _memory_form(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"\d+(\.\d+)?\s?([KMGT]i?B|%)", value):
            raise ValueError("is not a size; give a number with a unit, such as 3GB or 2500MiB")
        return value

    @field_validator("timezone", mode="after")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        from zoneinfo import available_timezones

        if value not in available_timezones():
            raise ValueError("is not a time zone; give a name such as America/New_York or UTC")
        return value

    @property
    def landing_dir(self) -> Path:
        """Downloaded bytes, one folder a release (private)."""
        return self.home / "landing"

    @property
    def staged_dir(self) -> Path:
        """Typed rows of releases that have not passed their checks yet."""
        return self.home / "staged"

    @property
    def raw_dir(self) -> Path:
        """Typed rows of accepted releases: `raw/<table>/release_date=<D>/`."""
        return self.home / "raw"

    @property
    def quarantine_dir(self) -> Path:
        """Rows that were not loaded: `quarantine/release_date=<D>/`."""
        return self.home / "quarantine"

    @property
    def aside_dir(self) -> Path:
        """Single values that were not loaded, of rows that were: `aside/release_date=<D>/`."""
        return self.home / "aside"

    @property
    def state_dir(self) -> Path:
        """Append-only journals: what cannot be rebuilt from raw."""
        return self.home / "state"

    @property
    def outcomes_path(self) -> Path:
        """The journal of release outcomes, JSON lines."""
        return self.state_dir / "release_outcomes.jsonl"

    @property
    def publishes_path(self) -> Path:
        """The journal of published weeks, JSON lines."""
        return self.state_dir / "publishes.jsonl"

    @property
    def alert_states_path(self) -> Path:
        """The journal of states of alerts, JSON lines."""
        return self.state_dir / "alert_states.jsonl"

    @property
    def snapshots_dir(self) -> Path:
        """Frozen weeks: `snapshots/<WEEK>/r<N>/`."""
        return self.home / "snapshots"

    @property
    def reports_dir(self) -> Path:
        """Weekly reports: `reports/<WEEK>/index.html`."""
        return self.home / "reports"

    @property
    def warehouse_path(self) -> Path:
        """The writer's own DuckDB file."""
        return self.home / "warehouse.duckdb"

    @property
    def bi_dir(self) -> Path:
        """The published copy for BI tools and the versions it is swapped from."""
        return self.home / "bi"

    @property
    def bi_path(self) -> Path:
        """The DuckDB file that BI tools open."""
        return self.bi_dir / "leverage.duckdb"

    @property
    def validation_dir(self) -> Path:
        """Great Expectations data docs."""
        return self.home / "validation"

    @property
    def dagster_home(self) -> Path:
        """Run history and event logs of Dagster."""
        return self.home / "dagster"


def load_settings(**overrides: object) -> Settings:
    """Read the settings from the environment, `.env` and `overrides` (which win).

    Raises:
        SettingsError: one line per wrong value, with the variable's name and what is accepted.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = PREFIX + str(fault["loc"][0]).upper() if fault["loc"] else PREFIX
            lines.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}")
        raise SettingsError("\n".join(lines)) from None
