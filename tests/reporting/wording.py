"""What is wrong with a text as people read it: signs of templates, numbers without words, singular and plural."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.reporting.document.page import Block, Line, Page, Part, Table
from tests.reporting.pages import Element

NOUNS = (
    *("bills", "containers", "weeks", "alerts", "customers", "suppliers", "changes", "alternatives", "ways"),
    *("days", "tonnes", "products", "spellings", "pairs", "years", "buyers"),
)
PLURALS = "|".join((*NOUNS, "boxes", "others"))
SINGULARS = "|".join((*(noun.removesuffix("s") for noun in NOUNS), "box"))
RULES = {
    "a sign of a template": r"[{}]|\[[\w ]+\]\(\w+\)",
    "a value that is none": r"\bNone\b(?! that is ready| of weight)|\bnan\b|\binf\b|\bnull\b",
    "a number where words belong": r"% of \d",
    "a number that is not rounded": r"\d\.\d{5,}|\d{5,}\.\d",
    "a plural after one": rf"(?<![\d.,])1 (more |other |named )?({PLURALS})\b",
    "a singular after several": rf"(?<![\d.,])(?!1 )\d+ (more |other |named )?({SINGULARS})\b(?! [A-Z])",
    "two blanks": r"\S  +\S",
    "a blank before a sign": r"[a-z0-9)] [,;.?](\s|$)",
    "two full stops": r"\.\.(?!\.)",
}
SENTENCES = ("p", "li", "dd", "dt", "h1", "h2", "h3", "figcaption", "caption")


def faults_of(text: str) -> list[str]:
    """Each rule that a text breaks, with the place."""
    found = []
    for name, pattern in RULES.items():
        for hit in re.finditer(pattern, text):
            found.append(f"{name}: ...{text[max(0, hit.start() - 40) : hit.end() + 30]}...")
    return found


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
