"""What is shipped: four-digit harmonised headings with the words, weights and packing of their cargo.

Headings and codes are facts of the Harmonised System; the wording is in the manner of manifests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Product:
    """A product.

    Attributes:
        hs4: heading.
        codes: two six-digit codes below it (HS 2022); the same one twice where there is no other.
        words: descriptions, as typed.
        kg_per_piece: weight of one package.
        unit: manifest_unit of a package.
        kg_per_box: weight of a full 40-foot box.
        countries: ISO codes where it is made, the commonest first.
        un_number: dangerous-goods number and class, or None.
        loose: share of bills that travel outside boxes.
        bulk: share of pairs that ship it by the shipload, each bill one of thousands of tonnes.
    """

    hs4: str
    codes: tuple[str, ...]
    words: tuple[str, ...]
    kg_per_piece: float
    unit: str
    kg_per_box: int
    countries: tuple[str, ...]
    un_number: tuple[str, str, str] | None = None
    loose: float = 0.0
    bulk: float = 0.0


def _p(
    codes: str,
    words: str,
    kg_per_piece: float,
    unit: str,
    kg_per_box: int,
    countries: str,
    *,
    loose: float = 0.0,
    bulk: float = 0.0,
) -> Product:
    six = tuple(codes.split())
    return Product(
        six[0][:4],
        six,
        tuple(words.split("|")),
        kg_per_piece,
        unit,
        kg_per_box,
        tuple(countries.split()),
        loose=loose,
        bulk=bulk,
    )


PRODUCTS: Final = (
    _p(
        "030617 030616",
        "FROZEN SHRIMP|FROZEN RAW VANNAMEI SHRIMP PEELED|FROZEN BLACK TIGER PRAWNS",
        12,
        "CTN",
        19000,
        "IN VN ID TH",
    ),
    _p("080131 080132", "CASHEW NUTS|CASHEW KERNELS WW320|VIETNAM CASHEW KERNELS W240", 23, "CTN", 17500, "VN IN BR"),
    _p("090111 090121", "GREEN COFFEE IN BAGS|COFFEE BEANS|ROASTED COFFEE", 60, "BAG", 19200, "BR ID VN"),
    _p("190219 190211", "PASTA|SPAGHETTI VARIETY BOX|DRY PASTA PRODUCTS", 9, "CTN", 20500, "IT TR CN"),
    _p("200570 200599", "OLIVES IN BRINE|TABLE OLIVES|PRESERVED VEGETABLES", 11, "CTN", 21000, "ES TR IT"),
    _p("220421 220410", "WINE IN BOTTLES|BOTTLED WINE|SPARKLING WINE", 9.5, "CS", 15800, "IT ES DE"),
    _p(
        "252390 252329",
        "CEMENT CLINKER|WHITE CEMENT|PORTLAND CEMENT",
        1500,
        "BAG",
        25000,
        "TR VN ES",
        loose=0.1,
        bulk=0.75,
    ),
    _p("252010 252020", "GYPSUM ROCK|GYPSUM|PLASTER", 1000, "BAG", 25000, "ES TH TR", bulk=0.75),
    _p("310210 310280", "GRANULAR UREA|UREA FERTILIZER|UAN SOLUTION", 1000, "BAG", 25000, "TR DE IN", bulk=0.75),
    _p("320611 320619", "TITANIUM DIOXIDE PIGMENT|TITANIUM DIOXIDE RUTILE", 25, "BAG", 21000, "CN DE"),
    _p(
        "381239 381220",
        "COMPOUND STABILIZER|ADDITIVES FOR PLASTICS|PLASTICIZERS",
        200,
        "DRM",
        18500,
        "CN DE IN KR",
    ),
    _p("390120 390110", "POLYETHYLENE RESIN|HDPE RESIN IN BAGS", 25, "BAG", 24000, "KR TH TW"),
    _p(
        "392410 392490",
        "PLASTIC TABLEWARE|PLASTIC HOUSEHOLD ARTICLES|PLASTIC STORAGE BOX",
        7,
        "CTN",
        7400,
        "CN VN TH TW",
    ),
    _p("400219 400220", "SYNTHETIC RUBBER|SYNTHETIC RUBBER P/O 450131", 1050, "PKG", 19000, "KR JP TH"),
    _p("401110 401120", "TIRES|NEW PNEUMATIC RUBBER TYRES|PASSENGER CAR TIRES", 9.5, "PCS", 12500, "TH VN KR JP ID"),
    _p("401610 401693", "RUBBER GASKETS|MOULDED RUBBER ARTICLES|RUBBER SEALS", 14, "CTN", 13800, "TH CN IN"),
    _p("420292 420212", "BACKPACKS|TRAVEL BAGS|LUGGAGE AND BAGS", 6, "CTN", 5600, "CN VN BD PH"),
    _p("441231 441239", "PLYWOOD|HARDWOOD PLYWOOD|BIRCH PLYWOOD CRATES", 950, "CRT", 22500, "VN ID BR CN"),
    _p("441829 441875", "WOODEN DOORS|ENGINEERED FLOORING", 32, "PKG", 15000, "BR ID CN"),
    _p("481920 481910", "PAPER BOXES|FOLDING CARTONS|PRINTED GIFT BOXES", 10, "CTN", 8600, "CN VN IN"),
    _p("570242 570292", "WOVEN CARPETS|MACHINE MADE RUGS|AREA RUGS POLYPROPYLENE", 28, "ROL", 12400, "TR IN CN"),
    _p(
        "610910 610990",
        "MENS KNITTED T-SHIRTS 100PCT COTTON|LADIES KNIT T-SHIRTS|READY MADE GARMENTS",
        8,
        "CTN",
        8200,
        "BD VN IN PH",
    ),
    _p(
        "620342 620343",
        "MENS WOVEN TROUSERS|MENS COTTON PANTS|READY MADE GARMENTS WOVEN",
        11,
        "CTN",
        9300,
        "BD VN CN ID",
    ),
    _p("630260 630231", "COTTON TERRY TOWELS|BED LINEN|HOME TEXTILES", 14, "CTN", 10800, "IN TR BD"),
    _p("640399 640391", "FOOTWEAR|LEATHER SHOES|LEATHER BOOTS", 9, "CTN", 7200, "VN CN BR ID"),
    _p("680221 680293", "POLISHED GRANITE SLABS|MARBLE SLABS|NATURAL STONE TILES", 2100, "CRT", 24500, "BR IN IT TR"),
    _p("681099 681019", "ARTICLES OF CEMENT AND STONE|QUARTZ SLABS|ARTIFICIAL STONE", 1800, "BDL", 24000, "CN IN VN"),
    _p("690721 690722", "PORCELAIN TILES|GLAZED CERAMIC TILES|CERAMIC FLOOR TILES", 28, "CTN", 25500, "ES IT IN TR CN"),
    _p(
        "691200 691200",
        "DECORATIVE TERRACOTTA VASE BOWL|EARTHENWARE TABLEWARE|STONEWARE MUGS",
        11,
        "CTN",
        9700,
        "PH CN VN",
    ),
    _p("700992 700991", "GLASS MIRRORS|FRAMED MIRRORS|WALL MIRRORS", 13, "CTN", 11900, "CN TR TW"),
    _p(
        "721049 721070",
        "STEEL COILS|GALVANIZED STEEL COILS|PREPAINTED STEEL COILS",
        4200,
        "COL",
        25500,
        "KR TW VN TR",
        loose=0.35,
    ),
    _p("730630 730661", "WELDED STEEL PIPE|STEEL TUBES", 1300, "BDL", 25000, "TR IN KR TH", loose=0.25),
    _p("731815 731816", "STEEL SCREWS|HEX BOLTS AND NUTS|FASTENERS", 24, "CTN", 20500, "TW CN IN"),
    _p("732690 732620", "IRON ARTICLES|METAL BRACKETS|STEEL WIRE ARTICLES", 18, "CTN", 14800, "CN IN TW"),
    _p("760429 760421", "ALUMINIUM PROFILES|ALUMINUM EXTRUSIONS", 620, "PKG", 19500, "CN TR IN KR"),
    _p("820559 820540", "HAND TOOLS|SCREWDRIVER SETS|TOOL SETS", 15, "CTN", 13500, "CN TW IN"),
    _p("830241 830242", "HINGES AND DRAWER SLIDES|FURNITURE FITTINGS|HARDWARE", 19, "CTN", 16000, "CN TW TR"),
    _p("841381 841370", "WATER PUMPS|PUMP PARTS|CENTRIFUGAL PUMPS", 46, "PKG", 11500, "IT CN IN DE"),
    _p("841510 841590", "ROOM AIR CONDITIONERS|AIR CONDITIONER PARTS", 38, "CTN", 8800, "CN TH KR"),
    _p("843120 843149", "PARTS OF FORKLIFT TRUCKS|EXCAVATOR PARTS|MACHINERY PARTS", 210, "PKG", 15500, "KR JP CN IT"),
    _p("845150 845190", "LAUNDRY MACHINES|PARTS OF WASHING MACHINES", 64, "CTN", 9200, "CN TH DE PL"),
    _p("848180 848140", "VALVES|BRASS BALL VALVES|FAUCETS", 17, "CTN", 14600, "CN IT TW IN"),
    _p("850440 850490", "POWER SUPPLIES|BATTERY CHARGERS|ADAPTERS", 9, "CTN", 8000, "CN VN TW PH"),
    _p("851660 851679", "ELECTRIC OVENS|TOASTERS|KITCHEN APPLIANCES", 8, "CTN", 7000, "CN TH"),
    _p("852990 852910", "ANTENNA|ANTENNA PARTS", 6, "PKG", 5200, "CN TW VN"),
    _p("870829 870830", "AUTO PARTS|BRAKE PARTS|BUMPER ASSEMBLY", 22, "PKG", 10900, "CN JP KR TH TW DE PL"),
    _p("871200 871200", "BICYCLES|MOUNTAIN BIKES", 16, "CTN", 8800, "TW CN BD"),
    _p("901890 901839", "MEDICAL DISPOSABLES|SURGICAL INSTRUMENTS", 7, "CTN", 6900, "CN IN DE"),
    _p("940161 940171", "UPHOLSTERED CHAIRS|DINING CHAIRS|METAL CHAIRS", 14, "CTN", 6200, "CN VN ID IT"),
    _p("940360 940350", "WOODEN FURNITURE|BEDROOM FURNITURE|WOODEN TABLES", 27, "CTN", 8400, "VN CN ID PH PL"),
    _p("940542 940511", "LED LIGHT FIXTURES|LAMPS|CHANDELIERS", 8, "CTN", 6700, "CN IN"),
    _p("950300 950300", "TOYS|STUFFED TOYS|PLASTIC TOYS", 6, "CTN", 5900, "CN VN ID"),
    _p("960899 960810", "BALL POINT PENS|STATIONERY SETS", 8, "CTN", 9100, "CN IN JP"),
    Product(
        "3208",
        ("320890", "320820"),
        ("PAINTS AND VARNISHES", "UN1263 PAINT FLAMMABLE", "COATINGS"),
        24,
        "DRM",
        16500,
        ("DE", "CN", "IT"),
        ("1263", "3", "PAINT"),
    ),
    Product(
        "3903",
        ("390311", "390319"),
        ("POLYMERIC BEADS, EXPANDABLE", "EXPANDABLE POLYSTYRENE"),
        25,
        "BAG",
        17600,
        ("TW", "KR", "CN"),
        ("2211", "9", "POLYMERIC BEADS, EXPANDABLE"),
    ),
    Product(
        "8507",
        ("850720", "850760"),
        ("LEAD ACID BATTERIES", "LITHIUM ION BATTERIES", "BATTERIES WET FILLED WITH ACID"),
        21,
        "PKG",
        19800,
        ("CN", "KR", "VN"),
        ("2794", "8", "BATTERIES WET FILLED WITH ACID"),
    ),
)

CORNER_PRODUCT: Final = _p(
    "844839 844859", "CARD CLOTHING AND PARTS FOR TEXTILE MACHINES|RING TRAVELLERS", 10, "PCS", 14000, "IT"
)
"""Only the cornered story ships it, so that its buyer sees no other source."""
CHOICE_PRODUCT: Final = _p("732510 732599", "CAST IRON MANHOLE COVERS|GREY IRON CASTINGS", 40, "PCS", 24000, "IN")
"""Only the firms of the story of alternatives ship it, so that their number is known."""
ALL_PRODUCTS: Final = (*PRODUCTS, CORNER_PRODUCT, CHOICE_PRODUCT)
PRODUCT_INDEX: Final = {product.hs4: index for index, product in enumerate(ALL_PRODUCTS)}
