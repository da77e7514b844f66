"""Write the invented export of the vendor page and take the picture of its brief, after `make demo` (needs Chromium).

`python -m tools.export_picture export.xlsx` writes a supplier's export, to be imported into another home;
`python -m tools.export_picture brief.html` takes the picture of the brief made from it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from pipeline.settings import load_settings
from simulator.exports.bills import read_bills
from simulator.exports.vendors import write_export
from tools.screenshots import PICTURES, browser

SUPPLIER: Final = "PT KETAKRUTEX"
"""Of the sample world: 159 bills with a name, some twenty customers."""
WIDTH: Final = 900
HEIGHT: Final = 1000
SCALE: Final = 0.8


def write_supplier(path: Path) -> None:
    """Write the supplier's bills of the home as a Panjiva workbook."""
    bills = read_bills(load_settings().landing_dir, shipper_like=SUPPLIER)
    write_export("panjiva_128", bills, path.parent, path.stem)


def take_picture(brief: Path) -> None:
    """Take the picture of the top of a brief."""
    with browser() as first:
        size = {"width": WIDTH, "height": HEIGHT}
        page = first.context.browser.new_page(viewport=size, device_scale_factor=SCALE)
        page.goto(brief.resolve().as_uri())
        page.screenshot(path=PICTURES / "export-brief.png")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    (take_picture if target.suffix == ".html" else write_supplier)(target)
