"""Texts that stand in a name column and name no party: no value, withheld, to be advised, the same as another party."""

from __future__ import annotations

from typing import Final

_OF_PARTIES: Final = """
AGENT AGENTS APPLICANT BEARER BUYER BUYERS CHARGEUR CNEE CNOR CONSIGNATAIRE CONSIGNATARIO CONSIGNEE CONSIGNEES CONSIGNOR
CUSTOMER DESTINATAIRE DESTINATARIO EMBARCADOR EMPFAENGER EXPEDITEUR EXPORTER HOLDER IMPORTER ITSELF NOTIFICADO NOTIFY
PARTIES PARTY RECEIVER REMITENTE SELLER SENDER SHIPPER SHIPPERS SHPR SUPPLIER THEMSELVES VENDOR VERLADER VERLADERS
"""
_PARTIES: Final = frozenset(_OF_PARTIES.split())
_OF_FILLING: Final = """
A ACTUAL ADDRESS AND AT BY CBP COMPANY CURRENTLY CUSTOMS DETAILS FILING FIRM FOR FROM INFO INFORMATION IS LAW NAME
NAMES OF ON OUR OWN PER REAL REQUEST S STILL THE THIS TIME TO ULTIMATE UPON YET BL BLS
"""
_FILLING: Final = frozenset(_OF_FILLING.split()) | _PARTIES
_NOTHING: Final = """
ANONYMOUS, ASDF, BLANK, BLANK ENDORSED, CONFIDENTIAL, CONFIDENTIALITY, DESCONHECIDO, DESCONOCIDO, DUMMY, EMPTY, ENDORSED
BLANK, HIDDEN, INCONNU, INDIVIDUAL, INTENTIONALLY BLANK, INTENTIONALLY LEFT BLANK, KEINE ANGABE, LEFT BLANK, MASKED,
MISSING, MULTIPLE, NA, NAN, NAO DISPONIVEL, NAO INFORMADO, NAT, NIHIL, NIL, NO, NO APLICA, NO DATA, NO DISPONIBLE, NO
INFO, NO INFORMATION, NO NAME, NO VALUE, NODATA, NON COMMUNIQUE, NON DISPONIBILE, NON DISPONIBLE, NON PRECISE, NONE,
NONE DECLARED, NONE GIVEN, NONE LISTED, NONE PROVIDED, NONE STATED, NOT APPLICABLE, NOT AVAIL, NOT AVAILABLE, NOT
DECLARED, NOT DEFINED, NOT DISCLOSED, NOT ENTERED, NOT FOUND, NOT GIVEN, NOT KNOWN, NOT LISTED, NOT NAMED, NOT ON FILE,
NOT PROVIDED, NOT PUBLIC, NOT REPORTED, NOT SHOWN, NOT SPECIFIED, NOT STATED, NOT SUPPLIED, NOVALUE, NULL, OHNE ANGABE,
PENDING, PRIVATE, PRIVATE INDIVIDUAL, PRIVATE PERSON, PROPRIETARY, QWERTY, REDACTED, REQUESTED, RESTRICTED, SCONOSCIUTO,
SIN DATOS, SIN INFORMACION, SIN NOMBRE, SUPPRESSED, TBA, TBC, TBD, TBN, TO FOLLOW, TO WHOM IT MAY CONCERN, UNAVAILABLE,
UNBEKANNT, UNDEFINED, UNDISCLOSED, UNIDENTIFIED, UNK, UNKNOWN, UNNAMED, UNSPECIFIED, ND, VARIOUS, WITH HELD, WITHHELD
"""
_PHRASES: Final = frozenset(" ".join(phrase.split()) for phrase in _NOTHING.split(","))
_CELLS: Final = frozenset(("DIV 0", "FALSE", "NUM", "REF", "TEST", "TEST TEST", "TRUE", "VALUE"))
"""What a spreadsheet leaves in a cell (`#REF!`); names of firms have other words beside them (TRUE VALUE)."""
_OF_TIME: Final = """
ADVISED ANNOUNCED APPOINTED ASSIGNED BE CONFIRMED DECLARED DETERMINED LATER NAMED NOMINATED PROVIDED SOON SPECIFIED TO
UPDATED
"""
_LATER: Final = frozenset(_OF_TIME.split()) | _FILLING
_DROPPED: Final = _FILLING | {"COUNTRY", "LATER", "ORIGIN", "RECORD", "RECORDS", "SOURCE"}
_SAME: Final = frozenset(("SAME", "SAMEAS", "IDEM", "DITTO", "MISMO", "MEME"))
_OF_REFERENCE: Final = """
1ST 2ND 3RD ABOVE ADVICE ADVISED AGREED ALSO AS ATTACHED ATTACHMENT BELOW BILL BL BLS BOX COMO DESCRIPTION DOCS DOCUMENT
DOCUMENTS EL FIELD FIRST HBL HBLS HOUSE IN INSTRUCTED INSTRUCTION INSTRUCTIONS INVOICE LADING LC LE LIST MANIFEST MBL
MBLS NEXT ONE QUE QUEL REFER RIDER SECOND SEE SHEET SHIPPING SHOWN STATED THAT WITH
"""
_REFERENCES: Final = frozenset(_OF_REFERENCE.split()) | _FILLING | _SAME
_AFTER_AS: Final = _PARTIES | {
    "ABOVE",
    "ADVISED",
    "AGREED",
    "ATTACHED",
    "BELOW",
    "INSTRUCTED",
    "PER",
    "SHOWN",
    "STATED",
    "THE",
}
"""Words behind AS in a reference; other ones name firms (AS is a legal form, too)."""
SHORTEST_REPEATED: Final = 3
COUNTED: Final = "12345678901234567890"


def is_placeholder(name: str) -> bool:
    """Return whether a name in capital words names no party; a firm has another word (NA TRADING, NULL AUTO PARTS)."""
    tokens = name.split()
    if not tokens or name in _CELLS or _is_filler("".join(tokens)):
        return True
    if all(token in _FILLING or (at and token.isdigit()) for at, token in enumerate(tokens)):
        return bool(_PARTIES & set(tokens)) or tokens in (["NAME"], ["COMPANY", "NAME"])
    if _refers(tokens):
        return True
    if tokens[:2] == ["TO", "BE"] and len(tokens) > 2 and all(token in _LATER for token in tokens):
        return True
    rest = [token for token in tokens if token not in _DROPPED]
    return name in _PHRASES or _are_phrases(rest)


def _refers(tokens: list[str]) -> bool:
    """Return whether words refer to another party or another place (SAME AS CONSIGNEE, AS PER BILL, SEE BELOW)."""
    if tokens[0] in _SAME and _PARTIES & set(tokens[1:4]) and "AS" in tokens[1:3]:
        return True
    if not all(token in _REFERENCES or token.isdigit() for token in tokens):
        return False
    if tokens[0] == "AS":
        return len(tokens) > 1 and (tokens[1] in _AFTER_AS or tokens[1] in _SAME)
    return bool(_SAME & set(tokens)) or (tokens[0] in ("SEE", "REFER", "PER") and len(tokens) > 1)


def _are_phrases(tokens: list[str]) -> bool:
    """Return whether words are several phrases, one behind the other (UNKNOWN WITHHELD)."""
    text = " ".join(tokens)
    while text:
        found = next((phrase for phrase in _PHRASES if f"{text} ".startswith(f"{phrase} ")), None)
        if found is None:
            return False
        text = text[len(found) :].strip()
    return bool(tokens)


def _is_filler(text: str) -> bool:
    """Return whether a text is one sign, alone or again and again (XXXX, 000), or digits counted up."""
    if len(set(text)) == 1:
        return len(text) == 1 or text[0] == "X" or text.isdigit() or len(text) > SHORTEST_REPEATED
    return text.isdigit() and len(text) > SHORTEST_REPEATED and text in COUNTED
