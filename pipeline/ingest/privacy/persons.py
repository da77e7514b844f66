"""Names of contact persons: what announces them, and the words before which a name ends, which are marked first."""

from __future__ import annotations

from typing import Final

from pipeline.ingest.privacy.given_names import GIVEN_NAMES
from pipeline.ingest.privacy.rule import Rule

NAME_ENDS: Final = "\x1d"
_NO_NAME: Final = (
    r"(\b(?:TEL|TELE|TELEPHONE|TELEFAX|TLF|PHONE|PH|FONE|FAX|MOB|MOBILE|CELL?|E-?MAIL|WHATSAPP|WECHAT|TAX|VAT|EIN|RUC"
    r"|NIT|LTD|LIMITED|INC|CORP|CORPORATION|LLC|GMBH|CO|COMPANY|GROUP|DEPT|DEPARTMENT|DIVISION|TEAM|OFFICE|ROAD|RD"
    r"|STREET|ST|AVE|AVENUE|SUITE|FLOOR|BLDG|BUILDING|BLVD|UNIT|NO|P\.?O\.? ?BOX|CHINA|USA|U\.S\.A|VIETNAM"
    r"|VIET NAM|INDIA|TURKEY|MEXICO"
    r"|BRAZIL|TAIWAN|KOREA|JAPAN|HONG KONG|THAILAND|CANADA|GERMANY|ITALY|SPAIN|UNITED|IMPORTS?|EXPORTS?"
    r"|LOGISTICS|TRADING"
    r"|PERSON|NAME|FREIGHT|CUSTOMS|WAREHOUSE|ACCOUNTS?|PURCHASING|SHIPPING|RECEIVING|TRAFFIC|AND|OR|ATTN|LENS"
    r"|LENSES|INDUSTRIES|ROOM|DOCK|GATE|DOOR)\b|\[)"
)
_LETTER: Final = r"A-Z\x{C0}-\x{24F}"
"""Latin letters; all of Unicode's would make an automaton that RE2 cannot hold."""
_WORD: Final = rf"[{_LETTER}][{_LETTER}'\x{{2019}}-]*\.?"
_TITLE: Final = r"(?:MR|MS|MRS|MISS|MDM|MADAM|SR|SRA|ING|LIC|DR|CAPT|SRS|HERRN?|FRAU|MME|MONSIEUR)\b[. ]*"
_NAME: Final = rf"(?:{_TITLE}/? ?)*{_WORD}(?:[ .]+{_WORD}){{0,3}}"
_MORE_NAMES: Final = rf"(?: ?[/&] ?{_NAME}|(?:,| \x1d?AND) ?{_TITLE}{_NAME}|, ?{_WORD}(?: {_WORD})?)*"
_PERSON: Final = r"\x1d?PERSON"
_ATTENTION: Final = r"\b(?:KIND(?:LY)? )?\x1d?(?:ATTN|ATTENTION|ATNN?|ATENCI[OÓ]N)"
PARTY_PERSON: Final = (
    rf"({_ATTENTION}(?: ?TO\b)?(?:[\s.:;,#=/-]*\x1e?[\s.:;,#=/-]*|[ .:;-]*[.:;-] ?[\x1e\x1f] ?)"
    r"|\bATT?[.:;]+[:;][\s.:;-]*|\bATT[.:;]+[\s.:;-]*|\bZ\. ?H(?:D|DEN)\.? *|\b(?:F\.A\.O\.|FAO ?:) *|\bASK FOR "
    rf"|\b(?:DRIVER|RECIPIENT|RECEIVER|MANAGER|SALES ?(?:REP|MANAGER))(?: \x1d?NAME)?(?: ?:+ *| \x1d?NAME )"
    r"|\bA/A[\s.:;]*[:.]\s*"
    rf"|\b(?:PIC|P\.I\.C\.?|{_PERSON} IN CHARGE|CTC|RESPONSABLE|CONTATO|CONTACTO|CONTACT(?: {_PERSON}| \x1d?NAME)?"
    rf"|{_PERSON}) ?[.:;#=/-]+[\s.:;-]*[\x1e\x1f]? ?"
    rf"|\b(?:PIC|CTC|CONTACT {_PERSON}|CONTACT \x1d?NAME) |[ ,.;\x1e\x1f](?:CONTACT|ATT) )({_NAME}{_MORE_NAMES})"
)
CUT: Final = rf"(\[PERSON\]\x1e){_WORD}"
"""A name that reaches the end of a full line runs on in the next one."""
TITLED: Final = (
    r"(\b(?:C/O|A/C|A/A|AOS?|PIC|CTC|CONTACT|ATT|F/A/O|CARE OF)\b[\s.:;,-]*[\x1e\x1f]?[\s.:;,-]*)"
    rf"{_TITLE}{_NAME}{_MORE_NAMES}"
)
GIVEN: Final = (
    r"((?:\b(?:C/O|CARE OF)[ .:;,-]*|\b(?:BUYER|PURCHASER|CUSTOMER)(?:'?S)?(?: \x1d?NAME)? *:+ *"
    r"|(?:^|[\x1e\x1f,;] *)\x1d?(?:FULL )?(?:NAME|NOMBRE|NOME|NOM) *:+ *))"
    rf"{GIVEN_NAMES}(?: [A-Z]\.?)? {_WORD}(?: {_WORD})?"
    r"( *(?:$|[\x1e\x1f,;/()\[]|\x1d?(?:TEL|PHONE|PH|FAX|MOB|MOBILE|CELL|E-?MAIL|WHATSAPP)\b))"
)
"""Nothing else may follow in the cell but a contact: JOHN DALE FARM SUPPLY is a firm."""
HAN_PERSON: Final = r"((?:联系人|聯絡人|聯繫人|收件人|负责人|ATTN|PERSON|CONTACT)[.:\x{FF1A} ]*)\p{Han}{2,4}"
GOODS_PERSON: Final = (
    r"(\b(?:KIND(?:LY)? )?\x1d?ATTN(?: ?TO\b)?[\s.:;,#=/-]*"
    rf"|\b(?:PIC|{_PERSON} IN CHARGE|CONTACT {_PERSON}|CONTACT \x1d?NAME) ?[.:;#=/-]+\s*"
    rf"|\bDRIVER(?: \x1d?NAME)? ?:+ *|\bATTENTION ?:? ?{_TITLE})({_NAME}{_MORE_NAMES})"
    rf"|(\bCONTACT[: ]+)({_NAME})( ?(?:TEL|PHONE|PH|MOB|CELL|FAX)?[\s.:;#-]*\[PHONE\])"
)
_ANNOUNCED: Final = (
    *("ATT", "ATN", "ATENCI", "RESPONSABLE", "CONTATO", "CONTACT", "PIC", "P.I.C", "CTC", "PERSON"),
    *("C/O", "A/C", "A/A", "F/A/O", "CARE OF", "AT.", "AO", "Z.", "F.A.O", "FAO", "ASK FOR"),
    *("DRIVER", "RECIP", "RECEIVER", "MANAGER", "SALES"),
    *("BUYER", "PURCHASER", "CUSTOMER", "NAME", "NOMBRE", "NOME", "NOM:", "NOM "),
)
WHEN_ANNOUNCED: Final = (*_ANNOUNCED, *(word.lower() for word in _ANNOUNCED), *(word.title() for word in _ANNOUNCED))


def between_marks(*rules: Rule) -> tuple[Rule, ...]:
    """Return rules of names between one that marks the words no name has, and one that takes the marks away."""
    return (
        Rule(_NO_NAME, rf"{NAME_ENDS}\1", when=WHEN_ANNOUNCED, finds=False, prepares=True),
        *rules,
        Rule(NAME_ENDS, "", when=(NAME_ENDS,), finds=False),
    )
