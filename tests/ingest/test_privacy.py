"""What is taken out of text, and what must stay: the numbers people work with."""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
import pytest

from pipeline.ingest.privacy import masks

PARTY = {
    "TEL:86-755-12345678": "TEL:[phone]",
    "TEL 0086 755 8251 1234": "TEL [phone]",
    "PH:99 999 99 99 FX:99 999 99 9": "PH:[phone] FX:[phone]",
    "TEL:999999999 FAX:999999999 A9": "TEL:[phone] FAX:[phone] A9",
    "JOHN DOE PHONE +99 999 999 9999": "JOHN DOE PHONE [phone]",
    "CONTACT TEL 99999999999 FAX EMAIL": "CONTACT TEL [phone] FAX EMAIL",
    "TLF.: 999999999 FAX": "TLF.: [phone] FAX",
    "9-9999999999 TEL": "[phone] TEL",
    "9-999999": "[phone]",
    "T: 305.555.0123": "T: [phone]",
    "+1 305 555 0123": "[phone]",
    "(305) 555-0123": "[phone]",
    "305-555-0123": "[phone]",
    "0755-83251234": "[phone]",
    "TEL/FAX:021-55512345": "TEL/FAX:[phone]",
    "TEL: 55512345/55512346/55512347": "TEL: [phone]",
    "021-55512345/46": "[phone]",
    "TEL:55512345FAX:55512346": "TEL:[phone]",
    "MOB.NO. 9820012345": "MOB.NO. [phone]",
    "13800000000": "[phone]",
    "INFO@EXAMPLE.COM": "[email]",
    "e-mail: john_doe+ship@mail.example.co.uk, floor 3": "e-mail: [email], floor 3",
    "EMAIL:JOHN_DOE@EXAMPLE": "EMAIL:[email]",
    "SOMEONE AT EXAMPLE. COM": "[email]",
    "JOHN.DOE(AT)EXAMPLE.COM": "[email]",
    "12345678@QQ.COM": "[email]",
    "SALES@163.COM": "[email]",
    "SALES@163": "[email]",
    "SSN:123456789": "SSN:[tax id]",
    "MRN:0005044-0012, SSN:XXXXXXXXX": "MRN:[tax id], SSN:XXXXXXXXX",
    "MRN# 0068635-0011 SSN # 123-45-6789": "MRN# [tax id] SSN # [tax id]",
    "SSP#123456789": "SSP#[tax id]",
    "123-45-6789": "[tax id]",
    "EIN 12-3456789": "EIN [tax id]",
    "12-3456789": "[tax id]",
    "TAX ID: 12-3456789": "TAX ID: [tax id]",
    "TAX ID NO.123456789": "TAX ID NO.[tax id]",
    "NIF A12017372": "NIF [tax id]",
    "CNPJ: 12.345.678/0001-90": "CNPJ: [tax id]",
    "12.345.678/0001-90": "[tax id]",
    "RUC 20512345678": "RUC [tax id]",
    "NIT:900.123.456-7": "NIT:[tax id]",
    "GSTIN 27AAACB1234C1Z5": "GSTIN [tax id]",
    "27AAACB1234C1Z5": "[tax id]",
    "VAT NO GB123456789": "VAT NO [tax id]",
    "USCI 91310000MA1FL5XY5T": "USCI [tax id]",
    "91310000MA1FL5XY5T": "[tax id]",
    "RFC ABC010203AB1": "RFC [tax id]",
    "EORI GB123456789000": "EORI [tax id]",
    "PAN AAACB1234C": "PAN [tax id]",
}

PARTY_KEPT = (
    "NO.8 XINHUA ROAD XINWU ZONE WUXI,JI",
    "214028 P.R.CHINA",
    "33300 DOWE AVE. UNION CITY, CALIFOR",
    "NIA, 94587, USA",
    "HOUSTON TX 77002-1234",
    "61760-000",
    "CARR. NO. 172KM. 12.0",
    "RODOVIA BR 116, KM 18 - JABUTI",
    "P.O. BOX 123456",
    "VILLA EL REY 4 CALLE 11 CC8 (00725)",
    "ROAD 165 KM 2.4 WEST AVE.BLDG 6A",
    "UNIT 1201-1205, 12/F",
    "PLOT 12-14-16",
    "1234-567 LISBOA",
    "100-0001 TOKYO",
    "TIN SHUI WAI",
    "TELEVISION CO 12345",
    "PH 12, TOWER",
    "7-ELEVEN",
    "1-800-FLOWERS.COM",
    "24-7 INTOUCH",
    "TAX FREE ZONE 12345",
    "PAN AMERICAN HWY 1234",
    "99999 NULES CASTELLON",
    "WD6 1SD - HRT, GREAT BRITAIN I",
    "EXPEDITORS INTERNATIONAL OF WASHING",
    "DHL ISC O/B OF D_LUXE BAGS",
    "SSN:XXXXXXXXX",
)

GOODS = {
    "TEL: 305-555-0123": "TEL: [phone]",
    "CONTACT TEL 021-55512345": "CONTACT TEL [phone]",
    "FAX NO. 021 5551 2345": "FAX NO. [phone]",
    "PHONE: 3055550123": "PHONE: [phone]",
    "MOBILE: +86 13812345678": "MOBILE: [phone]",
    "CONTACT JOHN +86-755-82511234": "CONTACT JOHN [phone]",
    "(305) 555-0123": "[phone]",
    "305-555-2123": "[phone]",
    "INFO@EXAMPLE.COM": "[email]",
    "TAX ID: 12-3456789": "TAX ID: [tax id]",
    "EIN: 12-3456789": "EIN: [tax id]",
    "CNPJ 12.345.678/0001-90": "CNPJ [tax id]",
    "GSTIN:27AAACB1234C1Z5": "GSTIN:[tax id]",
    "VAT NO. GB123456789": "VAT NO. [tax id]",
    "SSN 123-45-6789": "SSN [tax id]",
    "RUC: 20512345678": "RUC: [tax id]",
}

GOODS_KEPT = (
    "SYNTHETIC RUBBER P/O : 450131 4249 CUSTOMER P/...",
    "PLANT STAND PO# 8120476361 FREIGHT COLLECT THI...",
    "HS CODE 68109900",
    "HTS-CODE 8431 2000",
    "HS CODE : 681099,732690",
    "HTS 3924.10.4000",
    "9403.60.8081",
    "S CODE 8516909000 ACCESSORIES OF BEVERAGE EQU",
    "SKU#: 4960113",
    "21002700PBR",
    "PO: 21002700",
    "DELIVERY NOTE 8020966680209667",
    "8020966680209667",
    "S/C NO. 2020-01-06",
    "TEMU6512740",
    "OOLU2107899100",
    "UN1202 3-07",
    "INV 12-3456789",
    "L/C NO 1234567890",
    "MOBILE PHONE HS 8517120000",
    "TELEPHONE SETS 8517180000",
    "MOBILE PHONE 8517130000",
    "FAX MACHINE 8443310000",
    "SOLAR CELL 8541402000",
    "CAS 7732-18-5",
    "LOT 123-45-6789",
    "10 CTNS @ 25 KGS",
    "10CTNS@25KGS",
    "500PCS@2.5KG",
    "NET WEIGHT: 18.000,50 KGS",
    "DU-E 20BR0001234567 RUC 0BR12345678200000000001",
    "MRN 20DE123456789012E0",
    "TEL AVIV 1234",
    "PART NO 812-047-6361",
    "TIN 1234567 PLATES",
)

OVER_LINES = {
    ("SOME LONG ADDRESS LINE TEL: 86-755-1", "2345678 SHENZHEN"): (
        "SOME LONG ADDRESS LINE TEL: [phone]",
        "[phone] SHENZHEN",
    ),
    ("A SHORT LINE TEL:", "0755-12345678"): ("A SHORT LINE TEL:", "[phone]"),
    ("A SHORT LINE TEL:", "33126 MIAMI"): ("A SHORT LINE TEL:", "33126 MIAMI"),
    ("SOME VERY LONG LINE JOHN.DOE@EXAMPLE", ".COM CHINA"): ("SOME VERY LONG LINE [email]", "[email] CHINA"),
    ("SOME VERY LONG LINE  J.DOE@EXAMPLE.CO", "M CHINA"): ("SOME VERY LONG LINE  [email]", "[email] CHINA"),
    ("A LINE THAT IS FULL JOHN@EXAMPLE.COM", "SHANGHAI"): ("A LINE THAT IS FULL [email]", "SHANGHAI"),
    ("A VERY LONG ADDRESS LINE SSN 123-45", "-6789 MIAMI"): ("A VERY LONG ADDRESS LINE SSN [tax id]", "[tax id] MIAMI"),
    ("LVD, GIDC ESTATE, INCHEON KOREA C/O", "MS P GONODVUVIS"): ("LVD, GIDC ESTATE, INCHEON KOREA C/O", "[person]"),
    ("A VERY LONG ADDRESS LINE WITH TAX ID:", "12-3456789"): ("A VERY LONG ADDRESS LINE WITH TAX ID:", "[tax id]"),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def in_steps(relation: str, column: str, *, party: bool) -> str:
    """The relation with its column masked step by step, as staging does."""
    for step in masks.mask_steps(column, party=party):
        relation = f"(select * replace ({step} as {column}) from {relation})"
    return relation


def masked(engine: duckdb.DuckDBPyConnection, values: tuple[str, ...], *, party: bool) -> tuple[tuple[str, ...], bool]:
    """The values as they come out, and whether they were suspect."""
    columns = [f"c{place}" for place in range(len(values))]
    texts = ", ".join(f"${place}::varchar as c{place - 1}" for place in range(1, len(values) + 1))
    suspect = masks.suspect(columns, party=party)
    joined = f"(select {masks.joined(columns)} as masked, {suspect} as suspect from (select {texts}))"
    row = engine.execute(
        f"select {masks.parted('masked')}, suspect from {in_steps(joined, 'masked', party=party)}", list(values)
    ).fetchall()[0]
    return tuple(row[0]), row[1]


@pytest.mark.parametrize(("text", "expected"), PARTY.items())
def test_party_text_loses_phones_emails_and_tax_numbers(engine, text: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert masked(engine, (text,), party=True) == ((expected,), True)


@pytest.mark.parametrize("text", PARTY_KEPT)
def test_party_text_keeps_streets_and_zip_codes(engine, text: str) -> None:  # type: ignore[no-untyped-def]
    assert masked(engine, (text,), party=True) == ((text,), False)


@pytest.mark.parametrize(("text", "expected"), GOODS.items())
def test_goods_text_loses_what_a_word_or_form_identifies(engine, text: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert masked(engine, (text,), party=False) == ((expected,), True)


@pytest.mark.parametrize("text", GOODS_KEPT)
def test_goods_text_keeps_orders_articles_and_codes(engine, text: str) -> None:  # type: ignore[no-untyped-def]
    assert masked(engine, (text,), party=False) == ((text,), False)


@pytest.mark.parametrize(("lines", "expected"), OVER_LINES.items())
def test_number_that_runs_on_in_the_next_line_is_seen_whole(engine, lines, expected) -> None:  # type: ignore[no-untyped-def]
    assert masked(engine, lines, party=True)[0] == expected


WORDS = ("TEL", "FAX:", "EMAIL", "TAX ID", "SSN", "NO.", "AT", "RUC", "J.DOE", "EXAMPLE", "COM", "ROAD", "X" * 20)
NUMBERS = ("305", "0755", "12", "1", "12345678", "AAACB1234C")
PIECES = (*WORDS, *NUMBERS, "@", "+", "-", "(", ")", ".", " ", "/", "PO#", "\N{CYRILLIC SMALL LETTER YA}")


def scrambled(rows: int) -> list[list[str | None]]:
    """Three columns of random text made of what the rules look for; the same each time."""
    draw = random.Random(2026)
    return [["".join(draw.choices(PIECES, k=draw.randrange(9))) or None for _ in range(rows)] for _ in range(3)]


@pytest.mark.parametrize("party", [True, False], ids=["party", "goods"])
def test_unsuspected_text_would_not_change_and_masked_text_is_stable(
    engine: duckdb.DuckDBPyConnection, party: bool
) -> None:
    columns = ["a", "b", "c"]
    stepped = in_steps("(select *, joined as stepped from joined)", "stepped", party=party)
    wrong = engine.execute(
        f"""
        with texts as (select unnest($a::varchar[]) as a, unnest($b::varchar[]) as b, unnest($c::varchar[]) as c),
        joined as (
            select *, {masks.joined(columns)} as joined, {masks.suspect(columns, party=party)} as suspect from texts
        ),
        masked as (select *, {masks.mask("joined", party=party)} as masked from {stepped}),
        judged as (
            select
                joined, masked,
                not suspect and masked <> joined as missed,
                masked <> stepped as stepped_otherwise,
                {masks.left("masked", party=party)} and not regexp_matches(joined, '[0-9][A-Z]') as unfinished,
                len({masks.parted("masked")}) <> 3 as torn
            from masked
        )
        select * from judged where missed or stepped_otherwise or unfinished or torn
        """,
        dict(zip(columns, scrambled(20_000), strict=True)),
    ).fetchall()
    assert wrong == []


def test_check_withholds_what_the_masks_left_and_nothing_else(engine: duckdb.DuckDBPyConnection) -> None:
    for text, expected in {
        "DOCK ROAD TEL0571-55550100": "DOCK ROAD [withheld]",
        "ATTN JANE DOE SHANGHAI": "[withheld]",
        "CONTACT TEL [phone] DOCK ROAD 12345": "CONTACT TEL [phone] DOCK ROAD 12345",
        "ATTN: [person] EXPORT DEPT": "ATTN: [person] EXPORT DEPT",
    }.items():
        found = engine.execute(
            f"select {masks.left('$1', party=True)}, {masks.swept('$1', party=True)}", [text]
        ).fetchone()
        assert found == (text != expected, expected)
