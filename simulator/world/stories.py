"""The stories that are placed in the embedded world by hand, with exact volumes.

All figures are over the 52 weeks that end with `span.LAST_CLOSED_WEEK`; the same habits hold before. Firms of the
stories ship only in the stories, their names vary in punctuation only, and their bills keep clear of the quirks that
change volumes or names (`relations.Relations.plain`).
"""

from __future__ import annotations

from typing import Final

from simulator.basis.goods import CHOICE_PRODUCT, CORNER_PRODUCT
from simulator.world.calendar import ordinal, week_of
from simulator.world.span import LAST_CLOSED_WEEK
from simulator.world.stage import Placed, Stage, spread

END: Final = week_of(ordinal(LAST_CLOSED_WEEK))
"""The newest closed week."""
WINDOW: Final = 52

CORNERED_KG: Final = 999
CORNER_RIVAL_KG: Final = 49_999
"""Kilograms in 52 weeks: small precise parts in boxes whose size no bill gives, so the unit is the kilogram. In boxes
the same ratio would take 25,000 container rows a year."""
RIVAL_BOXES: Final = 348
OUR_BOXES: Final = 36
"""29 and 3 a month."""
LOST_AFTER: Final = 8
"""Weeks before the newest closed one in which the top customer shipped last."""
DARK_FOR: Final = 12
"""Weeks for which the certificate of the customer that went dark has hidden its name."""
BACK_FOR: Final = 6
"""Weeks since the other customer's certificate lapsed."""
HIDDEN_FOR: Final = 104
"""Term of a certificate."""
HUNGRY_FOR: Final = 13
"""Weeks in which the supplier with spare capacity has shipped little."""
CHOICE_BUYER_BOXES: Final = 20
QUALIFIED: Final = 4
"""Other suppliers of CHOICE_PRODUCT with two customers each and with slack; a further one has a single customer."""

QUIET_FOR: Final = (30, 34, 38, 42, 46)
"""Weeks for which each of these has shipped one box instead of two."""


def place(stage: Stage) -> Placed:
    """Place all stories."""
    for story in (_cornered, _rival, _lost, _dark, _resurfaced, _hungry, _choice):
        story(stage)
    return stage.placed()


def _cornered(stage: Stage) -> None:
    supplier = stage.supplier("IT", CORNER_PRODUCT.hs4)
    ours, rival = stage.consignee(CORNER_PRODUCT.hs4), stage.consignee(CORNER_PRODUCT.hs4)
    for year in range(stage.years):
        last = END - WINDOW * year
        for bill, kg in enumerate(spread(CORNERED_KG, 26)):
            stage.ship(stage.pair(supplier, ours), last - 2 * bill, kg=kg)
        for bill, kg in enumerate(spread(CORNER_RIVAL_KG, 104)):
            stage.ship(stage.pair(supplier, rival), last - bill // 2, kg=kg)
    stage.record(
        "cornered buyer",
        "cornered",
        supplier,
        ours,
        END - WINDOW + 1,
        f"{CORNERED_KG} kg in 52 weeks beside the only other customer's {CORNER_RIVAL_KG} kg; no other source",
    )
    stage.record(
        "rival of the cornered buyer", "cornering_rival", supplier, rival, END - WINDOW + 1, f"{CORNER_RIVAL_KG} kg"
    )


def _rival(stage: Stage) -> None:
    supplier = stage.supplier("VN", "9403")
    rival, ours = stage.consignee("9403"), stage.consignee("9403")
    others = {stage.consignee("9403"): boxes for boxes in (120, 90, 60)}
    for year in range(stage.years):
        for customer, boxes in {rival: RIVAL_BOXES, ours: OUR_BOXES, **others}.items():
            stage.ship_boxes(stage.pair(supplier, customer), END - WINDOW * year, spread(boxes, WINDOW))
    note = "boxes in 52 weeks, 29 a month" if RIVAL_BOXES == 12 * 29 else "boxes in 52 weeks"
    stage.record("rival at 29 boxes a month", "rival", supplier, rival, END - WINDOW + 1, f"{RIVAL_BOXES} {note}")
    stage.record(
        "we take 3 boxes a month", "small_buyer", supplier, ours, END - WINDOW + 1, f"{OUR_BOXES} boxes in 52 weeks"
    )


def _lost(stage: Stage) -> None:
    supplier = stage.supplier("TR", "5702")
    top = stage.consignee("5702")
    others = {stage.consignee("5702"): boxes for boxes in (78, 52, 40)}
    for year in range(stage.years):
        for customer, boxes in {top: 156, **others}.items():
            stage.ship_boxes(
                stage.pair(supplier, customer),
                END - WINDOW * year,
                spread(boxes, WINDOW),
                until=END - LOST_AFTER if customer == top else None,
            )
    stage.record(
        "top customer lost", "customer_lost", supplier, top, END - LOST_AFTER + 1, "three boxes a week, then none"
    )


def _dark(stage: Stage) -> None:
    supplier = stage.supplier("IN", "6302")
    dark = stage.consignee("6302", hidden=(END - DARK_FOR + 1, END - DARK_FOR + HIDDEN_FOR))
    others = {stage.consignee("6302"): boxes for boxes in (104, 65)}
    for year in range(stage.years):
        for customer, boxes in {dark: 156, **others}.items():
            stage.ship_boxes(stage.pair(supplier, customer), END - WINDOW * year, spread(boxes, WINDOW))
    note = "files a certificate for its own name; the same three boxes a week go on unnamed"
    stage.record("customer goes dark", "went_dark", supplier, dark, END - DARK_FOR + 1, note)


def _resurfaced(stage: Stage) -> None:
    supplier = stage.supplier("TH", "4016")
    back = stage.consignee("4016", hidden=(END - BACK_FOR - HIDDEN_FOR + 1, END - BACK_FOR))
    others = {stage.consignee("4016"): boxes for boxes in (104, 52)}
    for year in range(stage.years):
        for customer, boxes in {back: 104, **others}.items():
            stage.ship_boxes(stage.pair(supplier, customer), END - WINDOW * year, spread(boxes, WINDOW))
    note = "its certificate lapses after two years: an old customer under its old name"
    stage.record("customer resurfaces", "resurfaced", supplier, back, END - BACK_FOR + 1, note)


def _hungry(stage: Stage) -> None:
    supplier = stage.supplier("IT", "8481")
    customers = {stage.consignee("8481"): boxes for boxes in (208, 156, 104)}
    for year in range(stage.years):
        for customer, boxes in customers.items():
            weekly = spread(boxes, WINDOW)
            if year == 0:
                # the newest weeks come first
                weekly = [*spread(boxes * HUNGRY_FOR // WINDOW // 2, HUNGRY_FOR), *weekly[HUNGRY_FOR:]]
            stage.ship_boxes(stage.pair(supplier, customer), END - WINDOW * year, weekly)
    note = "last 13 weeks at half of its best 13"
    stage.record("supplier with spare capacity", "slack", supplier, None, END - HUNGRY_FOR + 1, note)


def _choice(stage: Stage) -> None:
    hs4 = CHOICE_PRODUCT.hs4
    current, buyer = stage.supplier("IN", hs4), stage.consignee(hs4)
    customers = [stage.consignee(hs4) for _ in range(3)]
    candidates = [stage.supplier("IN", hs4) for _ in range(QUALIFIED + 1)]
    for year in range(stage.years):
        last = END - WINDOW * year
        stage.ship_boxes(stage.pair(current, buyer), last, spread(CHOICE_BUYER_BOXES, WINDOW))
        stage.ship_boxes(stage.pair(current, customers[0]), last, spread(40, WINDOW))
        for number, candidate in enumerate(candidates):
            served = customers if number == QUALIFIED else [customers[number % 3], customers[(number + 1) % 3]]
            for customer in served[:1] if number == QUALIFIED else served:
                # slack of 13 boxes and more, not since the same week: suppliers of a heading seldom slow down together
                quiet = QUIET_FOR[number] if year == 0 else 0
                stage.ship_boxes(stage.pair(candidate, customer), last, [1] * quiet + [2] * (WINDOW - quiet))
    note = f"{QUALIFIED} other suppliers qualify and have slack; it uses none of them"
    stage.record("buyer with unused alternatives", "unused_alternatives", current, buyer, END - WINDOW + 1, note)
