"""Banks by their names: whole names of known banks, and names with the legal or trade context of one.

The word BANK alone decides nothing: it is also part of goods and places (POWER BANK TECHNOLOGY, FOOD BANK, RIVER BANK).
"""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import OSA

from pipeline.entities.names import words
from pipeline.entities.names.known_firms.forwarders import only_follows
from pipeline.entities.names.words import FORM, GENERIC, TRADE

_KNOWN_NAMES: Final = """
AB BANK, ABN AMRO, AGRIBANK, AKBANK, ALLIED BANK, AMBANK, ARAB BANK, ASKARI BANK, AXIS BANK, BANCOLOMBIA, BANCOMER,
BANGKOK BANK, BANK AL HABIB, BANK ALFALAH, BANK AUDI, BANK CENTRAL ASIA, BANK DANAMON, BANK HAPOALIM, BANK ISLAM, BANK
LEUMI, BANK MANDIRI, BANK MUSCAT, BANK NEGARA, BANK PEKAO, BANK PERMATA, BANK RAKYAT, BANQUE MISR, BARCLAYS, BBVA, BIDV,
BNP PARIBAS, BRAC BANK, BRADESCO, CANARA BANK, CATHAY BANK, CATHAY UNITED BANK, CIMB BANK, CITIBANK, CITIZENS BANK,
COMERICA BANK, COMMERZBANK, CREDIT AGRICOLE, CREDIT SUISSE, CTBC BANK, DANSKE BANK, DBS BANK, DENIZBANK, DEUTSCHE BANK,
DHAKA BANK, DOHA BANK, DUTCH BANGLA BANK, DZ BANK, E SUN BANK, EAST WEST BANK, EASTERN BANK, FAYSAL BANK, FIFTH THIRD
BANK, GARANTI BANKASI, HABIB BANK, HABIB METROPOLITAN, HALKBANK, HANA BANK, HANDELSBANKEN, HANG SENG BANK, HANMI BANK,
HDFC BANK, HONG LEONG BANK, HSBC, ICICI BANK, IDBI BANK, INDIAN BANK, INDUSIND BANK, ING BANK, INTESA SANPAOLO, ISBANK,
ITAU UNIBANCO, JAMUNA BANK, JP MORGAN CHASE, JPMORGAN CHASE, KASIKORNBANK, KBC BANK, KEB HANA BANK, KEYBANK, KOOKMIN
BANK, KOTAK MAHINDRA BANK, KRUNG THAI BANK, MASHREQ BANK, MASHREQBANK, MAYBANK, MCB BANK, MEEZAN BANK, MEGA BANK, MIZUHO
BANK, MUFG BANK, NATWEST, NONGHYUP BANK, NORDEA, OCBC BANK, PNC BANK, PRIME BANK, PUBALI BANK, PUBLIC BANK, RABOBANK,
RESONA BANK, RHB BANK, SACOMBANK, SAMBA BANK, SBERBANK, SCOTIABANK, SHINHAN BANK, SOCIETE GENERALE, SONALI BANK, SONERI
BANK, SOUTHEAST BANK, STANDARD CHARTERED, SUMITOMO MITSUI BANKING, SWEDBANK, TAISHIN BANK, TD BANK, TECHCOMBANK, TRUIST
BANK, UBS, UCO BANK, UNICREDIT, UNITED OVERSEAS BANK, UTTARA BANK, VAKIFBANK, VIETCOMBANK, VIETINBANK, WELLS FARGO,
WOORI BANK, WORLD BANK, YAPI KREDI, YES BANK, ZIRAAT BANKASI
"""
_KNOWN: Final = frozenset(" ".join(name.split()) for name in _KNOWN_NAMES.split(","))
_BANK: Final = frozenset(
    ("BANK", "BANKASI", "BANKA", "BANKING", "SPARKASSE", "VOLKSBANK", "LANDESBANK", "RAIFFEISENBANK")
)
_LEADING: Final = frozenset(("BANCO", "BANQUE", "BANCA"))
"""Words for bank that stand in front of its name."""
_OTHER_BANKS: Final = """
AIR BLOOD BOTTLE CAPACITOR CHARGE CHARGING CLAY CLOTHES CLOTHING CLOUD CORD DATA DIAPER EYE FILE FOG FOOD GENE GRASSY
GREEN IDEA KNOWLEDGE LEFT LIGHT LOAD MEMORY MILK MONEY MOSS MUD NORTH OUTER OYSTER PHOTO PIGGY POWER RESISTOR RIGHT
RIVER RIVERS SAND SEED SNOW SOUTH SPERM TALENT TIME TISSUE TOY WEST WINE
"""
_NOT_OF_MONEY: Final = frozenset(_OTHER_BANKS.split())
"""Words before BANK that make it goods, a store or a place."""
_OTHER_LEADING: Final = """
ALIMENTOS ALIMENTAIRE ALIMENTAIRES ALIMENTARE ALIMENTI SANGRE SANGUE SANG LECHE LAIT LEITE SEMILLAS SEMENTES TEJIDOS
TIEMPO TEMPO IMAGENES IMAGES DADOS DATOS DATI
"""
_NOT_OF_MONEY_BEHIND: Final = frozenset(_OTHER_LEADING.split())
_OF_FINANCE: Final = """
AGRICULTURAL BRANCH CAPITAL CENTRAL COMMERCE COMMERCIAL COOPERATIVE CREDIT DEVELOPMENT EXIM FEDERAL FINANCE FINANCIAL
FIRST INDUSTRIAL INVESTMENT ISLAMI ISLAMIC MERCANTILE MERCHANT MERCHANTS MUTUAL NA NATIONAL NBD PEOPLES RESERVE ROYAL
SAVINGS STATE TRUST UNION
"""
_FINANCE: Final = frozenset(_OF_FINANCE.split())
_OF_FOLLOWING: Final = """
ACCOUNT ACCOUNTS BILLS BR BUSINESS CENTER CENTRE CITY CORP CREDIT CREDITS DEPARTMENT DEPT DIV DIVISION DOCUMENTARY
EXPORT FOREIGN HEAD HO IMPORT LC LETTER LETTERS MAIN OFF OPERATION OPERATIONS PLC PROCESSING TRADE TREASURY UNIT
"""
_FOLLOWING: Final = _FINANCE | frozenset(_OF_FOLLOWING.split())
_FINANCED: Final = frozenset(("FINANCE", "AGRO", "FARM", "COMMUNICATION", "CONSTRUCTION", "INSURANCE", "HOME"))
"""Trades that have banks of their own (BANK OF COMMUNICATIONS, FARMERS BANK)."""
_FORMS_OF_BANKS: Final = frozenset(
    ("BHD", "BERHAD", "KSC", "KSCP", "OJSC", "PERSERO", "PJSC", "PLC", "QPSC", "SAL", "SAOG", "TBK")
)
_LIKE_BANK: Final = frozenset(("BACK", "BALK", "BAND", "BANG", "BANKS", "BARK", "BANE", "BAN", "BLANK", "BANKE", "BAK"))
"""Words with one letter other than BANK that have a meaning of their own."""


def is_bank(name: str, *, is_order: bool) -> bool:
    """Return whether a name in capital words is that of a bank; orders name few parties but banks and buyers."""
    tokens = name.split()
    if is_order:
        tokens = ["BANK" if _is_mistyped(token) else token for token in tokens]
    if _is_known(tokens):
        return True
    for at, token in enumerate(tokens):
        before, after = tokens[:at], tokens[at + 1 :]
        if token in _LEADING and _leads(after, is_order=is_order):
            return True
        if token in _BANK and _has_context(before, after, is_order=is_order):
            return True
    return False


def _is_known(tokens: list[str]) -> bool:
    return any(
        " ".join(tokens[:count]) in _KNOWN and only_follows(tokens[count:], _FOLLOWING)
        for count in range(1, min(len(tokens), 3) + 1)
    )


def _leads(after: list[str], *, is_order: bool) -> bool:
    known = words.name_words()
    named = [token for token in after if token not in known or known[token].kind != FORM]
    return not (_NOT_OF_MONEY_BEHIND & set(after)) and not _deals(after) and bool(named or is_order)


def _has_context(before: list[str], after: list[str], *, is_order: bool) -> bool:
    if before and (before[-1] in _NOT_OF_MONEY or _trades(before[-1:])) and not _FINANCE & set(before + after):
        return False
    if _deals(after):
        return False
    if after and after[0] == "OF" and len(after) > 1:
        return True
    if is_order:
        return True
    around = {*before, *after}
    if not only_follows(after, _FOLLOWING):  # BANK and its name
        return before in ([], ["PT"]) and bool(around & (_FINANCE | _FORMS_OF_BANKS))
    known = words.name_words()
    has_form = any(token in known and known[token].kind == FORM for token in after)
    has_place = any(text in words.cities() or text in words.countries() for text in (" ".join(after), " ".join(before)))
    return bool(before) and (has_form or has_place or bool(around & (_FINANCE | _FORMS_OF_BANKS)))


def _trades(tokens: list[str]) -> bool:
    known = words.name_words()
    return any(known[t].kind == TRADE and known[t].stands_for not in _FINANCED for t in tokens if t in known)


def _deals(tokens: list[str]) -> bool:
    """Return whether the words after BANK say that the firm makes or sells something."""
    known = words.name_words()
    other = [token for token in tokens if token not in _FOLLOWING and not only_follows([token], _FOLLOWING)]
    return _trades(other) or any(known[t].kind == GENERIC for t in other if t in known)


def _is_mistyped(word: str) -> bool:
    """Return whether a word of an order is BANK with one typing error."""
    return word[0] == "B" and word not in _LIKE_BANK and bool(OSA.distance(word, "BANK", score_cutoff=1) <= 1)
