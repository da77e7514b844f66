"""Facts as one JSON document: the dataclasses as they are."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from typing import Any


def as_json(facts: Any) -> str:
    """A dataclass as indented JSON, dates as ISO text, ending with a line feed.

    Raises:
        TypeError: it is none.
    """
    if not is_dataclass(facts) or isinstance(facts, type):
        raise TypeError(f"facts are a dataclass, not {type(facts).__name__}")
    return json.dumps(asdict(facts), default=str, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
