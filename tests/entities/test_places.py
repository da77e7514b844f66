"""Places read from columns and from the text of addresses, each with its source."""

import pytest

from pipeline.entities.names.parse import parse


@pytest.mark.parametrize(
    ("name", "address", "country", "source"),
    [
        ("BOLT", "100 MAIN STREET HOUSTON TX77043 US", "US", "address"),
        ("BOLT", "KHU CONG NGHIEP NINH BINH PROV VIETNAM", "VN", "address"),
        ("BOLT", "12 XUEYUAN ROAD SHANGHAICHINA", "CN", "address"),
        ("BOLT", "ORGANIZE SANAYI BOLGESI GAZIANT EP TURK IYE", "TR", "address"),
        ("BOLT", "1 RUE DE LYON CASABLANCA MAROC", "MA", "address"),
        ("BOLT", "RM 5 KWUN TONG HONG KONG CHINA", "HK", "address"),
        ("BOLT", "12 STRAND RANGOON BURMA", "MM", "address"),
        ("BOLT", "100 MAIN STREET HOUSTON TX 77043", "US", "postal_code"),
        ("BOLT", "5 HIGH STREET LEEDS LS1 4AP", "GB", "postal_code"),
        ("BOLT", "RUA SETE 100 CEP 88800-000 CRICIUMA SC", "BR", "postal_code"),
        ("BOLT", "MUSTERWEG 5 D-70173 HINTERDORF", "DE", "postal_code"),
        ("BOLT", "NO 8 XINHUA ROAD WUXI JIANGSU", "CN", "state"),
        ("BOLT", "PLOT 7 GIDC ESTATE VAPI GUJARAT", "IN", "state"),
        ("BOLT", "12 XUEYUAN ROAD NINGBO", "CN", "city_name"),
        ("BOLT GMBH", "", "DE", "legal_form"),
        ("BOLT (THAILAND) CO LTD", "", "TH", "name"),
        ("BOLT", "12 DOCK ROAD", "", ""),
    ],
)
def test_country_is_read_from_the_text(name: str, address: str, country: str, source: str) -> None:
    place = parse(name, address).place
    assert (place.country, place.country_source) == (country, source)


@pytest.mark.parametrize(
    ("address", "city", "state"),
    [
        ("100 MAIN STREET HOUSTON TX77043 US", "HOUSTON", "TX"),
        ("NO 1 FUZHOU SOUTH ROAD SHINAN DISTRICT QINGDAO SHANDONG", "QINGDAO", "SHANDONG"),
        ("77 DOCK AVENUE FROSTPROOF FL 33843", "FROSTPROOF", "FL"),
        ("ORGANIZE SANAYI BOLGESI 5 ISTANBUL TURKEY", "ISTANBUL", "ISTANBUL"),
        ("12 DOCK ROAD", "", ""),
        ("1207 DOCK AVENUE, TOWN, HAIPHONG VIETNAM", "HAIPHONG", ""),
        ("1207 DOCK BLVD, TOWN, VIETNAM", "", ""),
        ("40 QUAY LANE, CITY OF NOWHERE SPAIN", "", ""),
        ("12 DOCK ROAD, FROSTVALE TOWN, CHINA", "FROSTVALE", ""),
    ],
)
def test_city_and_state_are_read_from_the_text(address: str, city: str, state: str) -> None:
    place = parse("BOLT", address).place
    assert (place.city, place.state) == (city, state)


def test_columns_come_before_the_text() -> None:
    place = parse("BOLT", "12 XUEYUAN ROAD SHANGHAI CHINA", city="NINGBO", country="TW").place
    assert (place.country, place.country_source, place.city, place.city_source) == ("TW", "column", "NINGBO", "column")
