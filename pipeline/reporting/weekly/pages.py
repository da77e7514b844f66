"""What each page shows, as the templates take it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

from pipeline import formatting as fmt
from pipeline.formatting import Measure, measure, reason_text
from pipeline.plain_text import clean
from pipeline.reporting.facts.loaded import OUTSIDE, Loaded, export_sentence, loaded_of
from pipeline.reporting.facts.published_week import Row
from pipeline.reporting.facts.subject import Party
from pipeline.reporting.market import GRADES, Market, market_of
from pipeline.reporting.questions import posture_text, questions_for
from pipeline.reporting.weekly.facts import Fact, key_facts
from pipeline.reporting.weekly.figures import (
    Figure,
    axes_figure,
    ladder_figure,
    mutual_words,
    power_words,
    ranged,
)
from pipeline.reporting.weekly.history import History
from pipeline.reporting.weekly.history_figures import mix_figure, trend_figure
from pipeline.reporting.weekly.rules import Cuts
from pipeline.reporting.weekly.snapshot import Frozen, Pair
from pipeline.snapshots.calendar import Week

SLUG_LENGTH: Final = 28
"""Letters of each name in a file name: two names, two dashes and the digest stay far below what a file system takes."""
DIGEST_LENGTH: Final = 10
FLAGS: Final[Mapping[str, str]] = {
    "no_alt_suppliers_visible": "The records show no other steady supplier of what we buy here.",
    "no_second_source": "We show a single supplier for this over 24 months: their sales desk can see that too.",
    "is_forwarder_heavy": "Much of its volume moves under forwarders' names: read every share with care.",
    "is_related_party_suspected": "The two may belong together: then this is no market price talk.",
    "is_major_customer": "We are a major customer: over a tenth of what it ships to the US.",
}
Cell = str | tuple[str, str]
"""A cell as printed; of two texts the second stands below in small."""
PARTS: Final = (
    ("contribution_supplier_share", "what we are to them", "our share of their volume"),
    (
        "contribution_customer_substitutability",
        "how well others replace us",
        "their other customers, and whether they grow",
    ),
    ("contribution_buyer_share", "what they are to us", "their share of what we buy"),
    ("contribution_supplier_substitutability", "how well others replace them", "our qualified alternatives"),
)


@dataclass(frozen=True)
class PairPage:
    """A pair's page.

    Attributes:
        parts: what makes the power: name, explanation, signed figure; the sum last. Empty where it is not known.
        moves_note: what is said where none would, empty where nothing could be moved.
    """

    slug: str
    buyer: Party
    supplier: Party
    why: str
    headline: str
    reading: str
    ask: list[tuple[str, str]]
    facts: list[Fact]
    flags: list[str]
    figures: list[Figure]
    parts: list[tuple[str, str, str]]
    products: list[tuple[Cell, ...]]
    alternatives: list[tuple[Cell, ...]]
    alternatives_note: str
    moves: list[tuple[str, ...]]
    moves_note: str


def pair_page(
    pair: Pair, frozen: Frozen, history: History, parties: Mapping[str, Party], cuts: Cuts, week: Week
) -> PairPage:
    """Everything that the page of one pair shows."""
    buyer, supplier = parties[pair.consignee_id], parties[pair.supplier_id]
    row = frozen.whole or {}
    bought = [product["hs4"] for product in frozen.products]
    offered = [offer for offer in frozen.alternatives if offer["hs4"] in bought]
    main = next((hs4 for hs4 in bought if hs4 != "unknown"), None)
    named = [{**offer, "name": parties[offer["alternative_supplier_id"]].name} for offer in offered]
    market = market_of(row, main, [offer for offer in named if offer["hs4"] == main])
    loaded = loaded_of(frozen.tier, frozen.whole, supplier.name, buyer.name, main)
    size = measure([product["volume_52w"] for product in frozen.products], row.get("volume_unit") or "kg")
    raising = [move for move in frozen.moves if move["tier_after"] != move["tier_now"]]
    return PairPage(
        slug=slug((buyer.name, supplier.name), (pair.consignee_id, pair.supplier_id)),
        buyer=buyer,
        supplier=supplier,
        why=pair.why,
        headline=headline(row),
        reading=reading(row, cuts, loaded),
        ask=_ask(frozen, market),
        facts=key_facts(pair, frozen, parties, market, loaded),
        flags=[text for name, text in FLAGS.items() if row.get(name)],
        figures=[
            axes_figure(frozen, cuts, week),
            ladder_figure(pair, frozen, parties, cuts),
            mix_figure(pair, history, parties, loaded),
            trend_figure(history, supplier.name, loaded),
        ],
        parts=_parts(row),
        products=[_product(product, size) for product in frozen.products],
        alternatives=[_alternative(item, parties) for item in offered],
        alternatives_note=market.sentence() if frozen.products else "Nothing was bought here in the 52 weeks.",
        moves=[_move(move, parties) for move in raising],
        moves_note="Moving what we buy of it elsewhere to this supplier would not raise our tier."
        if frozen.moves and not raising
        else "",
    )


def headline(row: Row) -> str:
    """What to do, in words; why there is no advice where the figures are null."""
    if row.get("posture") == "undetermined":
        either = [posture_text(row.get(name)) or "" for name in ("posture_first", "posture_second")]
        return "Open: " + " Or: ".join(text for text in either if text).removesuffix(".")
    text = posture_text(row.get("posture"))
    return text.removesuffix(".") if text else "Not known" if row else "Nothing shipped"


def reading(row: Row, cuts: Cuts, loaded: Loaded) -> str:
    """The two axes in a sentence."""
    if not row:
        return "This supplier shipped nothing to us under our name in the 52 weeks."
    if row["reason_code"] == OUTSIDE:
        return export_sentence(loaded.exports, "see who needs whom")
    if row["power"] is None:
        return f"Power and mutual dependence are not known: {reason_text(row['reason_code'])}."
    power, mutual = float(row["power"]), float(row["mutual"])
    ranges = [ranged(row, "power", fmt.signed), ranged(row, "mutual", fmt.decimal)]
    first = f"{power_words(power, cuts)} (power {ranges[0]})"
    return f"Here {first}, and {mutual_words(mutual, cuts)} (mutual {ranges[1]})."


def _ask(frozen: Frozen, market: Market) -> list[tuple[str, str]]:
    if frozen.whole is None:
        return []
    questions = questions_for(frozen.whole, frozen.tier, frozen.ladder[0] if frozen.ladder else None, market)
    said = [
        ("Ask first", questions.opening_question),
        ("They may ask", questions.their_question),
        ("The honest answer", questions.honest_answer),
    ]
    return [(who, text) for who, text in said if text]


def _parts(row: Row) -> list[tuple[str, str, str]]:
    if not row or row["power"] is None:
        return []
    parts = [(name, measure, fmt.signed(row[column])) for column, name, measure in PARTS]
    return [*parts, ("power", "the sum of the four", fmt.signed(row["power"]))]


def _product(row: Row, size: Measure) -> tuple[Cell, ...]:
    figures = (fmt.signed(row["power"]), fmt.decimal(row["mutual"]))
    product: Cell = fmt.product_name(row["hs4"])
    if row["power"] is None:
        figures = ("not known", "not known")
        product = (fmt.product_name(row["hs4"]), f"not known: {reason_text(row['reason_code'])}")
    return (
        product,
        size.text(row["volume_52w"]),
        fmt.share(row["share_of_buyer"]),
        fmt.whole(row["alternatives"]),
        *figures,
    )


def _alternative(row: Row, parties: Mapping[str, Party]) -> tuple[Cell, ...]:
    supplier = parties[row["alternative_supplier_id"]]
    under = [supplier.place, "we buy there already" if row["already_supplies"] else ""]
    return (
        (supplier.name, ", ".join(part for part in under if part)),
        fmt.product_name(row["hs4"]),
        GRADES.get(row.get("grade") or "A", ""),
        "not shown" if row["spare_capacity"] is None else fmt.volume(row["spare_capacity"], row["volume_unit"]),
        "not compared" if row["similarity"] is None else fmt.share(row["similarity"]),
        clean(row["evidence"]),
    )


def _move(row: Row, parties: Mapping[str, Party]) -> tuple[str, ...]:
    return (
        parties[row["from_supplier_id"]].name,
        fmt.product_name(row["hs4"]),
        fmt.volume(row["moved_volume"], row["volume_unit"]),
        fmt.share(row["share_after"]),
        fmt.from_to(row["tier_now"] or "none", row["tier_after"] or "none"),
    )


def slug(names: tuple[str, str], identifiers: tuple[str, str]) -> str:
    """A file name for a pair: letters of both names, and a digest of both ids that makes it unique."""
    digest = hashlib.sha256("\n".join(identifiers).encode()).hexdigest()[:DIGEST_LENGTH]
    parts = [re.sub(r"[^a-z0-9]+", "-", unidecode(name).lower())[:SLUG_LENGTH].strip("-") for name in names]
    return "-".join([*(part for part in parts if part), digest])
