"""Take the pictures of the weekly report: `python -m tools.report_pictures` after `make demo` (needs Chromium)."""

from __future__ import annotations

from typing import Final

from pipeline.settings import load_settings
from tools.screenshots import PICTURES, browser

PAIR: Final = "rigalvistrad-*"
"""A pair of the sample world in which another customer hid its name: all four pictures have something to show."""
SHOWN: Final = {"report-index": ("index.html", 1765), "report-pair": (PAIR, 2235)}
"""Name of each picture, its page, and how far down it is shown, in pixels."""
WIDTH: Final = 1080
SCALE: Final = 0.6
"""Reduced, so that each is below 200 kB."""


def main() -> None:
    """Take both pictures of the newest report."""
    folder = max(path for path in load_settings().reports_dir.iterdir() if path.is_dir())
    with browser() as first:
        for name, (pattern, height) in SHOWN.items():
            (path,) = folder.glob(pattern)
            size = {"width": WIDTH, "height": height}
            page = first.context.browser.new_page(viewport=size, device_scale_factor=SCALE)
            page.goto(path.as_uri())
            page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
