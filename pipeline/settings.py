"""The settings: the only reader of the environment (and of `.env`)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline import setting_checks
from pipeline.errors import UsageError

PREFIX = "LEVERAGE_"
DEFAULT_TEMPLATE = "%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d.csv.gz"
GIB = 1024**3
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ODD_IN_PATHS: Final = re.compile(r"[?#\\\x00-\x1f\x7f]|%[0-9A-Fa-f]{2}|\b(?:release_date|batch)=")
"""Not in the home's path: the run history is opened by URL, dbt cuts it at #, a backslash is an escape in DuckDB."""


class SettingsError(UsageError):
    """A setting is wrong; the message names the variable, the fault and what is accepted."""


class Settings(BaseSettings):
    """All settings. Build with `load_settings`, which turns faults into `SettingsError`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(Path("./data"), description="everything the pipeline writes")
    source_url: str = Field("sample:", description=setting_checks.SOURCES)
    source_template: str = Field(DEFAULT_TEMPLATE, description="path of a table's file in one release; strftime fields")
    release_days: str = Field(
        "auto", description="when the source publishes: auto (learned), daily, irregular, or weekdays such as mon,thu"
    )
    source_token: SecretStr | None = Field(None, description="sent as a bearer token; over SFTP the password")
    s3_endpoint_url: str | None = Field(None, description="address of a store other than AWS that speaks S3")
    inbox: Path | None = Field(None, description="folder in which vendor exports are dropped")
    import_lag_days: Annotated[int, Field(ge=0, le=60)] = Field(
        3, description="days from a bill's arrival to its publication, assumed for vendor exports"
    )
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
    max_row_bytes: Annotated[int, Field(ge=2**10, le=2**26)] = Field(
        4 * 2**20, description="longest row of a file; a quote that is open for longer was never closed"
    )
    min_free_bytes: Annotated[int, Field(ge=0)] = Field(GIB, description="free disk kept untouched")
    landing_retention_days: Annotated[int, Field(ge=1)] | None = Field(
        None, description="days that landed bytes are kept after their load; unset keeps them"
    )
    timezone: str = Field("America/New_York", description="time zone of the nightly schedule")
    failure_webhook_url: SecretStr | None = Field(
        None, description="receives a message when a run fails; unset: log only"
    )
    smtp_url: SecretStr | None = Field(None, description="smtps:// or smtp://user:password@host:port?from=address")
    slack_webhook_url: SecretStr | None = Field(None, description="incoming webhook of Slack")
    teams_webhook_url: SecretStr | None = Field(None, description="workflow webhook of Microsoft Teams")
    webhook_secret: SecretStr | None = Field(None, description="whsec_..., two separated by a blank while they change")
    webhook_url: SecretStr | None = Field(None, description="takes alerts as signed CloudEvents")

    @field_validator("home", mode="after")
    @classmethod
    def _usable_folder(cls, value: Path) -> Path:
        home = value.expanduser().resolve()
        odd = ODD_IN_PATHS.search(str(home))
        if odd:
            raise ValueError(
                f"has {odd.group()!r} in {str(home)!r}, which the path of a database cannot have: give another folder, "
                "without ?, #, \\, % before two hex digits, release_date=, batch=, or control characters"
            )
        if home.exists() and not home.is_dir():
            raise ValueError(f"is a file, {str(home)!r}: give a folder")
        return home

    @field_validator("source_url", mode="after")
    @classmethod
    def _known_source(cls, value: str) -> str:
        return setting_checks.source_url(value)

    @field_validator("s3_endpoint_url", mode="after")
    @classmethod
    def _known_store(cls, value: str | None) -> str | None:
        return value and setting_checks.store_url(value)

    @field_validator("release_days", mode="after")
    @classmethod
    def _known_days(cls, value: str) -> str:
        if value not in ("auto", "daily", "irregular") and not set(value.split(",")) <= set(WEEKDAYS):
            raise ValueError("is not auto, daily, irregular or weekdays joined by commas, such as mon,thu")
        return value

    @field_validator("source_template", mode="after")
    @classmethod
    def _safe_template(cls, value: str) -> str:
        return setting_checks.template(value)

    @field_validator("failure_webhook_url", "slack_webhook_url", "teams_webhook_url", "webhook_url", mode="after")
    @classmethod
    def _safe_webhook(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        setting_checks.webhook(value, may_have_user=info.field_name == "failure_webhook_url")
        if value and info.field_name == "webhook_url" and info.data.get("webhook_secret") is None:
            raise ValueError(
                "needs LEVERAGE_WEBHOOK_SECRET beside it: without a signature a receiver cannot trust an alert"
            )
        return value

    @field_validator("webhook_secret", mode="after")
    @classmethod
    def _signing_secrets(cls, value: SecretStr | None) -> SecretStr | None:
        setting_checks.signing_secrets(value)
        return value

    @field_validator("smtp_url", mode="after")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        setting_checks.mail_server(value)
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
    def source_folder(self) -> Path | None:
        """Where the releases are, for a source on this machine."""
        parts = urlsplit(self.source_url)
        if parts.scheme == "imports":
            return self.imports_dir / "releases"
        return Path(url2pathname(parts.path)) if parts.scheme == "file" else None

    @property
    def is_flat(self) -> bool:
        """Whether a release is one flat file instead of a file for each table."""
        return "{table}" not in self.source_template and urlsplit(self.source_url).scheme != "sample"

    @property
    def imports_dir(self) -> Path:
        """Imported vendor exports, and the releases made of them (private)."""
        return self.home / "imports"

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
    def outbox_path(self) -> Path:
        """The journal of deliveries and their receipts, JSON lines (private: it has addresses)."""
        return self.state_dir / "outbox.jsonl"

    @property
    def outbox_dir(self) -> Path:
        """Messages that wait, and those that are read as files: `outbox/<WEEK>/`."""
        return self.home / "outbox"

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
        return with_imports(Settings(**overrides))  # type: ignore[arg-type]
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = PREFIX + str(fault["loc"][0]).upper() if fault["loc"] else PREFIX
            lines.append(f"{name}: {fault['msg'].removeprefix('Value error, ')}")
        raise SettingsError("\n".join(lines)) from None


def with_imports(settings: Settings, *, always: bool = False) -> Settings:
    """Return the settings of a home whose source is its imported exports; others as they are.

    Args:
        settings: as the environment has them.
        always: also where another source is set, or nothing is imported yet.
    """
    releases = settings.imports_dir / "releases"
    if not always and ("source_url" in settings.model_fields_set or not releases.is_dir()):
        return settings
    days = sorted(path.name for path in releases.glob("*/*"))
    first = settings.first_release_date or (date.fromisoformat(days[0]) if days else None)
    changed = {"source_url": "imports:", "source_template": DEFAULT_TEMPLATE, "first_release_date": first}
    if "release_days" not in settings.model_fields_set:
        changed["release_days"] = "irregular"
    return settings.model_copy(update=changed)
