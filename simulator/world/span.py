"""First and last days of the embedded world; imports nothing but dates."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

FIRST_RELEASE: Final = date(2023, 10, 30)
"""A Monday."""
WEEKS: Final = 160
"""Windows of two and three years mean something."""
DAYS: Final = 7 * WEEKS
LAST_RELEASE: Final = FIRST_RELEASE + timedelta(days=DAYS - 1)
"""A Sunday: 2026-11-22."""
LATENESS_DAYS: Final = 14
"""How long after its Sunday a week stays open (the default of LEVERAGE_LATENESS_DAYS)."""
LAST_CLOSED_WEEK: Final = LAST_RELEASE - timedelta(days=LATENESS_DAYS + 6)
"""Monday of the newest week that is closed when the last release is loaded: 2026-11-02."""
EMBEDDED_SEED: Final = 20231030
EMBEDDED_BILLS_PER_DAY: Final = 27
"""Some 190 a week, all versions counted."""
