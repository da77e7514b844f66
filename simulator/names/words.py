"""Invented words: names of firms, vessels, streets and persons are put together from these.

Stems are nonsense syllables, long enough that no real firm has them; trade words and legal forms are real.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST: Final = _words(
    "VA KE LO RI MU TA NO SI DE ZU PA HE GO FI BRA KRO SHU TRE WO YU QUI NA JO LE DRA PLO STA GRI CHE VU ZHE"
)
MIDDLE: Final = (
    "",
    *_words("RU TI GA BE MO LU KI SA DO VE NU PI ZA FO RE KU LI WA TO HI SE JU BO NE XI CA PU DA GU"),
)
"""The first stems have no middle, so that names in a small world are short."""
SECOND: Final = _words(
    "LORV VENK MIST TAKR ZAND DORB BEKT NIRD SOLG RUMK GALV PEXT HURN WIMB CASK JELT FODR KAZN LUFT MERB "
    "NODV PILK RASG SUVD TOLM VIRG WENZ YARK ZOMP"
)
SUPPLIER_ENDS: Final = _words(
    "EQUO IVEX UMBI ARQU OSTI ETHU INDO AXIS EMOR IGAN OLVI USKA ANTU ERZI IDEX OMAR URVE AKSI ELDO IPRA ONGU UTEX AFNI"
)
CONSIGNEE_ENDS: Final = _words(
    "ELLOW INGTAN ARDLEY OVERIN USTEAD ENFORD IDGEL ALLARD ORNEY UCKLEN ASTOW EDGERY IFFORN OSCOMB ULBERT "
    "ANDREX ERSLEY ISTRAD OWELTON URNLEIGH ACKARD EBSTRO INWELL"
)
OTHER_ENDS: Final = _words(
    "ARIS EDON IMAR OLUS UREN AVOR ESIK INOX OTAR UVIS ADEL ERUM ISAN ORIX UNDER AXEN ENOR IVAR OSAN UMEX "
    "ATOR EGAN ILOR"
)
"""Of forwarders, banks, carriers and their vessels."""

TRADES: Final = {
    "03": ("SEAFOODS", "MARINE PRODUCTS", "FROZEN FOODS"),
    "08": ("CASHEW", "AGRO EXPORTS", "FOODS"),
    "09": ("COFFEE", "AGRO", "COMMODITIES"),
    "19": ("PASTA", "ALIMENTARI", "FOODS"),
    "20": ("OLIVES", "FOODS", "CONSERVAS"),
    "22": ("WINES", "CELLARS", "BEVERAGES"),
    "25": ("CEMENT", "MINERALS", "CIMENTO"),
    "31": ("FERTILIZERS", "AGRO CHEMICALS", "NITROGEN"),
    "3208": ("COATINGS", "PAINTS", "CHEMICALS"),
    "32": ("PIGMENTS", "COATINGS", "CHEMICALS"),
    "38": ("CHEMICALS", "SPECIALTY CHEMICALS", "ADDITIVES"),
    "39": ("PLASTICS", "POLYMERS", "HOUSEWARES"),
    "4002": ("RUBBER", "POLYMERS", "PETROCHEMICALS"),
    "4011": ("TYRES", "TIRE", "RUBBER INDUSTRIES"),
    "4016": ("RUBBER", "RUBBER PRODUCTS", "SEALS"),
    "42": ("BAGS", "LUGGAGE", "LEATHER GOODS"),
    "44": ("PLYWOOD", "WOOD INDUSTRY", "TIMBER"),
    "48": ("PACKAGING", "PRINTING", "PAPER PRODUCTS"),
    "57": ("CARPETS", "HALI", "RUGS"),
    "61": ("KNITWEAR", "APPARELS", "GARMENTS"),
    "62": ("GARMENTS", "FASHIONS", "APPARELS"),
    "63": ("TEXTILES", "HOME TEXTILES", "TERRY MILLS"),
    "64": ("FOOTWEAR", "SHOES", "CALCADOS"),
    "68": ("GRANITE", "STONE", "MARBLE"),
    "69": ("CERAMICS", "TILES", "PORCELAIN"),
    "70": ("GLASS", "MIRRORS", "GLASS WORKS"),
    "72": ("STEEL", "METAL", "COIL STEEL"),
    "7306": ("STEEL PIPES", "TUBES", "STEEL"),
    "7325": ("CASTINGS", "FOUNDRY", "IRON WORKS"),
    "73": ("FASTENERS", "METAL PRODUCTS", "HARDWARE"),
    "76": ("ALUMINIUM", "METALS", "EXTRUSIONS"),
    "82": ("TOOLS", "HAND TOOLS", "IMPLEMENTS"),
    "83": ("HARDWARE", "FITTINGS", "METALWARE"),
    "84": ("MACHINERY", "ENGINEERING", "PRECISION MACHINERY"),
    "85": ("ELECTRONICS", "ELECTRIC APPLIANCES", "TECHNOLOGY"),
    "8507": ("BATTERIES", "POWER", "ENERGY"),
    "8708": ("AUTO PARTS", "MOTORS", "AUTOMOTIVE"),
    "8712": ("CYCLES", "BICYCLES", "SPORTS"),
    "90": ("MEDICAL", "INSTRUMENTS", "HEALTHCARE"),
    "9405": ("LIGHTING", "LAMPS", "ELECTRIC LIGHTS"),
    "94": ("FURNITURE", "HOME FURNISHINGS", "INTERIORS"),
    "95": ("TOYS", "GIFTS AND CRAFTS", "PLAYTHINGS"),
    "96": ("STATIONERY", "PENS", "WRITING INSTRUMENTS"),
}
"""Words of a supplier's trade by heading, else by chapter."""
SUPPLIER_TAILS: Final = (*[""] * 13, "INTERNATIONAL", "MANUFACTURING", "EXPORTS", "INDUSTRIES", "& BROTHERS")

CONSIGNEE_WORDS: Final = (
    "IMPORTS",
    "HOME PRODUCTS",
    "SUPPLY",
    "BRANDS",
    "DISTRIBUTORS",
    "TRADING",
    "INDUSTRIES",
    "WHOLESALE",
    "OUTFITTERS",
    "DISTRIBUTION INTERNATIONAL",
    "MANUFACTURING",
    "STORES",
    "ENTERPRISES",
    "MERCHANDISING GROUP OF AMERICA",
    "SALES & MARKETING",
)
"""The short ones first."""
CONSIGNEE_FORMS: Final = ("INC.", "LLC", "CORP.", "CO., INC.", "L.L.C.", "LTD.")
CONSIGNEE_FORM_WEIGHTS: Final = (8.0, 7.0, 3.0, 1.5, 0.8, 0.8)
FORMS_ABROAD: Final = {
    "MX": ("S.A. DE C.V.", "S. DE R.L."),
    "CA": ("INC.", "LTD."),
    "HN": ("S.A.", "S. DE R.L."),
    "GB": ("LTD.", "LIMITED"),
}
"""Of consignees outside the United States, by country."""

FORWARDER_WORDS: Final = (
    "LOGISTICS",
    "FREIGHT SERVICES",
    "GLOBAL FORWARDING",
    "CARGO SERVICES",
    "FREIGHT FORWARDERS",
    "CONSOLIDATORS",
    "LINE",
    "WORLDWIDE",
)
"""The last two are no forwarding words: such firms show themselves by what they do."""

BANKS: Final = (
    "{stem} BANK LTD.",
    "BANCO {stem} S.A.",
    "{stem} COMMERCIAL BANK",
    "{stem} BANKASI A.S.",
    "BANK OF {stem}",
)

STREETS: Final = ("ROAD", "STREET", "AVENUE", "BOULEVARD", "LANE", "INDUSTRIAL PARK", "HIGHWAY")
ZONES: Final = (
    "INDUSTRIAL ZONE",
    "EXPORT PROCESSING ZONE",
    "ECONOMIC DEVELOPMENT AREA",
    "GIDC ESTATE",
    "FREE ZONE",
    "TOWN",
)
INITIALS: Final = tuple("ABCDEGHJKLMNPRSTVW")
"""Of invented contact persons; the family name is a stem."""

ABBREVIATIONS: Final = (
    ("INTERNATIONAL", "INTL", "INT'L"),
    ("MANUFACTURING", "MFG", "MFG."),
    ("INDUSTRIES", "IND", "INDS"),
    ("INDUSTRIAL", "INDL", "IND."),
    ("TECHNOLOGY", "TECH", "TECH."),
    ("DISTRIBUTORS", "DIST", "DISTR"),
    ("DISTRIBUTION", "DIST", "DISTR."),
    ("PRODUCTS", "PROD", "PRODS"),
    ("MACHINERY", "MACH", "MACH."),
    ("ENTERPRISES", "ENT", "ENTERP"),
    ("ENGINEERING", "ENGG", "ENG"),
    ("ELECTRONICS", "ELEC", "ELECTR"),
    ("CHEMICALS", "CHEM", "CHEMS"),
    ("FURNITURE", "FURN", "FURN."),
    ("TEXTILES", "TEX", "TEXT"),
    ("CERAMICS", "CERAMIC", "CER"),
    ("GARMENTS", "GMTS", "GARMENT"),
    ("PACKAGING", "PKG", "PACK"),
    ("WHOLESALE", "WHSL", "WHOLESALERS"),
    ("SUPPLY", "SUPP", "SUPPLIES"),
    ("EXPORTS", "EXP", "EXPORT"),
    ("IMPORTS", "IMP", "IMPORT"),
    ("TRADING", "TRDG", "TRADE"),
    ("GROUP", "GRP", "GRP."),
)
"""Words and two ways in which typists shorten them; others write them out."""

FIRST_BRAND_WORDS: Final = _words("GOLDEN SILVER LUCKY BRIGHT ROYAL GRAND BLUE GREEN EASTERN NOBLE HAPPY CRYSTAL")
SECOND_BRAND_WORDS: Final = _words("SUN HERON LANTERN BAMBOO ORCHID HARBOUR MOUNTAIN LOTUS CRANE PEARL RIVER COMPASS")
"""Common words that many firms everywhere are named by."""
FIRST_GENERIC_WORDS: Final = _words("GLOBAL UNITED GENERAL UNIVERSAL NATIONAL CONTINENTAL ORIENTAL PREMIER")
SECOND_GENERIC_WORDS: Final = _words("TRADING IMPEX EXPORTS SOURCING COMMERCE MERCHANDISE PRODUCTS VENTURES")
"""Names without meaning."""
RARE_LETTERS: Final = tuple("JKQUVWXYZ")
"""Names of three single letters are made of these: few real firms are."""
DIVISIONS: Final = (
    "PLASTICS", "METALS", "PACKAGING", "CHEMICALS", "ELECTRONICS", "AGRO", "TEXTILES", "MOTORS", "ENERGY", "LOGISTICS",
)  # fmt: skip
"""What the sisters of a group deal in."""
WORKS: Final = ("UNIT II", "UNIT 2", "NO.2 FACTORY", "PLANT 3", "UNIT-III", "FACTORY NO. 2", "DIVISION II")
FLOORS: Final = ("2/F", "ROOM 1203", "3RD FLOOR", "SUITE 400", "BLOCK B", "RM 508")

STREET_SHORT: Final = (
    ("ROAD", "RD", "RD."),
    ("STREET", "ST", "ST."),
    ("AVENUE", "AVE", "AVE."),
    ("BOULEVARD", "BLVD", "BLVD."),
    ("HIGHWAY", "HWY", "HWY."),
    ("BUILDING", "BLDG", "BLDG."),
    ("DISTRICT", "DIST", "DIST."),
    ("INDUSTRIAL", "IND", "INDL"),
    ("DEVELOPMENT", "DEV", "DEVT"),
    ("PARK", "PK", "PK."),
    ("ROOM", "RM", "RM."),
    ("FLOOR", "FL", "FLR"),
    ("SUITE", "STE", "STE."),
    ("LANE", "LN", "LN."),
)
"""Words of addresses and two ways in which typists shorten them."""
BEFORE_NAME: Final = ("M/S ", "M/S. ", "MESSRS ", "THE ")
