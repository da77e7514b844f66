"""One line of the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RESTORE: Final = "restore state/ from a backup (docs/operating.md)"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor.

    Attributes:
        subject: what was checked.
        ok: whether a run can go on with it.
        text: what was found, and what to do where it is not ok.
    """

    subject: str
    ok: bool
    text: str
