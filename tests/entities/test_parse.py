"""Parsing of names and addresses: cuts undone, forms and places separated, the party behind another found."""

import os
import subprocess
import sys

import pytest

from pipeline.entities.names.parse import ParsedName, parse
from pipeline.entities.names.serialization import parsed_from, text_of
from simulator import known_variants as known


def meanings(reading: ParsedName) -> list[str]:
    return [word.stands_for for word in reading.name.words]


@pytest.mark.parametrize(
    ("name", "address", "clean"),
    [
        ("WILLIAMS-SONOMA SINGAPORE PTE LIMIT", "ED 10 ANSON RD", "WILLIAMS SONOMA SINGAPORE PTE LIMITED"),
        ("M. DIAS BRANCO S/A IND. E COM. DE", "ALIMENTOS RUA X 100", "M DIAS BRANCO SA IND E COM DE ALIMENTOS"),
        ("KROSOLGOMAR MARINE PRODUCTS & BROTH", "ERS UNIT II PRIVATE LIMITED 4398 X LANE", None),
        ("TO ORDERINTERNATIONAL MATERIALS LLC", "", "INTERNATIONAL MATERIALS LLC"),
        ("TO THE ORDER OF ESSEX CEMENT CO LLC", "", "ESSEX CEMENT CO LLC"),
        ("DHL ISC O/B OF D_LUXE BAGS", "", "D LUXE BAGS"),
        ("ACME C/O BOLT WORKS LTD", "1 DOCK ROAD", "BOLT WORKS LTD"),
        ("A&AMP;B TOYS LTD", "", "AB TOYS LTD"),
        ("BOLT WORKS LTD ATTN MR SMITH", "", "BOLT WORKS LTD"),
        ("SAME AS CONSIGNEE", "1 DOCK ROAD", ""),
        ("TO ORDER", "", ""),
        ("---", "", ""),
        ("\u0363", "", ""),
        ("\u20ac" * 35, "XARQU LTD 1 DOCK ROAD", ""),
        ("[phone]", "1 DOCK ROAD", ""),
        ("TO ORDER OF SHIPPER", "", ""),
    ],
)
def test_named_party_is_extracted(name: str, address: str, clean: str | None) -> None:
    found = parse(name, address)
    if clean is None:
        assert found.clean_name.endswith("BROTHERS UNIT II PRIVATE LIMITED")
        assert found.place.houses == {"4398"}
    else:
        assert found.clean_name == clean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("COMERCIAL XARQU S.A. DE C.V.", "COMERCIAL XARQU SA DE CV"),
        ("XARQU TOYS PVT. LTD.", "XARQU TOYS PRIVATE LIMITED"),
        ("XARQU IMP & EXP CO.,LTD", "XARQU IMPORT AND EXPORT COMPANY LIMITED"),
        ("XARQU INT'L MFG INC", "XARQU INTERNATIONAL MANUFACTURING INCORPORATED"),
        ("X.Y.Z. TOYS", "X Y Z TOYS"),
        ("M/S XARQU TOYS", "XARQU TOYS"),
        ("FABRYKA XARQU SP. Z O.O.", "FABRYKA XARQU SP ZOO"),
    ],
)
def test_two_ways_to_write_one_name_parse_alike(one: str, other: str) -> None:
    assert meanings(parse(one, "")) == meanings(parse(other, ""))


def test_forms_are_no_words_but_a_city_that_begins_like_one_is() -> None:
    assert "FRANCISCO" in meanings(parse("SAN FRANCISCO FOODS", ""))


def test_places_and_numbers_are_separated_from_words() -> None:
    found = parse("XARQU MOTORS (THAILAND) CO., LTD. NO. 2", "88 RAMA ROAD BANGKOK 10310 THAILAND")
    assert (found.name.name_places, found.name.numbers, found.place.country) == ({"TH"}, {"2"}, "TH")
    assert (found.place.cities, found.place.houses, found.place.zips) == ({"BANGKOK"}, {"88"}, {"10310"})


def test_the_address_of_a_forwarder_is_not_that_of_the_party_behind_it() -> None:
    found = parse("ACME O/B OF BOLT WORKS LTD", "1 DOCK ROAD HAMBURG GERMANY", city="HAMBURG", country="DE")
    place = found.place
    assert (found.behind, place.cities, place.known_country, place.houses) == (True, frozenset(), "", frozenset())
    assert found.other_party == "ACME"


def test_sliced_text_in_the_columns_for_places_is_no_place() -> None:
    found = parse("BOLT WORKS LTD", "1 DOCK ROAD", city="1-7876533030 TEL", zip_code="1-787", country="98")
    assert (found.place.cities, found.place.zips, found.place.known_country) == (frozenset(), frozenset(), "")


def test_a_signature_is_the_same_in_every_process() -> None:
    code = "from pipeline.entities.names.parse import parse; from pipeline.entities.matching.workers import digest; "
    code += (
        "print(digest('supplier', parse('XARQU (CHINA) TOYS NO 2 CO LTD', 'NO 12 XUE ROAD 5F NINGBO SHANGHAI 315000')))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        for seed in ("1", "2", "3")
    ]
    assert len({run.stdout for run in runs}) == 1


def test_parsed_name_survives_serialization() -> None:
    rows = known.drawn(400, 9).to_pylist()
    for row in rows:
        reading = parse(
            *(row[name] or "" for name in ("raw_name", "raw_address", "city", "zip", "country_code", "state"))
        )
        assert parsed_from(text_of(reading)) == reading


@pytest.mark.parametrize(
    ("name", "clean", "other"),
    [
        ("ALBORZAN CEMENT LTD ON BEHALF OF TRADO SA", "ALBORZAN CEMENT LTD", "TRADO SA"),
        ("ALBORZAN CEMENT LTD FOR THE ACCOUNT OF VELTRADE INC", "ALBORZAN CEMENT LTD", "VELTRADE INC"),
        ("ACME FREIGHT INC O/B OF BOLT WORKS LTD", "BOLT WORKS LTD", "ACME FREIGHT INC"),
        ("BOLT WORKS LTD A/C DURAN TOYS", "BOLT WORKS LTD", "DURAN TOYS"),
    ],
)
def test_seller_counts_and_the_other_party_is_recorded(name: str, clean: str, other: str) -> None:
    found = parse(name, "1 DOCK ROAD")
    assert (found.clean_name, found.other_party) == (clean, other)


@pytest.mark.parametrize(
    ("name", "clean", "alias"),
    [
        ("IPOWDER INC F K A BZARTH INC", "IPOWDER INC", ["BZARTH"]),
        ("GRAND LARK INC/DBA/OLESLEEP", "GRAND LARK INC", ["OLESLEEP"]),
        ("E H WACKER A DIVISION OF ITWO", "EH WACKER", ["ITWO"]),
        ("LITEPINT CORP A TERADON COMPANY", "LITEPINT CORP", []),
        ("NORTHERN LAMP CO /MN/", "NORTHERN LAMP CO", []),
    ],
)
def test_other_names_of_a_firm_are_separated(name: str, clean: str, alias: list[str]) -> None:
    found = parse(name, "")
    assert (found.clean_name, [word.stands_for for word in found.alias.words]) == (clean, alias)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("CONSIGNED TO NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("CONSIGNED TO: NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("CONSIGN TO NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("DELIVER TO NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("UNTO NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("MADE OUT TO NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("NORDEEP IMPORTS INC NON NEGOTIABLE", "NORDEEP IMPORTS INC"),
        ("NORDEEP IMPORTS INC (NON-NEGOTIABLE)", "NORDEEP IMPORTS INC"),
        ("NOT NEGOTIABLE UNLESS CONSIGNED TO ORDER OF NORDEEP IMPORTS INC", "NORDEEP IMPORTS INC"),
        ("NON-NEGOTIABLE WAYBILL", ""),
        ("NON NEGOTIABLE COPY", ""),
        ("NORDEEP IMPORTS INC T: 555-1234", "NORDEEP IMPORTS INC"),
        ("NORDEEP IMPORTS INC T:[phone]", "NORDEEP IMPORTS INC"),
        ("T. BOLTS INC", "T BOLTS INC"),
        ("FEDEX SHIP CENTER", "FEDEX SHIP CENTER"),
    ],
)
def test_words_of_a_bills_form_are_no_part_of_a_name(name: str, clean: str) -> None:
    assert parse(name, "").clean_name == clean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C & D XARQU TOYS", "CD XARQU TOYS"),
        ("R A XARQU & CO", "RA XARQU COMPANY"),
        ("XARQU TOYS S.R.O.", "XARQU TOYS SRO"),
        ("XARQU TOYS LIMITED LIABILITY PARTNERSHIP", "XARQU TOYS LLP"),
        ("XARQU TOYS IN.", "XARQU TOYS INC"),
        ("OTKRYTOE AKTSIONERNOE OBSHCHESTVO XARQU", "XARQU OAO"),
        ("XARQU TOYS INC D", "XARQU TOYS INC"),
    ],
)
def test_initials_and_legal_forms_are_read_in_any_way_they_are_written(one: str, other: str) -> None:
    left, right = parse(one, ""), parse(other, "")
    assert (meanings(left), left.name.forms - {"CO"}) == (meanings(right), right.name.forms - {"CO"})
    assert not left.alias.words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("FIVE 9 INC", ["FIVE", "9"]),
        ("FRANKLIN WIRELESS CORP", ["FRANKLIN", "WIRELESS"]),
        ("ELECTROSONIC INC", ["ELECTROSONIC"]),
        ("GR XARQU LLC", ["GR", "XARQU"]),
        ("M XARQU TOYS", ["M", "XARQU", "TOY"]),
    ],
)
def test_words_that_could_be_numbers_places_or_trades_are_a_name_where_it_has_no_other(
    name: str, words: list[str]
) -> None:
    assert meanings(parse(name, "")) == words


def test_pension_scheme_is_not_another_name_of_its_firm() -> None:
    found = parse("XARQU TOYS LTD RETIREMENT BENEFITS SCHEME", "")
    assert not found.alias.words
    assert "RETIREMENT" in meanings(found)


@pytest.mark.parametrize(
    ("garbled", "meant"),
    [
        ("PÃ‰REZ HERMANOS SA", "PEREZ HERMANOS SA"),
        ("PÃ©rez Hermanos SA", "PEREZ HERMANOS SA"),
        ("MÃ¼ller Werkzeuge GmbH", "MULLER WERKZEUGE GMBH"),
        ("IBAÃ\u2018EZ CALZADOS SL", "IBANEZ CALZADOS SL"),
        ("VELDRAÂ\u00a0STONE LLC", "VELDRA STONE LLC"),
        ("SÃO PAULO STONE LTDA", "SAO PAULO STONE LTDA"),
        ("Ângela Stone Ltda", "ANGELA STONE LTDA"),
    ],
)
def test_name_whose_utf8_was_read_as_another_encoding_is_decoded(garbled: str, meant: str) -> None:
    assert parse(garbled, "").clean_name == meant
