"""Privacy: what the check on masked texts withheld, row by row, and whether anything is left.

Staging masks with the grammar of `pipeline.ingest.privacy.personal_data`, then searches every masked text with it
and withholds what it finds. A release never fails for it.
"""

from __future__ import annotations

from typing import Final

from expectations.rules import Measure, Suite
from pipeline.ingest.formats.ams import TABLES

TEXT_TABLES: Final = tuple(name for name, table in TABLES.items() if table.free_text)

_WITHHELD: Final = Measure("withheld_texts", TEXT_TABLES, "rows in which the check withheld what the masks had left")
_PERSONAL: Final = Measure(
    "sampled_personal_texts",
    TEXT_TABLES,
    "sampled rows whose text holds a phone, e-mail address, account, tax number or contact person",
)

SUITE: Final = Suite(
    "privacy",
    "no personal data in any text: what the masks leave is withheld",
    (
        _WITHHELD.at_most(0, blocks=False, advice="nothing has to be done: these parts read [withheld] in raw"),
        _PERSONAL.at_most(
            0,
            blocks=False,
            advice="run the day again, which masks these rows; until then keep raw and its copies private",
        ),
    ),
)
