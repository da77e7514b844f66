"""The back-test of customer_substitutability: what other customers took when a customer of size had left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from pipeline.errors import NotReadyError
from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse

BANDS: Final = (0.0, 0.25, 0.5, 0.75)
"""Where bands of (1 - HHI) begin."""


@dataclass(frozen=True)
class Band:
    """Customers that left suppliers whose other customers were spread alike.

    Attributes:
        spread_from: least (1 - HHI) of the other customers.
        spread: its mean.
        events: customers that left.
        share: mean share of the supplier that they had.
        refilled: part of their volume that others took within 52 weeks, net of the market; None without events.
    """

    spread_from: float
    spread: float | None
    events: int
    share: float | None
    refilled: float | None


@dataclass(frozen=True)
class Refill:
    """The table, and the scale that the newest computed week used.

    Attributes:
        bands: one row a band.
        events: of all bands.
        scale: refill_scale.
        source: `records` or `default`.
    """

    bands: list[Band]
    events: int
    scale: float
    source: str


def back_test(settings: Settings) -> Refill:
    """Return the back-test over the records of the newest computed week.

    Raises:
        NotReadyError: no week was computed by these rules yet.
        WarehouseError: there is no warehouse.
    """
    with warehouse(settings) as connection:
        try:
            rows = connection.execute(_BANDS).fetchall()
        except duckdb.CatalogException:
            raise NotReadyError("no week was computed yet: run `leverage publish`") from None
        scale, source = connection.execute("select refill_scale, refill_source from week_refill").fetchone() or (0, "")
    found = {band: Band(band, *rest) for band, *rest in rows}
    bands = [found.get(band, Band(band, None, 0, None, None)) for band in BANDS]
    return Refill(bands, sum(band.events for band in bands), float(scale), source)


_BANDS: Final = f"""
select
    {"case " + " ".join(f"when spread >= {band} then {band}" for band in reversed(BANDS)) + " end"} as band,
    avg(spread), count(*), avg(share), sum(cast(others_change as double) * share) / sum(share * share)
from week_refill_event
group by band
"""
