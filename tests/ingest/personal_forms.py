"""Labelled texts with and without personal data, made from lists of forms: numbers and names are invented."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Labelled:
    """Cells of one row, and what of them is personal: parts that must not be there after masking.

    Attributes:
        kind: the form.
        cells: consecutive address lines, or one goods text.
        secrets: personal parts; of a phone or tax number its digits. Empty: nothing may change.
        party: whether it is text on a party.
    """

    kind: str
    cells: tuple[str, ...]
    secrets: tuple[str, ...]
    party: bool = True


PHONES = (
    "0571-55550100",
    "206-555-0100",
    "81 3 5555-0100",
    "+90 (216) 555 01 00",
    "(84-8) 3555 0100",
    "86-21-55550100",
    "+1 (787) 555-0100",
    "0086-755-25550100",
    "91-22-55550100",
    "55501000",
    "787.555.0100",
    "52 81 5555 0100",
)
PHONE_WORDS = (
    "TEL", "TEL:", "Tel.", "TEL NO.", "TELEFAX", "TELEPHONE:", "PH#", "PH:", "PHONE", "T.", "T:", "CEL:", "CELL", "TLF",
    "TLF.:", "FONE", "FONE:", "MOB", "MOBILE NO:", "HP:", "FAX", "FAX:", "TEL/FAX:", "WHATSAPP", "WhatsApp:", "TELF.",
)  # fmt: skip
GLUED_WORDS = ("TEL", "TE", "FAX:", "TELEFAX", "PH#", "T.", "CEL:", "TLF", "FONE", "MOB", "HP", "tel:")
ACCOUNTS = (
    "WECHAT: lily_shenzhen88",
    "WeChat ID: wxid_a1b2c3",
    "WECHAT ID LILY8806",
    "SKYPE: trade.lily",
    "QQ: 285550100",
    "QQ 285550100",
)
MAILS = (
    "JANE.DOE@EXAMPLE.COM",
    "j_doe@mail.example.com.tr",
    "SALES88@163.COM",
    "INFO@EXAMPLE.CO.IN",
    "export-2@EXAMPLE.NET",
)
TAX_NUMBERS = {
    "EIN": "66-0555010", "FEIN:": "660555010", "TAX ID": "66-0555010", "TAX ID NO.": "0100555012", "SSN": "555-01-0012",
    "CNPJ": "12.345.678/0001-90", "CNPJ:": "12345678000190", "CPF": "123.456.789-09", "RUC": "20512345678",
    "RUC NO:": "20512345678", "VAT": "GB555010012", "VAT NO.": "TR5550100123", "GSTIN": "27AAACB1234C1Z5",
    "GST NO:": "27AAACB1234C1Z5", "USCI": "91310000MA1FL5XY5T", "USCC:": "91310000MA1FL5XY5T", "RFC": "ABC010203AB1",
    "RFC:": "XAXX010101000", "NIT": "900.123.456-7", "NIT:": "9001234567", "RUT": "76.123.456-7", "CUIT": "30-71234567-9",
    "NPWP": "01.234.567.8-901.000", "TAX CODE:": "0312345678", "MST:": "0312345678", "VKN": "5550100123",
    "EORI": "GB123456789000", "PAN:": "AAACB1234C", "IEC NO": "0512345678", "TIN:": "123-456-789-000", "PASSPORT NO": "X5550100",
}  # fmt: skip
PEOPLE = ("JOHN DOE", "Maria Fernanda Lopez", "LI WEI", "NGUYEN THI HOA", "Ayşe Yılmaz", "J. R. SMITH", "O'BRIEN")
ANNOUNCED = (
    "ATTN: ", "ATTN ", "ATTN.", "ATTN:MR. ", "ATTN MS ", "ATTENTION: ", "ATTENTION MR ", "Attn: ", "PIC: ", "PIC MR ",
    "CONTACT: ", "CONTACT PERSON: ", "CONTACT PERSON ", "C/O MR ", "C/O MS. ", "C/O MRS ", "KIND ATTN ", "KIND ATTN: MR. ",
    "A/C MR ", "ATT: ", "CTC: ",
)  # fmt: skip

PARTY_PLAIN = (
    "NO.8 XINHUA ROAD XINWU ZONE WUXI", "214028 P.R.CHINA", "HOUSTON TX 77002-1234", "TX77043 US", "NINH BINH PROV VIETNAM",
    "61760-000 CAMPINAS SP", "P.O. BOX 123456", "PO BOX 5550", "P O BOX 12345-6789", "1234-567 LISBOA", "100-0001 TOKYO",
    "UNIT 1201-1205, 12/F", "PLOT 12-14-16", "KM 12.5 CARRETERA 57", "12345 N MAIN ST STE 100", "11-13 HARBOUR RD",
    "HOTEL PLAZA 12345", "HALIFAX B3J 1S9", "FAIRFAX VA 22030-1234", "CONTACT INDUSTRIES INC", "TELEVISION CO 12345",
    "KENT WA 98032", "ATTICA 12345 GREECE", "PICO RIVERA CA 90660", "PH 12, TOWER 2", "TIN SHUI WAI",
    "PANAMA CITY 0819-12345",
    "ROOM 1001 NO. 2000 PUDONG AVE", "ZIP 330012", "ISTANBUL 34394 TURKEY", "CIF NHAVA SHEVA", "7-ELEVEN INC",
    "1-3-1 TORANOMON MINATO-KU", "WX HOLDINGS LTD", "HP INC", "T MOBILE USA", "MOBILE AL 36602", "CALLE 12 NO. 34-56",
    "CRA 7 NO 71-21 TORRE B", "BLOK A/12-14 JL SUDIRMAN KAV 52", "C/O EXPEDITORS INTL", "A/C ACME CORP", "SKYPE LOGISTICS LTD",
    "ATTN IMPORT DEPT", "TAX FREE ZONE 12345", "VAT SMOKE CO", "DIRECT IMPORTS LLC 12345", "CALL CENTER RD 123",
    "MR PRICE GROUP LTD", "ST. JOHNS NL A1C 5S7", "LOT 5, JALAN 3/57A", "S/N 12345", "GROUND FLOOR 2/34",
)  # fmt: skip
GOODS_PLAIN = (
    "HS CODE 68109900", "HTS-CODE 8431 2000", "HS CODE : 681099,732690", "HTS 3924.10.4000", "9403.60.8081", "PO: 21002700",
    "PO# 8120476361 FREIGHT COLLECT", "DELIVERY NOTE 8020966680209667", "S/C NO. 2020-01-06", "TEMU6512740", "OOLU2107899100",
    "LC NO 1234567890", "MOBILE PHONE HS 8517120000", "TELEPHONE SETS 8517180000", "FAX MACHINE 8443310000",
    "SOLAR CELL 8541402000", "CAS 7732-18-5", "LOT 123-45-6789", "10 CTNS @ 25 KGS", "500PCS@2.5KG", "5 PCS @ USD 3.00/PC",
    "NET WEIGHT: 18.000,50 KGS", "MRN 20DE123456789012E0", "PART NO 812-047-6361", "B/L NO. MEDUQ1234567", "INVOICE 12-3456789",
    "45,000 MT BULK CEMENT ASTM C150", "SEAL CN1234567", "CONTACT LENSES 1000 PCS", "HP PRINTER 12345678", "PH 7.0 SOLUTION 25 KG",
    "T. BOLTS 12345678", "CEL SHADES 1000", "PIC FRAMES 500", "CONTAINER MSKU1234565", "ATTENTION FRAGILE KEEP DRY", "VAT DYES 25000 KGS",
    "SCAC MAEU 123456789", "DU-E 20BR0001234567", "NCM 2523.29.10", "1000 PCS/CTN 12X34X56", "MODEL TE2065550", "WX-12345678 VALVE",
    "SKU 206-055-0100", "IMPORTED BY WECHAT STORE", "QTY 2,065,550 KGS", "PALLETS 20 GROSS WT 20655.50", "UN1202 CL 3",
)  # fmt: skip


FREE_FORMS = [
    Labelled("free form", (text,), tuple(secrets), party)
    for text, secrets, party in json.loads(Path(__file__).with_name("free_forms.json").read_text(encoding="utf-8"))
]
"""Forms of which there is one text each."""


def positives() -> list[Labelled]:
    """Texts with personal data, in every form with and without separators, glued to their neighbours, over two cells."""
    found = [form for form in FREE_FORMS if form.secrets]
    for word, number in itertools.product(PHONE_WORDS, PHONES):
        found.append(Labelled("phone", (f"{word} {number}", "SHANGHAI"), (number,)))
    for word, number in itertools.product(GLUED_WORDS, PHONES):
        found.append(Labelled("phone glued", (f"12 DOCK ROAD {word}{number}",), (number,)))
        found.append(
            Labelled("phone glued", (f"CHINA{word}{number}FAX:{number}",), (number,)) if word == "TEL" else found[-1]
        )
    for word, number in itertools.product(("TEL:", "PH#", "FAX", "MOB:"), PHONES[:6]):
        found.append(Labelled("phone over cells", ("12 DOCK ROAD SHANGHAI " + word, number), (number,)))
        cut = f"SUPERLONG BUILDING NAME {word}{number}"[:35]
        rest = f"SUPERLONG BUILDING NAME {word}{number}"[35:]
        found.append(Labelled("phone over cells", (cut, f"{rest} CITY"), (number,)))
    found += [
        Labelled("phone alone", (f"12 DOCK ROAD {number}",), (number,)) for number in PHONES if number != "55501000"
    ]
    found += [Labelled("account", (f"12 DOCK ROAD {text}",), (text.split()[-1],)) for text in ACCOUNTS]
    for mail in MAILS:
        local, domain = mail.split("@")
        forms = (mail, f"EMAIL:{mail}", f"E-MAIL {mail}TEL", f"{local} @{domain}", f"{local}@ {domain}", f"{local} AT {domain}",
                 f"{local}(AT){domain}", mail.lower())  # fmt: skip
        found += [Labelled("mail", (f"DOCK ROAD {form}",), (local,)) for form in forms]
        found.append(Labelled("mail over cells", (f"DOCK ROAD {local}", f"@{domain}"), (local,)))
        found.append(Labelled("mail over cells", (f"DOCK ROAD {local}@", f"{domain} CHINA"), (local,)))
        found.append(Labelled("mail in goods", (f"TILES\nCONTACT {local}\n@{domain}\nHS 6907",), (local,), party=False))
        found.append(Labelled("mail in goods", (f"TILES {mail} HS 6907",), (local,), party=False))
    for word, number in TAX_NUMBERS.items():
        found.append(Labelled("tax number", (f"12 DOCK ROAD {word} {number}",), (number,)))
        found.append(Labelled("tax number", (f"{word}{number}, DOCK ROAD".lower(),), (number.lower(),)))
    for word, name in itertools.product(ANNOUNCED, PEOPLE):
        found.append(Labelled("person", ("12 DOCK ROAD", f"{word}{name}"), tuple(name.split())))
    for word, name in itertools.product(ANNOUNCED[:12], PEOPLE[:3]):
        text = f"DOCK ROAD {word}{name} TEL:0571-55550100"
        found.append(Labelled("person and phone", (text,), (*name.split(), "0571-55550100")))
    for word, number in itertools.product(
        ("TEL:", "TEL", "FAX NO. ", "PH: ", "MOBILE: ", "WHATSAPP ", "CEL:"), PHONES[:8]
    ):
        found.append(Labelled("phone in goods", (f"CERAMIC TILES {word}{number} HS 690721",), (number,), party=False))
    return found


def negatives() -> list[Labelled]:
    """Texts without personal data, alone and beside other lines."""
    party = [
        Labelled("party", cells, ())
        for text in PARTY_PLAIN
        for cells in ((text,), ("ACME TRADING CO LTD", text, "CHINA"))
    ]
    goods = [
        Labelled("goods", (form,), (), False)
        for text in GOODS_PLAIN
        for form in (text, f"TILES\n{text}\n12 CTNS", text.lower())
    ]
    return [form for form in FREE_FORMS if not form.secrets] + party + goods
