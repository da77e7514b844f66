"""A vendor's layout: which headers fill which field, and how its cells are written. One TOML file each."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator

from pipeline.errors import UsageError
from pipeline.ingest.exports.fields import FIELDS
from pipeline.ingest.exports.header_names import normalised

FOLDER: Final = files("pipeline.ingest") / "formats"
DateOrder = Literal["dmy", "mdy", "ymd"]


class MappingError(UsageError):
    """A mapping is not as it should be; the message names the file and the key."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Refusal(BaseModel):
    """A layout that looks alike and is not loaded.

    Attributes:
        columns: headers of which it has all.
        say: what it is and what to export instead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: Headers
    say: str


class Mapping(BaseModel):
    """A vendor's layout.

    Attributes:
        name: of its file.
        title: for people.
        sheets: of a workbook; looked at first.
        caps: numbers of rows at which the vendor cuts a result.
        dates: order of numeric dates, where the vendor's is known.
        hs_source: whence a code without a prefix is: the filer, the text, or the vendor's guess.
        value_basis: whence values are; modelled ones are never shown as prices.
        nulls: further texts for "nothing".
        contact: headers of columns that are dropped when the file is read; `*` stands for any words.
        ignored: headers that are known and not used.
        columns: headers that fill a field, the best first.
        refuse: layouts that are not loaded.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    sheets: Headers = ()
    caps: tuple[int, ...] = ()
    dates: DateOrder | None = None
    hs_source: Literal["declared", "parsed", "classified"] = "classified"
    value_basis: Literal["declared", "modelled", "unknown"] = "unknown"
    nulls: Headers = ()
    contact: Headers = ()
    ignored: Headers = ()
    columns: dict[str, Headers]
    refuse: tuple[Refusal, ...] = ()

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        unknown = sorted(set(value) - set(FIELDS))
        if unknown:
            raise ValueError(f"{', '.join(unknown)} unknown; the fields are {', '.join(FIELDS)}")
        if value and not {"arrival_date", "estimated_arrival_date"} & set(value):
            raise ValueError("arrival_date is missing: without an arrival no bill falls into a week")
        return value

    @cached_property
    def fields_by_header(self) -> dict[str, tuple[str, int]]:
        """Field of each normalised header, and the header's place among those that fill it."""
        return {
            normalised(header): (field, place)
            for field, headers in self.columns.items()
            for place, header in enumerate(headers)
        }

    def is_contact(self, header: str) -> bool:
        """Whether a normalised header is one of personal data."""
        return bool(self._contact.fullmatch(header))

    def is_ignored(self, header: str) -> bool:
        """Whether a normalised header is known and not used."""
        return bool(self._ignored.fullmatch(header))

    @cached_property
    def _contact(self) -> re.Pattern[str]:
        return _any_of(self.contact)

    @cached_property
    def _ignored(self) -> re.Pattern[str]:
        return _any_of(self.ignored)


def load_mapping(path: Path) -> Mapping:
    """Return the mapping in a TOML file.

    Raises:
        MappingError: it is not there, is no TOML, or has a wrong key or value.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise MappingError(f"{path} cannot be read as a mapping: {fault}") from None
    return _parsed(text, path.stem, str(path))


@lru_cache(maxsize=1)
def built_in() -> tuple[Mapping, ...]:
    """Return the vendors' mappings that come with the package."""
    found = sorted(
        (item for item in FOLDER.iterdir() if item.name.endswith(".toml")),
        key=lambda item: item.name,
    )
    return tuple(_parsed(item.read_text("utf-8"), item.name.removesuffix(".toml"), item.name) for item in found)


def _parsed(text: str, name: str, where: str) -> Mapping:
    try:
        return Mapping(name=name, **tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise MappingError(f"{where} is no TOML: {fault}") from None
    except TypeError:
        raise MappingError(f"{where}: `name` is the file's name and cannot be given in it") from None
    except ValidationError as fault:
        lines = [
            f"{'.'.join(str(step) for step in item['loc']) or 'mapping'}: {item['msg'].removeprefix('Value error, ')}"
            for item in fault.errors()
        ]
        raise MappingError(f"{where}: {'; '.join(lines)}. docs/vendor-exports.md explains each key") from None


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    parts = (
        " ?".join(".*" if word == "*" else re.escape(normalised(word)) for word in pattern.split())
        for pattern in patterns
    )
    return re.compile("|".join(parts) or r"(?!)")
