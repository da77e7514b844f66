"""Invented digests, with names that try to break out of every channel."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pipeline.alerts.message import AlertMessage, Bill, Customer, Digest, Picture, Recipient, Standing

WEEK = "2026-W46"
SUNDAY = date(2026, 11, 15)
MADE_AT = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
HOSTILE = "<script>alert(1)</script> *bold*|<!channel> =cmd()\r\nBcc: eve@example.com \u202egnp.exe & Co"


def picture() -> Picture:
    """A supplier whose largest customer fell silent."""
    weeks = tuple(SUNDAY - timedelta(days=6 + 7 * back) for back in reversed(range(26)))
    subject = tuple(3 if back > 12 else 0 for back in reversed(range(26)))
    return Picture(
        before=(date(2026, 5, 18), date(2026, 8, 16)),
        after=(date(2026, 8, 17), SUNDAY),
        customers=(
            Customer("HOLLOW OAK RETAIL INC.", 0.34, 0.0, is_subject=True),
            Customer("BRIGHTWATER HOME GOODS LLC", 0.22, 0.31),
            Customer("SITOLMISTRAD INDUSTRIES INC.", 0.12, 0.18, is_watcher=True),
            Customer("PELICAN STORES CORP.", 0.08, 0.13),
            Customer("others", 0.14, 0.23, is_named=False),
            Customer("unnamed", 0.10, 0.15, is_named=False),
        ),
        weeks=weeks,
        bills=tuple(own + 5 + (number * 7) % 4 for number, own in enumerate(subject)),
        subject_bills=subject,
    )


def bills(count: int = 20) -> tuple[Bill, ...]:
    """Bills of the silent customer, the newest first."""
    return tuple(
        Bill(f"s{number}", date(2026, 8, 10) - timedelta(days=3 * number), f"MAEU{610_000_000 + number * 7919}",
             "HOLLOW OAK RETAIL INC.", 2.0, 18_250.0 + 310 * number)
        for number in range(count)
    )  # fmt: skip


def alert(number: int = 0, **changes: Any) -> AlertMessage:
    """A critical alert with everything that one can have."""
    made = AlertMessage(
        alert_id=hashlib.sha256(f"alert {number}".encode()).hexdigest(),
        alert_type="customer_lost",
        severity="critical",
        certainty="rule",
        status="open",
        supplier_id="sup-1",
        supplier_name="NINGBO HUAXIN HOUSEWARES CO., LTD.",
        consignee_id="con-1",
        consignee_name="HOLLOW OAK RETAIL INC.",
        as_of_week=WEEK,
        headline="HOLLOW OAK RETAIL INC. has received nothing from NINGBO HUAXIN HOUSEWARES CO., LTD. since 17 Aug "
        "2026: from 34% of its bills to 0%.",
        numbers="34% \N{RIGHTWARDS ARROW} 0% of its bills; \N{MINUS SIGN}34.0 points (90% interval "
        "\N{MINUS SIGN}40.1 to \N{MINUS SIGN}28.2); by rule; 88% of it under a customer's name",
        meaning="They have volume to replace: a good moment to ask for better terms. You are customer no. 3 with 18% "
        "of its volume (12%, no. 4 in week 2026-W33).",
        question="Your volumes to the US have dropped since August. What would you offer us for taking part of "
        "the free capacity?",
        instead="HOLLOW OAK may ship under another name, through another port or by a forwarder since then.",
        standing=Standing("SITOLMISTRAD INDUSTRIES INC.", "2026-W33", WEEK, 0.12, 0.18, 4, 3, "B", "B", -0.31, -0.12),
        picture=picture(),
        bills=bills(),
        bills_in_all=57,
        query="select * from fct_shipment where supplier_id = 'sup-1' and consignee_id = 'con-1' "
        "and arrival_date between date '2026-05-18' and date '2026-11-15' order by arrival_date desc",
        cause_group="g1",
        group_size=3,
        sure="By rule: hardly any silence like it has ended with a return.",
        stake="34% of its bills",
    )
    return replace(made, **changes)


def shifted() -> AlertMessage:
    """A warning of lower certainty."""
    return alert(
        1,
        alert_type="mix_shifted",
        severity="warning",
        certainty="watch",
        supplier_id="sup-2",
        supplier_name="YUZANDELDO MACHINERY SRL",
        consignee_id="con-2",
        consignee_name="NALUFTOVERIN IMPORTS INC.",
        headline="The customers of YUZANDELDO MACHINERY SRL have shifted: NALUFTOVERIN IMPORTS INC. went from 18% of "
        "its bills to 29%.",
        numbers="18% \N{RIGHTWARDS ARROW} 29% of its bills; +11.0 points (90% interval +4.2 to +18.1); p = 0.004; "
        "q = 0.080; to be watched: not sure yet; 91% of it under a customer's name",
        meaning="Their customers weigh differently now: see whose volume they would miss most. You are the largest "
        "customer with 41% of its volume, as before.",
        question="We hear that you are busy. Which dates can you hold for us?",
        instead="One large order can look like this; two more weeks will tell.",
        picture=None,
        bills=bills(4),
        bills_in_all=4,
        cause_group=None,
        group_size=1,
        standing=None,
        sure="To be watched: of ten alerts like it at most one is chance.",
        stake="11% of its bills",
    )


def line(number: int = 4, **changes: Any) -> AlertMessage:
    """A tier crossed."""
    made = alert(
        number,
        alert_type="tier_crossed",
        severity="warning",
        headline="PELICAN STORES CORP. moved up from tier C to B at YUZANDELDO MACHINERY SRL.",
        consignee_name="PELICAN STORES CORP.",
        supplier_name="YUZANDELDO MACHINERY SRL",
        change="tier C \N{RIGHTWARDS ARROW} B, 8.0% \N{RIGHTWARDS ARROW} 13%",
        sure="By rule: of twenty alerts like it at most one is chance.",
        stake="13% of its volume",
    )
    return replace(made, **changes)


def retraction() -> AlertMessage:
    """An alert of an earlier week, taken back."""
    return alert(
        2,
        alert_type="retracted",
        severity="warning",
        as_of_week="2026-W41",
        supplier_name="GRIDORBURVE MACHINERY SRL",
        headline="Taken back, late records do not bear out what was reported in week 2026-W41: PELICAN STORES CORP. "
        "has received nothing from GRIDORBURVE MACHINERY SRL since 8 Jun 2026: from 9.1% of its bills to 0%.",
        numbers="reported then: 9.1% \N{RIGHTWARDS ARROW} 0% of its bills; by rule",
        meaning=None,
        standing=None,
        picture=None,
        bills=bills(2),
        bills_in_all=2,
        group_size=1,
        sure="",
        stake=None,
        supersedes_alert_id=alert(3).alert_id,
    )


def recipient(*channels: str, watcher: str = "anna") -> Recipient:
    """A recipient."""
    return Recipient(watcher, "SITOLMISTRAD INDUSTRIES INC.", channels or ("file",))


def digest(*channels: str, **changes: Any) -> Digest:
    """A week with a critical alert, a warning and a retraction."""
    made = Digest(
        recipient=recipient(*channels),
        as_of_week=WEEK,
        revision=1,
        window_end=SUNDAY,
        newest_release_date=date(2026, 11, 29),
        closed_through=SUNDAY,
        coverage=0.884,
        suppliers_watched=14,
        alerts=(alert(), shifted()),
        more=2,
        retractions=(retraction(),),
        made_at=MADE_AT,
    )
    return replace(made, **changes)


def quiet(*channels: str, **changes: Any) -> Digest:
    """A week in which nothing changed."""
    return digest(*channels, alerts=(), more=0, retractions=(), **changes)


def hostile(*channels: str, **changes: Any) -> Digest:
    """Every text from outside tries to break out."""
    made = replace(
        alert(66),
        supplier_name=HOSTILE,
        consignee_name=HOSTILE,
        headline=f"{HOSTILE} has stopped buying.",
        numbers=f"{HOSTILE} 34%",
        meaning=f"{HOSTILE} matters.",
        question=f"Where is {HOSTILE}?",
        instead=f"{HOSTILE} instead.",
        picture=replace(picture(), customers=(Customer(HOSTILE, 0.5, 0.2), Customer("others", 0.5, 0.8))),
        bills=(Bill("s", SUNDAY, HOSTILE, HOSTILE, 1.0, 2.0),),
        query=f"select '{HOSTILE}'",
    )
    return digest(
        *channels, alerts=(made,), retractions=(replace(made, alert_id="f" * 64, alert_type="retracted"),), **changes
    )


def many(count: int, *channels: str) -> Digest:
    """A week with `count` alerts, without pictures."""
    made = tuple(alert(1000 + number, picture=None, bills=bills(2), severity="warning") for number in range(count))
    return digest(*channels, alerts=made, more=0, retractions=())
