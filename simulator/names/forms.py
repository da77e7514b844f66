"""Legal forms and the words before them, in all the ways in which clerks write them."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from simulator.basis.draws import Draws, Ints
from simulator.basis.geography import COUNTRIES
from simulator.names.texts import Text, pick, pool
from simulator.names.words import CONSIGNEE_FORMS, FORMS_ABROAD

_COMPANY: Final = (
    "CO., LTD.", "CO.,LTD", "CO LTD", "CO. LTD", "CO., LTD", "CO.LTD.", "COMPANY LIMITED", "COMPANY LTD",
    "CO., LIMITED", "LTD", "CO",
)  # fmt: skip
_PRIVATE: Final = (
    "PVT. LTD.", "PVT LTD", "PRIVATE LIMITED", "PRIVATE LTD", "(P) LTD", "P LTD", "PVT.LTD.", "PVT LIMITED",
)  # fmt: skip
_ANONIMA: Final = ("S.A.", "SA", "S.A", "S/A", "SOCIEDAD ANONIMA")
_LIMITADA: Final = ("S.L.", "SL", "S.L", "SOCIEDAD LIMITADA")
_SOLE: Final = ("S.A.U.", "SAU", "S.A.", "S.A.U")
_SOLE_LIMITED: Final = ("S.L.U.", "SLU", "S.L.", "S.L.U")
_RESPONSABILITA: Final = ("S.R.L.", "SRL", "S.R.L", "S R L")
WAYS: Final = (
    _COMPANY,
    _PRIVATE,
    ("LIMITED", "LTD", "LTD.", "LTD,"),
    ("JOINT STOCK COMPANY", "JSC", "JOINT STOCK CO", "JOINT-STOCK COMPANY", "J.S.C.", "JOINT STOCK CO., LTD"),
    ("PUBLIC COMPANY LIMITED", "PUBLIC CO., LTD.", "PCL", "PUBLIC CO LTD", "PLC"),
    ("CORP.", "CORPORATION", "CORP", "CORPN."),
    ("INC.", "INC", "INCORPORATED", ", INC.", "INC,"),
    ("CO., INC.", "CO INC", "COMPANY, INC.", "COMPANY INC", "CO.,INC"),
    ("LLC", "L.L.C.", "L L C", "LLC.", ", LLC", "LIMITED LIABILITY COMPANY"),
    ("& SONS", "AND SONS", "&SONS"),
    ("KABUSHIKI KAISHA", "K.K.", "KK", "CO., LTD."),
    ("TBK", "TBK.", "PERSERO TBK"),
    ("A.S.", "AS", "A.S", "A. S.", "ANONIM SIRKETI"),
    ("LTD. STI.", "LTD STI", "LTD.STI.", "LIMITED SIRKETI", "LTD. STI"),
    ("S.P.A.", "SPA", "S.P.A", "S. P. A.", "SOCIETA PER AZIONI"),
    _RESPONSABILITA,
    ("GMBH & CO. KG", "GMBH & CO KG", "GMBH + CO. KG", "GMBH UND CO KG", "GMBH&CO.KG", "GMBH U. CO. KG"),
    ("GMBH", "G.M.B.H.", "GMBH.", "GESELLSCHAFT MBH"),
    ("AG", "A.G.", "AKTIENGESELLSCHAFT"),
    _ANONIMA,
    _LIMITADA,
    _SOLE,
    _SOLE_LIMITED,
    ("S/A IND. E COM. DE ALIMENTOS", "SA IND E COM DE ALIMENTOS", "S/A INDUSTRIA E COMERCIO DE ALIMENTOS", "S/A"),
    ("LTDA", "LTDA.", "LIMITADA", "LTDA ME"),
    ("S/A", "SA", "S.A.", "S A"),
    ("SP. Z O.O.", "SP Z OO", "SP.ZO.O.", "SPOLKA Z O.O.", "SP. Z.O.O.", "SPOLKA Z OGRANICZONA ODPOWIEDZIALNOSCIA"),
    ("SP. Z O.O. SP. K.", "SP. Z O.O. SP.K.", "SP Z OO SP K", "SPOLKA Z O.O. SPOLKA KOMANDYTOWA"),
    ("S.A. DE C.V.", "SA DE CV", "S.A DE C.V", "S A DE C V", "S.A. DE CV", "SADECV"),
    ("S. DE R.L.", "S DE RL", "S. DE R. L.", "S DE R L"),
)  # fmt: skip
"""Writings that mean one form."""

BUSINESS: Final = (
    (
        "IMP & EXP", "IMPORT AND EXPORT", "IMPORT & EXPORT", "IMP.& EXP.", "I/E", "IMP AND EXP", "IMP/EXP",
        "IMPORT EXPORT",
    ),
    ("INDUSTRIA E COMERCIO", "IND. E COM.", "IND E COM", "INDUSTRIA E COM."),
    ("SAN. VE TIC.", "SAN VE TIC", "SANAYI VE TICARET", "SAN.VE TIC."),
    ("SAN. TIC.", "SAN TIC", "SANAYI TICARET", "SAN.TIC."),
    ("MANUFACTURING PHILIPPINES", "MFG. PHILS.", "MFG PHILIPPINES", "MANUFACTURING PHILS"),
    ("MANUFACTURING", "MFG", "MFG.", "MFR", "MANUF"),
    ("INDUSTRIAL", "IND", "INDL", "INDUSTRIALS", "IND."),
    ("INDUSTRIES", "IND", "INDS", "INDUSTRY", "IND."),
    ("ENTERPRISE", "ENT", "ENTERPRISES", "ENT."),
    ("(THAILAND)", "THAILAND", "(THAI)"),
    ("(BD)", "BD", "(BANGLADESH)"),
)  # fmt: skip
"""Words between a name and its form, and other writings of them."""
_ABSENT: Final = ("",)


def form_text(forms: Ints) -> Text:
    """Legal forms by number (see `number_of`), as registered."""
    return pick(pool([form for form, _, _ in _parts()]), forms)


def business_text(forms: Ints) -> Text:
    """What precedes the form of the same number, as registered."""
    return pick(pool([business for _, business, _ in _parts()]), forms)


def other_form(draws: Draws, keys: Ints, purpose: str, forms: Ints) -> Text:
    """Another writing of each form."""
    return _another(draws, keys, purpose, forms, tuple(_ways(form, WAYS) for form, _, _ in _parts()))


def other_business(draws: Draws, keys: Ints, purpose: str, forms: Ints) -> Text:
    """Another writing of what precedes each form."""
    return _another(draws, keys, purpose, forms, tuple(_ways(business, BUSINESS) for _, business, _ in _parts()))


def number_of(form: str) -> int:
    """Number of a registered form such as `IMP & EXP CO., LTD.`."""
    return next(number for number, (_, _, whole) in enumerate(_parts()) if whole == form)


@cache
def _parts() -> tuple[tuple[str, str, str], ...]:
    """Form, words before it, and both together, of every registered form."""
    registered = [form for place in COUNTRIES for form in place.forms]
    registered += [*CONSIGNEE_FORMS, *(form for forms in FORMS_ABROAD.values() for form in forms)]
    known = sorted((way for ways in WAYS for way in ways), key=len, reverse=True)
    found = []
    for whole in dict.fromkeys(registered):
        form = next((form for form in known if whole == form or whole.endswith(f" {form}")), "")
        found.append((form, whole.removesuffix(form).strip(), whole))
    return tuple(found)


def _ways(text: str, pools: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The other writings of a text; itself where there is none."""
    ways = next((ways for ways in pools if text in ways), _ABSENT if not text else (text,))
    return tuple(way for way in ways if way != text) or (text,)


def _another(draws: Draws, keys: Ints, purpose: str, forms: Ints, ways: tuple[tuple[str, ...], ...]) -> Text:
    first = np.cumsum([0, *(len(some) for some in ways)])
    # the first writings are the commonest
    chosen = first[forms] + draws.skewed(keys, purpose, np.diff(first)[forms], 1.6)
    return pick(pool([way for some in ways for way in some]), chosen)
