"""The grammar of personal data in text: phones, e-mail addresses, accounts, tax numbers and names of contact persons.

It is the only one: the masks of staging replace what it names, and the privacy check searches for it. Two strengths.
*Party* text (names, addresses) has no order numbers, so any number in the form of a phone or a tax number is masked.
*Goods* text (descriptions, marks) is full of numbers that people need (orders, articles, HS codes), so there a number
is personal only with a word before it ("TEL", "TAX ID") or in a form that nothing else has ("+86 755 ...").

A person's name is only known by the words before it (ATTN, PIC, CONTACT, C/O MR) or, behind words that firms follow
too (C/O, BUYER:, NAME:), by a frequent given name; contact columns are left out.
"""

from __future__ import annotations

from typing import Final

from pipeline.ingest.privacy.persons import (
    CUT,
    GIVEN,
    GOODS_PERSON,
    HAN_PERSON,
    PARTY_PERSON,
    TITLED,
    WHEN_ANNOUNCED,
    between_marks,
)
from pipeline.ingest.privacy.rule import ACCOUNT, EMAIL, PERSON, PHONE, RUNS_ON, TAX_ID, Rule

# What may stand between a word and its number: signs and "NO", here or over the end of a full line.
_SIGNS: Final = r"[\s:;.,#=/()*|&\x1e-]*"
_GAP: Final = rf"{_SIGNS}(?:(?:NO|NR|NUM|NUMBER|Nº|N°|N|ID|CODE|REG){_SIGNS}){{0,2}}"
_GAP_OVER_LINES: Final = r"[\s:;.,#=/()*\x1e\x1f-]*"
_CELL: Final = r"[\x1e\x1f\n]"


def _digits(least: int) -> str:
    """A number of at least so many digits, in groups."""
    return rf"[+(]{{0,2}}[0-9](?:[ ()./-]{{0,3}}[0-9]){{{least - 1},30}}"


_SOME_DIGITS: Final = r"[+(]{0,2}[0-9](?:[ ()./-]{0,3}[0-9]){0,14}[ ()./-]{0,3}"

# E-mail addresses.
_LOCAL: Final = r"[A-Z0-9._%+'&=-]*"
_TLD: Final = (
    r"(?:COM|NET|ORG|EDU|GOV|BIZ|INFO|EU|CO|CN|DE|IN|IT|UK|BR|VN|TW|HK|KR|JP|TH|ID|MX|ES|FR|TR|PK|BD|LK|MY|SG|PH|AU|NZ"
    r"|AE|SA|EG|ZA|NL|BE|PL|PT|RU|UA|CL|PE|EC|AR|GT|HN|SV|DO|PR|US|CA)"
)
_DOMAIN: Final = r"(?:[A-Z][A-Z0-9.-]*|[0-9A-Z-]+(?:\.[A-Z0-9-]+)*\.[A-Z]{2,6}\b|1(?:26|39|63|88|89)\b)"
"""Begins with a letter, ends in one (163.com), or is a cut one of the all-digit providers; "@25KGS" is none."""
_REST_OF_DOMAIN: Final = r"(?:[A-Z0-9-]*(?:\.[A-Z]{2,6})+\b|(?:COM?|OM|M|NET|ET|CN|ORG|RG)\b)"
_EMAILS: Final = (
    Rule(
        rf"{_LOCAL}@[A-Z0-9.-]*\x1e{_REST_OF_DOMAIN}|{_LOCAL}\x1e{_LOCAL}@{_DOMAIN}",
        f"{EMAIL}{RUNS_ON}{EMAIL}",
        when=(RUNS_ON,),
    ),
    Rule(  # the local part stands alone before the end of its line, or ends in a dot there
        rf"[A-Z0-9][A-Z0-9._%+'&-]*({_CELL} *)@ ?{_DOMAIN}"
        rf"|[A-Z0-9][A-Z0-9._%+'&-]*[._-]({_CELL} *)[A-Z0-9._%+'&-]+ ?@ ?{_DOMAIN}"
        rf"|[A-Z0-9][A-Z0-9._%+'&-]* ?@ ?({_CELL} *)[A-Z0-9-]+(?:\.[A-Z0-9-]+){{0,2}}\.{_TLD}\b",
        rf"{EMAIL}\1\2\3{EMAIL}",
        when=("@",),
    ),
    Rule(
        rf"[A-Z0-9]{_LOCAL} ?@ ?[A-Z0-9-]+(?: ?\. ?[A-Z0-9-]+){{0,3}} ?\. ?{_TLD}\b"
        rf"|[A-Z0-9]{_LOCAL} @ ?[A-Z][A-Z0-9-]*\.[A-Z]{{2,4}}\b",
        EMAIL,
        when=("@",),
    ),
    Rule(rf"{_LOCAL}@{_DOMAIN}", EMAIL, when=("@",)),
    Rule(
        rf"[A-Z0-9]{_LOCAL} ?(?: AT |\(AT\)|\[AT\]|\{{AT\}}) ?[A-Z0-9-]+(?: ?\. ?[A-Z0-9-]+){{0,2}} ?"
        rf"(?:\.|\bDOT\b|[(\[{{]DOT[)\]}}]) ?{_TLD}\b",
        EMAIL,
        when=(" AT ", "(AT)", "[AT]", "{AT}", " at ", "(at)", "[at]", " At "),
    ),
    Rule(
        rf"\[EMAIL\]((?: |{_CELL})?)[A-Z0-9-]*\.{_TLD}\b(?:\.[A-Z]{{2}}\b)?", rf"{EMAIL}\1", when=(EMAIL,), finds=False
    ),
    Rule(r"\bE-?MAIL *[:=] *[A-Z0-9-]+[._][A-Z0-9._-]*[A-Z0-9]", f"EMAIL: {EMAIL}", when=("MAIL", "mail", "Mail")),
)

# Accounts of messengers.
_MESSENGER: Final = (
    r"\b(?:WE ?CHAT|WEIXIN|WX|SKYPE|QQ|ICQ|MSN|KAKAO(?: ?TALK)?|TELEGRAM|VIBER|LINE ?(?:ID|@)|WHATS ?APP|ZALO|WEIBO"
    r"|DING ?TALK|FACEBOOK|INSTAGRAM|FB|IG|SIGNAL|SNAPCHAT|BOTIM|IMO)"
)
_ACCOUNTS: Final = (
    Rule(
        rf"({_MESSENGER}(?: ?(?:ID|NO|NUMBER|ACCOUNT)\b)?[.]? ?[:=#]+ ?|{_MESSENGER} ?ID[ .]+|\bLINE ?(?:ID|@)[: ]*)"
        r"[A-Z0-9@+][A-Z0-9@_.:+-]{3,30}"
        # of a shipping or product line a word is before, and no digits are behind
        r"|((?:^|[^A-Z0-9 ]) ?LINE ?: ?)@?[A-Z._]{2,20}[0-9]{1,6}\b"
        rf"|({_MESSENGER} )(?:@[A-Z0-9_.]{{3,30}}|[A-Z_.:]+[0-9][0-9A-Z_]*)|(\b(?:QQ|ICQ) ?)[0-9]{{5,11}}\b"
        r"|(\bIBAN[ :.#]*)[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{2,4}){3,8}\b",
        rf"\1\2\3\4\5{ACCOUNT}",
    ),
)

# Tax and personal numbers.
_PAN: Final = r"[A-Z]{5}[0-9]{4}[A-Z]"
_TAX_NUMBER: Final = rf"(?:{_PAN}|(?:[A-Z&]{{1,5}}[ -]?)?[0-9](?:[0-9A-Z]|[./-][0-9A-Z]| [0-9]{{1,4}}\b){{4,20}})"
_GSTIN: Final = rf"\b[0-9]{{2}} ?{_PAN} ?[0-9A-Z]Z[0-9A-Z]\b"
_CNPJ_CPF: Final = r"\b[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}\b|\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b"
_SSN: Final = r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"
_EIN: Final = r"\b[0-9]{2}-[0-9]{7}\b"
_USCI: Final = r"\b9[1-3][0-9]{6}[0-9A-Z]{10}\b"
"""Unified social credit identifier of China: kind, region, nine characters and two checks."""
_CITIZEN: Final = (
    r"\b[1-8][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9X]\b"
    r"|\b[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]\b"
)
"""Identity numbers of citizens of China and Mexico, with their day of birth."""
_SURE_TAX_WORD: Final = (
    r"VAT|GST(?:IN|N)?|F?EIN|IRS|SSN|SOCIAL SECURITY|ITIN|CNPJ|CPF|CGC|RUT|NIT|NIF|CUIT|IEC|EORI|USCIC?|USCC|NPWP"
    r"|KTP|AADHA?AR|CURP|CUI[LT]|CCCD|CMND|CNIC|DNI|PESEL|REGON|TCKN|EMIRATES ID|NATIONAL ID|ID CARD"
    r"|S\.S\.N\.|C\.?N\.?P\.?J\.?|N\.I\.T\.|R\.U\.T\.|PARTITA IVA|VKN|SIRET|SIREN|PASSPORT|CEDULA|VERGI"
)
_PARTY_TAX_WORD: Final = (
    rf"\b(?:TAX(?:PAYER)?|TVA|IVA|BTW|MWST|UST|SS[NP]|TIN|TRN|{_SURE_TAX_WORD}|RUC|R\.U\.C\.|RFC|R\.F\.C\.|PAN|ABN|UEN"
    r"|MRN|INN|OGRN|NTN|NIK|NIP|NID|EIK|CVR|KVK|CHAMBER|ORG|PP (?:NO|NUMBER)|BIN|MST|MA SO THUE|P\.? ?IVA|C\.?I\.?F\.?)"
)
"""MRN is a merchant's number in Puerto Rico; SSP is how SSN was mistyped there."""
_GOODS_TAX_WORD: Final = rf"\b(?:TAX(?:PAYER)? ?(?:ID|NO|NUMBER|CODE|REG)|{_SURE_TAX_WORD}|PAN NO)"
_GOODS_TAX_NUMBER: Final = rf"(?:{_PAN}|(?:[A-Z]{{2}}[ -]?)?[0-9](?:[0-9A-Z]|[./-][0-9A-Z]){{6,20}})"
_RFC: Final = r"[A-Z&]{3,4}[ -]?[0-9]{6}[ -]?[0-9A-Z]{3}\b"

# Phones. Between a letter and a word there may be no blank: "CHINATEL:86-21...".
_PARTY_PHONE_WORD: Final = (
    r"(?:\b(?:TEL[A-ZÉ]{0,7}|TÉL[A-ZÉ]{0,7}|TLF(?:NO)?|TLX|TFNO|TF|TE|PHONE|PHN?|FONE?|FAX|FX|FACSIMILE"
    r"|MOB(?:ILE?)?|MOVIL|CELL?(?:ULAR)?|HP|H/P|HAND ?PHONE|HOTLINE|WHATS?APP|WECHAT|WA ?[:#]|CALL|CONTACT|DIRECT|DID"
    r"|GSM|M/P|T/F)|[☎✆]|電話|电话|手机|手機|传真|ТЕЛ"
    r"|TEL|PHONE|FAX[:.]|CEL[:.])"
)
_MORE: Final = r"(?:/[0-9]{2,12})*"
"""Further numbers that are given by their last digits ("021-5550100/0101")."""
_CALLING_CODE: Final = r"(?:1|20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|352|353|358|8[58][0-9]|9[67][0-9])"
_NORTH_AMERICAN: Final = r"(?:1[-. ])?[2-9][0-9]{2}[-.][2-9][0-9]{2}[-.][0-9]{4}\b"
"""Area and exchange never begin with 0 or 1."""
_PARTY_PHONE: Final = "|".join(
    (
        rf"\+{_digits(7)}",
        rf"\([0-9]{{1,4}}(?:[ -][0-9]{{1,4}})?\) ?-?{_digits(5)}",
        rf"\b[0-9]{{10,15}}\b{_MORE}",  # no zip code and no house number is as long
        rf"\b[0-9]-[0-9]{{6,10}}\b{_MORE}",  # a US number with its 1, also where a narrow column has cut it
        rf"0[0-9]{{2,4}}-[0-9]{{7,8}}\b{_MORE}",
        rf"\b(?:0[0-9]{{1,4}}[- ][0-9]{{6,8}}|0[0-9]{{4}}[- ][0-9]{{5}})\b{_MORE}",  # 0819-12345 is a zip code
        rf"\b(?:00)?{_CALLING_CODE}[ -][0-9]{{1,4}}[ -][0-9]{{3,4}}[ -]?[0-9]{{3,4}}\b{_MORE}",
        r"\b0[0-9]{1,3} [0-9]{3,4} [0-9]{3,4}\b",
        rf"\b[0-9]{{1,4}}[-.][0-9]{{2,4}}[-.][0-9]{{3,8}}(?:[-.][0-9]{{2,4}})*\b{_MORE}",
        _NORTH_AMERICAN,
        r"\b[TFMPO]:? \(?[2-9][0-9]{2}\)? [2-9][0-9]{2}[ -][0-9]{4}\b",
    )
)
_GLUED: Final = rf"(?:(?:TEL|FAX|FX|PH|PHONE|MOB|CELL){_GAP}{_digits(5)})*"
"""Further numbers whose word follows the one before without a blank."""
_GOODS_PHONE_WORD: Final = (
    rf"\b(?:(?:TEL(?:EPHONE|EFONO|EFAX|E)?|TLF|FAX|FONE|CEL|WHATSAPP){_GAP}"
    r"|(?:HP|PH|PHONE|MOBILE|MOB|CELL)(?: ?NO)?[.:# ]*[.:#]\s*"
    r"|T[:.]\s?(?:\+|0))"
)
_GOODS_LONG_PHONE: Final = (
    r"(\b(?:PHONE|MOBILE|MOB)(?: ?(?:NO|NUMBER))?[.:# ]+)[2-9][0-9]{2} [2-9][0-9]{2}[ -][0-9]{4}\b"
    r"|(\bCONTACT ?(?:NO|NUMBER)[.:# ]+)[0-9]{10,13}\b"
)
_GOODS_PHONE: Final = "|".join(
    (
        rf"\+{_digits(9)}",
        r"\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .-]?[0-9]{4}\b",
    )
)

PARTY: Final = (
    *_EMAILS,
    *_ACCOUNTS,
    Rule(
        rf"({_PARTY_TAX_WORD}{_GAP}){_SOME_DIGITS}\x1e[ ./-]?[0-9](?:[./-]?[0-9A-Z])*",
        rf"\1{TAX_ID}{RUNS_ON}{TAX_ID}",
        when=(RUNS_ON,),
    ),
    Rule(
        "|".join(
            (
                rf"(\bR\.?F\.?C\.?{_GAP}){_RFC}",
                rf"({_PARTY_TAX_WORD}{_GAP}){_TAX_NUMBER}",
                *(_SSN, _EIN, _GSTIN, _CNPJ_CPF, _USCI, _CITIZEN),
            )
        ),
        rf"\1\2{TAX_ID}",
    ),
    Rule(
        rf"({_PARTY_PHONE_WORD}{_GAP}){_SOME_DIGITS}\x1e[ ()./-]{{0,3}}[0-9](?:[ ()./-]{{0,3}}[0-9])*",
        rf"\1{PHONE}{RUNS_ON}{PHONE}",
        when=(RUNS_ON,),
    ),
    Rule(_PARTY_PHONE, PHONE),  # before those with a word: keeping the word costs three times as much
    Rule(
        rf"({_PARTY_PHONE_WORD}{_GAP}){_digits(5)}{_GLUED}"
        rf"|({_PARTY_PHONE_WORD}{_GAP_OVER_LINES}|\b(?:[TFMPC]|HP|DID)[:.]\s*){_digits(7)}"
        rf"|{_digits(7)}( ?(?:TEL|FAX|PHONE|TLF|CELL?)\b)",
        rf"\1\2{PHONE}\3",
    ),
    *between_marks(
        Rule(PARTY_PERSON, rf"\1{PERSON}", when=WHEN_ANNOUNCED),
        Rule(TITLED, rf"\1{PERSON}", when=WHEN_ANNOUNCED),
        Rule(GIVEN, rf"\1{PERSON}\2", when=WHEN_ANNOUNCED),
        Rule(HAN_PERSON, rf"\1{PERSON}"),
        Rule(CUT, rf"\1{PERSON}", when=(f"{PERSON}{RUNS_ON}",), finds=False),
    ),
)

GOODS: Final = (
    *_EMAILS,
    *_ACCOUNTS,
    Rule(
        rf"({_GOODS_TAX_WORD}{_GAP}){_GOODS_TAX_NUMBER}|(\bRUC{_GAP})(?:1[057]|20)[0-9]{{9}}\b|(\bRFC{_GAP}){_RFC}"
        rf"|(\bAADHA?AR{_GAP})[0-9]{{4}} [0-9]{{4}} [0-9]{{4}}\b|{_GSTIN}|{_CNPJ_CPF}|{_CITIZEN}",
        rf"\1\2\3\4{TAX_ID}",  # Peru's RUC; Brazil's, which is a cargo's reference, has another form
    ),
    Rule(rf"({_GOODS_PHONE_WORD}){_digits(7)}{_GLUED}|{_GOODS_PHONE}", rf"\1{PHONE}"),
    Rule(rf"(\b|\bTE|\bT|\bTEL){_NORTH_AMERICAN}|{_GOODS_LONG_PHONE}", rf"\1\2\3{PHONE}"),
    *between_marks(
        Rule(GOODS_PERSON, rf"\1\3{PERSON}\5", when=WHEN_ANNOUNCED),
        Rule(GIVEN, rf"\1{PERSON}\2", when=WHEN_ANNOUNCED),
    ),
)
