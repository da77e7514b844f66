"""Damaged legal forms, numbers in front and glued, North America, funds and partnerships of one sponsor."""

import pytest

from pipeline.entities.matching.score import score
from pipeline.entities.names.damaged_forms import repaired
from pipeline.entities.names.features import side
from pipeline.entities.names.parse import parse

AT = "418 QUELBRA ROAD, TULSA OK 74103 US"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("VORTAMEX DYES PRIVATE LI MITED", "VORTAMEX DYES PRIVATE LIMITED"),
        ("VORTAMEX DYES PRI VATE LIMITED", "VORTAMEX DYES PRIVATE LIMITED"),
        ("VORTAMEX DYES CORP ORATION", "VORTAMEX DYES CORPORATION"),
        ("VORTAMEX DYES COM PANY", "VORTAMEX DYES COMPANY"),
        ("VORTAMEX PHARMACEUTI CALS LTD", "VORTAMEX PHARMACEUTICALS LTD"),
        ("VORTAMEX DYES PRIVATED LIMITED", "VORTAMEX DYES PRIVATE LIMITED"),
        ("VORTAMEX DYES LIMITEED", "VORTAMEX DYES LIMITED"),
        ("VORTAMEX DYES LIMITEF", "VORTAMEX DYES LIMITED"),
        ("VORTAMEX DYES CORPORATON", "VORTAMEX DYES CORPORATION"),
        ("VORTAMEX DYES COMAPNY", "VORTAMEX DYES COMPANY"),
        ("VORTAMEX DYES LLLC", "VORTAMEX DYES LLC"),
        ("VORTAMEX DYES LDT", "VORTAMEX DYES LTD"),
        ("VORTAMEX DYES INCC", "VORTAMEX DYES INC"),
        ("VORTAMEX DYES COPR", "VORTAMEX DYES CORP"),
        ("VORTAMEX DYES GMHB", "VORTAMEX DYES GMBH"),
        ("VORTAMEX DYES COLTD", "VORTAMEX DYES CO LTD"),
        ("VORTAMEX DYES PVTLTD", "VORTAMEX DYES PVT LTD"),
        ("VORTAMEX DYES SDNBHD", "VORTAMEX DYES SDN BHD"),
        ("VORTAMEX GMBH COKG", "VORTAMEX GMBH CO KG"),
        ("VORTAMEX GMBH CP KG", "VORTAMEX GMBH CO KG"),
        ("VORTAMEX GMBH CIE KG", "VORTAMEX GMBH CO KG"),
        ("VORTAMEX DYES NORTH AMERICA INC", "VORTAMEX DYES NA INC"),
        ("VORTAMEX DYE HOLDINGS AM INC", "VORTAMEX DYE HOLDINGS AMERICA INC"),
        # none of them is damaged
        ("LIMITED EDITION TOYS LLC", "LIMITED EDITION TOYS LLC"),
        ("VORTAMEX PRIVATE LABEL FOODS INC", "VORTAMEX PRIVATE LABEL FOODS INC"),
        ("AM QUELBRA FOODS INC", "AM QUELBRA FOODS INC"),
        ("VORTAMEX CROP SCIENCE INC", "VORTAMEX CROP SCIENCE INC"),
        ("VORTAMEX ZINC", "VORTAMEX ZINC"),
    ],
)
def test_damaged_forms_are_repaired(written: str, meant: str) -> None:
    assert repaired(written.split()) == meant.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ONE QUELBRA INC", "ONEQUELBRA INC"),
        ("ONE QUELBRA INC", "1 QUELBRA INC"),
        ("FIVE PELICANS TRADING LLC", "5 PELICANS TRADING LLC"),
        ("QV2019 DENIM INC", "QV 2019 DENIM INC"),
        ("VORTAMEX DYES OF NA", "VORTAMEX DYES OF NORTH AMERICA"),
        ("VORTAMEX DYES CORP OF NA", "VORTAMEX DYES CORPORATION OF NORTH AMERICA"),
        ("VORTAMEX DYES N AMERICA INC", "VORTAMEX DYES NORTH AMERICA INC"),
        ("VORTAMEX DYES OF NY LLC", "VORTAMEX DYES OF NEW YORK LLC"),
        ("VORTAMEX HEALTH CARE LLC", "VORTAMEX HEALTHCARE LLC"),
        ("VORTAMEX PRO SOLUTIONS INC", "VORTAMEX PROFESSIONAL SOLUTIONS INC"),
        ("VORTAMEX SW BEVERAGES LLC", "VORTAMEX SOUTHWEST BEVERAGES LLC"),
        ("NV VORTAMEX QUELBRA SA", "VORTAMEX QUELBRA NV"),
        ("QLWREM INC", "QL WREM INC"),
    ],
)
def test_names_that_mean_the_same_match_at_one_address(one: str, other: str) -> None:
    assert score(side(parse(one, AT)), side(parse(other, AT))) >= 0.55


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("QUELBRA SILVER FUND", "QUELBRA ENERGY FUND"),
        ("QUELBRA SILVER FUND", "QUELBRA CRUDE OIL FUND"),
        ("QUELBRA DOLLAR BULLISH FUND", "QUELBRA DOLLAR BEARISH FUND"),
        ("QUELBRA 15 LLC", "QUELBRA 17 LLC"),
        ("QUELBRA PROPERTIES I CORP", "QUELBRA PROPERTIES II CORP"),
        ("QUELBRA PROPERTIES NO 3 INC", "QUELBRA PROPERTIES NO 4 INC"),
        ("QUELBRA FL4 LLC", "QUELBRA FL10 LLC"),
        ("QUELBRA PHARMACY 6 LLC", "QUELBRA PHARMACY 7 LLC"),
    ],
)
def test_numbered_firms_and_funds_of_one_series_do_not_match_at_one_address(one: str, other: str) -> None:
    assert score(side(parse(one, AT)), side(parse(other, AT))) < 0.55
