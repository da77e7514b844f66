"""What is wrong with a text as people read it: signs of templates, numbers without words, grammar, units.

The rules name kinds of faults, not known sentences: a noun or a unit that is new is checked like the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.reporting.document.page import Block, Line, Page, Part, Table
from tests.reporting.pages import Element

NUMBER = r"(?<!HS )(?<!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) )"
NUMBER += r"(?<![\w.,#:/+\N{MINUS SIGN}\N{EN DASH}\N{NO-BREAK SPACE}(-])\d[\d,]*(?:\.\d+)?"
FEW = r"(?:more |other |named |smaller |unrelated |similar |further )*"
NOT_NOUNS = (
    "a|about|after|ago|all|alike|among|and|are|as|at|before|between|by|came|carry|do|does|for|from|had|has|have|hides|"
    "hundred|if|in|is|it|its|kg|less|like|long|million|more|most|name|named|names|no|not|of|old|on|or|other|out|part|"
    "past|percent|points|rare|since|so|than|that|the|thousand|times|to|together|under|was|we|weeks|were|what|where|"
    "whether|which|with|without|would|went|took|take|takes|ship|show|per|you|they|further|other|smaller|unrelated|"
    "similar|critical|taken|bears|be|could|each|also"
)
"""Words that may follow a number and are no noun in the singular."""
ARROW = "\N{RIGHTWARDS ARROW}"
VERBS = "is|was|has|does|ships|takes|hides|names|writes"
RULES = {
    "a sign of a template": r"[{}]|\[[\w ]+\]\(\w+\)",
    "a value that is none": r"\bNone\b(?! of weight)|\bnan\b|\binf\b|\bnull\b",
    "a code": r"(?<![\w./])[a-z]+_[a-z_]+\b(?!/|\.\w)",
    "a number where words belong": r"% of \d",
    "a number that is not rounded": r"\d\.\d{5,}|\d{5,}\.\d",
    "a number without its unit": rf"{NUMBER}(?= (?:on|a month|a year|more in|went|and \d))",
    "a plural after one": rf"(?<![\d.,])1 {FEW}(?!(?:{VERBS})\b)[a-z]+[^s\W]s\b",
    "a singular after several": rf"{NUMBER}(?<!\b1) {FEW}(?!(?:{NOT_NOUNS})\b)[a-z]+[^s\W\d]\b(?!s|-)",
    "a share of more than all": r"(?<![\d.,])(?:1\d[1-9]|1[1-9]0|[2-9]\d\d|\d,\d\d\d|\d{4,})(?:\.\d)?\s?%",
    "nothing of something": rf"(?<!to )(?<!{ARROW} )(?<!{ARROW}\N{{NO-BREAK SPACE}})(?<![\d.,])0(?:\.0)? ?"
    rf"(?:%(?! to | {ARROW}|\N{{NO-BREAK SPACE}}{ARROW})|TEU|kg|tonnes|containers)",
    "a part of a large unit": r"(?:less than|under) 0\.1 (?:thousand|tonnes)",
    "a weight in too small a unit": r"\d{1,3},\d{3},\d{3}(?:\.\d)? kg|\d{2,3},\d{3},\d{3} tonnes",
    "a blank before a percent sign": r"\d %",
    "a country's code": r"\bIn [A-Z]{2},|country \([A-Z]{2}\)",
    "a word twice": r"\b(the|a|of|in|is|to|and|you|their|that|they) \1\b",
    "an article": r"\ba (?=(?!one|uni|use|US|eu)[aeiou])[a-z]+\b"
    r"|\ban (?=[bcdfgjklmnpqrstvwxyz])(?!hour|honest)[a-z]+\b",
    "goods named twice": r"\b([A-Z]{4,} [A-Z]{4,}) \1\b",
    "a location named twice": r"\(([A-Z]{4,}), \1\b",
    "an order for goods": r"\([A-Z][A-Z ]+ (?:P/O|ITEM|QTY|FREIGHT)\b",
    "one order as a typical one": r"\b1 bill, a typical order",
    "two blanks": r"\S  +\S",
    "a blank before a sign": r"[a-z0-9)] [,;.?](\s|$)",
    "two full stops": r"\.\.(?!\.)|[;:,][.;:,]|\.;|\?\.",
}
SENTENCES = ("p", "li", "dd", "dt", "h1", "h2", "h3", "figcaption", "caption")
WEIGHTS = {"kg": 1.0, "tonnes": 1e3, "tonne": 1e3, "thousand tonnes": 1e6, "million tonnes": 1e9}
APART = 1e4
"""Times the smaller weight from which on two weights of a sentence cannot be in one unit."""


def faults_of(text: str) -> list[str]:
    """Each rule that a text breaks, with the place."""
    found = []
    for name, pattern in RULES.items():
        for hit in re.finditer(pattern, text):
            found.append(f"{name}: ...{text[max(0, hit.start() - 40) : hit.end() + 30]}...")
    return found + [f"weights in two units: {text}" for one in re.split(r"(?<=[.?!]) ", text) if _mixes(one)]


def _mixes(sentence: str) -> bool:
    """Whether weights that fit one unit are in two."""
    units = "|".join(sorted(WEIGHTS, key=len, reverse=True))
    found = re.findall(rf"(\d[\d,]*(?:\.\d+)?) ({units})\b", sentence)
    weights = [float(amount.replace(",", "")) * WEIGHTS[unit] for amount, unit in found]
    names = {unit.removesuffix("s") for _, unit in found}
    return len(names) > 1 and 0 < max(weights) < APART * min(weights)


def sentences_of(page: Page) -> Iterator[str]:
    """The sentences and cells of a brief or a mirror."""
    yield page.title
    yield from page.subtitle
    for section in page.sections:
        for block in section.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Line):
        yield _joined(block.parts)
    elif isinstance(block, Table):
        yield block.caption
        yield from (_joined(cell) for row in block.rows for cell in row.cells)
    else:
        yield block.caption


def _joined(parts: tuple[Part, ...]) -> str:
    texts = (part if isinstance(part, str) else getattr(part, "word", None) or part.text for part in parts)  # type: ignore[union-attr]
    return "".join(texts)


def texts_of(root: Element) -> Iterator[str]:
    """The sentences of an HTML page; its data in SQL and pictures are none."""
    for tag in SENTENCES:
        yield from (" ".join(element.text.split(" ")).strip("\n") for element in root.all(tag))
