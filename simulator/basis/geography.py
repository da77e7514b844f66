"""Where things are made, loaded and landed.

Ports, cities and countries are facts; streets are invented (see `addresses`). Port texts keep the odd blanks and old
names of real manifests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Country:
    """A source country.

    Attributes:
        code: ISO 3166 alpha-2.
        name: as written at the end of an address.
        cities: (city, province, postal code).
        ports: foreign_port_of_lading as manifests write it.
        forms: legal forms, the commonest first.
        stops: whether it stops at Chinese New Year.
        weight: how many suppliers it has, relative to the others.
    """

    code: str
    name: str
    cities: tuple[tuple[str, str, str], ...]
    ports: tuple[str, ...]
    forms: tuple[str, ...]
    stops: bool
    weight: float


COUNTRIES: Final = (
    Country(
        "CN",
        "CHINA",
        (
            ("NINGBO", "ZHEJIANG", "315000"),
            ("WUXI", "JIANGSU", "214028"),
            ("QINGDAO", "SHANDONG", "266000"),
            ("FOSHAN", "GUANGDONG", "528000"),
            ("XIAMEN", "FUJIAN", "361000"),
            ("HANGZHOU", "ZHEJIANG", "310000"),
            ("SHENZHEN", "GUANGDONG", "518000"),
            ("TIANJIN", "TIANJIN", "300000"),
        ),
        (
            "Shanghai ,China (Mainland)",
            "Ningpo ,China (Mainland)",
            "Yantian,China (Mainland)",
            "Qingdao ,China (Mainland)",
            "Xiamen,China (Mainland)",
            "Tientsin ,China (Mainland)",
        ),
        ("CO., LTD.", "CO.,LTD", "IMP & EXP CO., LTD.", "INDUSTRIAL CO., LTD.", "MANUFACTURING CO., LTD."),
        True,
        9,
    ),
    Country(
        "VN",
        "VIETNAM",
        (("BINH DUONG", "", "75000"), ("HAI PHONG", "", "18000"), ("DONG NAI", "", "76000")),
        ("Cat Lai ,Vietnam", "Vung Tau,Vietnam", "Haiphong,Vietnam"),
        ("CO., LTD", "JOINT STOCK COMPANY", "COMPANY LIMITED", "JSC"),
        True,
        3,
    ),
    Country(
        "TW",
        "TAIWAN",
        (("TAICHUNG", "", "407"), ("TAINAN", "", "701"), ("CHANGHUA", "", "500")),
        ("Kaohsiung,China (Taiwan)", "Chi Lung (Keelung),China (Taiwan)"),
        ("CO., LTD.", "ENTERPRISE CO., LTD.", "INDUSTRIES CORP."),
        True,
        2,
    ),
    Country(
        "IN",
        "INDIA",
        (
            ("RAJKOT", "GUJARAT", "360003"),
            ("MORBI", "GUJARAT", "363642"),
            ("COIMBATORE", "TAMIL NADU", "641021"),
            ("LUDHIANA", "PUNJAB", "141003"),
        ),
        ("Mundra,India", "Nhava Sheva ,India", "Madras,India"),
        ("PVT. LTD.", "PRIVATE LIMITED", "LIMITED", "INDUSTRIES PVT LTD", "& SONS"),
        False,
        3,
    ),
    Country(
        "TH",
        "THAILAND",
        (("SAMUT PRAKAN", "", "10280"), ("CHONBURI", "", "20230"), ("RAYONG", "", "21140")),
        ("Laem Chabang,Thailand", "Bangkok ,Thailand"),
        ("CO., LTD.", "PUBLIC COMPANY LIMITED", "(THAILAND) CO., LTD."),
        False,
        1.6,
    ),
    Country(
        "KR",
        "KOREA",
        (("BUSAN", "", "46721"), ("INCHEON", "", "22000"), ("CHANGWON", "", "51395")),
        ("Pusan,South Korea", "Kwangyang,South Korea"),
        ("CO., LTD.", "CORPORATION", "INC."),
        False,
        1.6,
    ),
    Country(
        "JP",
        "JAPAN",
        (("NAGOYA", "AICHI", "450-0002"), ("KOBE", "HYOGO", "650-0024"), ("HAMAMATSU", "SHIZUOKA", "430-0926")),
        ("Nagoya Ko,Japan", "Kobe,Japan", "Tokyo ,Japan"),
        ("CO., LTD.", "KABUSHIKI KAISHA", "CORPORATION"),
        False,
        1.2,
    ),
    Country(
        "ID",
        "INDONESIA",
        (("SEMARANG", "CENTRAL JAVA", "50271"), ("SURABAYA", "EAST JAVA", "60177"), ("JEPARA", "", "59400")),
        ("Semarang,Indonesia", "Tanjung Priok ,Indonesia", "Surabaya--All Other Indonesia Ports,Indonesia"),
        ("", "TBK"),
        False,
        1.4,
    ),
    Country(
        "BD",
        "BANGLADESH",
        (("DHAKA", "", "1230"), ("GAZIPUR", "", "1704"), ("CHITTAGONG", "", "4100")),
        ("Chittagong,Bangladesh", "Colombo,Sri Lanka"),
        ("LTD.", "LIMITED", "(BD) LTD."),
        False,
        1.2,
    ),
    Country(
        "TR",
        "TURKIYE",
        (("GAZIANTEP", "", "27000"), ("DENIZLI", "", "20000"), ("IZMIR", "", "35000")),
        ("Mersin,Turkey", "Izmir,Turkey", "Ambarli ,Turkey"),
        ("SAN. VE TIC. A.S.", "SAN. TIC. LTD. STI.", "A.S."),
        False,
        1.3,
    ),
    Country(
        "IT",
        "ITALY",
        (("SASSUOLO", "MO", "41049"), ("BRESCIA", "BS", "25100"), ("VICENZA", "VI", "36100")),
        ("Genoa,Italy", "La Spezia,Italy", "Leghorn,Italy"),
        ("S.P.A.", "S.R.L.", "SRL"),
        False,
        1.5,
    ),
    Country(
        "DE",
        "GERMANY",
        (("GEVELSBERG", "", "58285"), ("SAARLOUIS", "", "66740"), ("BIELEFELD", "", "33602")),
        (
            "Bremerhaven,Federal Republic of Germany",
            "Hamburg,Federal Republic of Germany",
            "Anvers,Belgium",
        ),
        ("GMBH", "GMBH & CO. KG", "AG"),
        False,
        1.5,
    ),
    Country(
        "ES",
        "SPAIN",
        (("ONDA", "CASTELLON", "12200"), ("NULES", "CASTELLON", "12520"), ("LLIRIA", "VALENCIA", "46160")),
        ("Valencia,Spain", "Algeciras ,Spain", "Barcelona,Spain"),
        ("S.A.", "S.L.", "S.A.U.", "SLU"),
        False,
        1.2,
    ),
    Country(
        "BR",
        "BRAZIL",
        (("EUSEBIO", "CE", "61760-000"), ("CRICIUMA", "SC", "88800-000"), ("FRANCA", "SP", "14400-000")),
        ("Santos,Brazil", "Itajai ,Brazil", "Pecem,Brazil"),
        ("LTDA", "S/A", "S/A IND. E COM. DE ALIMENTOS", "INDUSTRIA E COMERCIO LTDA"),
        False,
        1.2,
    ),
    Country(
        "PH",
        "PHILIPPINES",
        (("ANGELES CITY", "PAMPANGA", "2009"), ("PASAY CITY", "", "1300"), ("CEBU", "", "6000")),
        ("Manila,Philippines", "Kaohsiung,China (Taiwan)", "Cebu,Philippines"),
        ("INC.", "CORPORATION", "MANUFACTURING PHILIPPINES INC."),
        False,
        0.9,
    ),
    Country(
        "PL",
        "POLAND",
        (("WAGROWIEC", "", "62-100"), ("BYDGOSZCZ", "", "85-790"), ("KALISZ", "", "62-800")),
        ("Gdansk,Poland", "Gdynia,Poland", "Hamburg,Federal Republic of Germany"),
        ("SP. Z O.O.", "S.A.", "SP. Z O.O. SP. K."),
        False,
        0.6,
    ),
)
COUNTRY_INDEX: Final = {country.code: index for index, country in enumerate(COUNTRIES)}

US_PORTS: Final = (
    "Los Angeles, California",
    "Long Beach, California",
    "Oakland, California",
    "Tacoma, Washington",
    "Houston, Texas",
    "Savannah, Georgia",
    "Charleston, South Carolina",
    "Norfolk-Newport News, Virginia",
    "New York/Newark Area, Newark, New Jersey",
    "Miami, Florida",
    "Baltimore, Maryland",
    "San Juan, Puerto Rico",
)
US_PORT_WEIGHTS: Final = (9.0, 8.0, 3.0, 2.5, 4.0, 5.0, 2.5, 3.0, 7.0, 1.6, 1.4, 0.8)

US_CITIES: Final = (
    ("UNION CITY", "CA", "94587"),
    ("ONTARIO", "CA", "91761"),
    ("CITY OF INDUSTRY", "CA", "91748"),
    ("OLIVE BRANCH", "MS", "38654"),
    ("MEMPHIS", "TN", "38118"),
    ("CHARLOTTE", "NC", "28273"),
    ("HIGH POINT", "NC", "27260"),
    ("DALTON", "GA", "30721"),
    ("ATLANTA", "GA", "30336"),
    ("EDISON", "NJ", "08837"),
    ("CARTERET", "NJ", "07008"),
    ("BROOKLYN", "NY", "11232"),
    ("CHICAGO", "IL", "60638"),
    ("BOLINGBROOK", "IL", "60440"),
    ("COLUMBUS", "OH", "43217"),
    ("INDIANAPOLIS", "IN", "46241"),
    ("GRAND PRAIRIE", "TX", "75050"),
    ("HOUSTON", "TX", "77041"),
    ("DORAL", "FL", "33122"),
    ("JACKSONVILLE", "FL", "32218"),
    ("KENT", "WA", "98032"),
    ("PORTLAND", "OR", "97230"),
    ("DENVER", "CO", "80239"),
    ("PHOENIX", "AZ", "85043"),
    ("BALTIMORE", "MD", "21224"),
    ("RICHMOND", "VA", "23231"),
    ("GUAYNABO", "PR", "00969"),
    ("MILWAUKEE", "WI", "53218"),
)
STATE_NAMES: Final = {
    "CA": "CALIFORNIA", "MS": "MISSISSIPPI", "TN": "TENNESSEE", "NC": "NORTH CAROLINA", "GA": "GEORGIA",
    "NJ": "NEW JERSEY", "NY": "NEW YORK", "IL": "ILLINOIS", "OH": "OHIO", "IN": "INDIANA", "TX": "TEXAS",
    "FL": "FLORIDA", "WA": "WASHINGTON", "OR": "OREGON", "CO": "COLORADO", "AZ": "ARIZONA", "MD": "MARYLAND",
    "VA": "VIRGINIA", "PR": "PUERTO RICO", "WI": "WISCONSIN",
}  # fmt: skip
"""As some clerks write them out."""

ABROAD: Final = (
    ("Manzanillo,Mexico", "MX", "MEXICO", ("GUADALAJARA", "JAL", "44100")),
    ("Montreal,Canada", "CA", "CANADA", ("MISSISSAUGA", "ON", "L5T 2N7")),
    ("Puerto Cortes,Honduras", "HN", "HONDURAS", ("SAN PEDRO SULA", "", "21101")),
    ("Southampton,United Kingdom", "GB", "UNITED KINGDOM", ("DUNSTABLE", "", "LU6 3EJ")),
)
"""Where cargo in transit goes: port, country code and name, city of consignees there."""
