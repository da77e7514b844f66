"""Personal data as it stands in address lines and goods texts: phones, mail addresses, tax numbers, persons.

All of it is invented: 555 numbers, example.com, numbers that are in no register.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis.draws import Draws, Ints
from simulator.names import words
from simulator.names.stems import stems
from simulator.names.texts import Text, case, digits, glue, joined, pick, pool

PHONE: Final = 0.21
MAIL: Final = 0.05
TAX_ID: Final = 0.04
PERSON: Final = 0.05
"""Name variants whose address contains one; real ones contain a phone in 17 % (shippers) and 25 % (consignees)."""
TITLES: Final = (" MR ", " MS ", ": MRS ", " ", ": ")


def personal_text(draws: Draws, variant: Ints, firm: Ints) -> Text:
    """What each variant of an address contains of the firm's personal data; mostly nothing."""
    which = np.searchsorted(np.cumsum([PHONE, MAIL, TAX_ID, PERSON]), draws.uniform(variant, "personal"), side="right")
    pieces = []
    for kind, make in enumerate((phone_text, _mail_text, _tax_text, person_text)):
        rows = np.flatnonzero(which == kind)
        pieces.append((rows, make(draws, variant[rows], firm[rows])))
    rows = np.flatnonzero(which == len(pieces))
    return joined([*pieces, (rows, pick(pool([""]), np.zeros_like(rows)))])


def _mail_text(draws: Draws, variant: Ints, firm: Ints) -> Text:
    mail = case(
        draws.below(variant, "mail.style", 3),
        [glue(before, digits(firm, 3), "@example.com") for before in ("EMAIL: info", "E-MAIL:sales", "")],
    )
    return glue(pick(pool(["", "", "MAIL "]), draws.below(variant, "mail.before", 3)), mail)


def _tax_text(draws: Draws, _variant: Ints, firm: Ints) -> Text:
    return case(
        draws.below(firm, "tax.kind", 4),
        [
            glue("EIN 00-", digits(5550000 + firm % 9999, 7)),
            glue("SSN 000-55-", digits(firm % 9999, 4)),
            glue("TAX ID: 0", digits(5550000 + firm % 9999, 8)),
            glue("CNPJ 00.", digits(firm, 3), ".555/0001-00"),
        ],
    )


def phone_text(draws: Draws, variant: Ints, firm: Ints) -> Text:
    """The firm's number in one of the forms in which clerks type it."""
    country = digits(1 + draws.below(firm, "phone.country", 98), 2)
    area = digits(201 + draws.below(firm, "phone.area", 780), 3)
    last = glue("01", digits(draws.below(firm, "phone.number", 100), 2))
    forms = [
        glue("TEL:", country, "-", area, "-555-", last),
        glue("TEL ", area, "-555-", last),
        glue("TEL0", area, "-555", last),
        glue("TE", area, "-555-", last),
        glue("TELEFAX ", country, " ", area, " 555-", last),
        glue("PH# ", area, " 555 ", last),
        glue("PH: +", country, "-", area, "-555-", last),
        glue("+", country, " (", area, ") 555 ", last),
        glue("CEL:", country, area, "555", last),
        glue("FAX ", area, ".555.", last),
        glue("TEL/FAX 00", country, " ", area, " 555 ", last),
        glue("MOB. ", area, "555", last),
        glue("WHATSAPP +", country, " ", area, " 555 ", last),
        glue("PHONE (", area, ")555-", last),
    ]
    return case(draws.skewed(variant, "phone.form", np.full(len(variant), len(forms)), 1.3), forms)


def person_text(draws: Draws, variant: Ints, firm: Ints) -> Text:
    """A person to ask for."""
    before = pick(pool(["ATTN", "ATTENTION", "PIC", "CONTACT", "C/O"]), draws.below(variant, "person.before", 5))
    person = glue(
        pick(pool(words.INITIALS), draws.below(firm, "address.initial", len(words.INITIALS))),
        " ",
        stems(draws.below(firm, "address.person", 9999), words.OTHER_ENDS),
    )
    return glue(before, pick(pool(TITLES), draws.below(variant, "person.title", len(TITLES))), person)
