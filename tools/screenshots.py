"""Take the pictures of the running UI: `python -m tools.screenshots` (needs Chromium and the `browser` packages).

A small world is loaded into a home of its own; one day's header file is cut short, so that a check refuses it.
"""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import requests

PICTURES: Final = Path(__file__).resolve().parents[1] / "docs" / "pictures"
FIRST: Final = date(2026, 3, 2)
NIGHTS: Final = 5
PORT: Final = 3188
GRAPH: Final = {"x": 560, "y": 380, "width": 1120, "height": 230}
"""The part of the page that shows the graph."""
CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET_BROWSER: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    """Load the small world, start the UI, take both pictures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = load_small_world(Path(folder))
        with running_ui(environment), browser() as page:
            page.goto(f"http://127.0.0.1:{PORT}/asset-groups", wait_until="domcontentloaded")
            page.get_by_text("releases").first.wait_for(timeout=60_000)
            settle(page)
            page.screenshot(path=PICTURES / "asset-graph.png", clip=GRAPH)
            load_broken_day(environment)
            page.goto(f"http://127.0.0.1:{PORT}/assets/staged?view=checks&checkDetail=links")
            page.get_by_text("Execution history").first.wait_for(timeout=60_000)
            settle(page)
            page.screenshot(path=PICTURES / "failed-check.png")


def load_small_world(folder: Path) -> dict[str, str]:
    """Write the world and load all but its last day, whose header file is cut short; returns the home's environment."""
    world = folder / "world"
    leverage = [sys.executable, "-m", "pipeline.cli"]
    environment = {**os.environ, "LEVERAGE_HOME": str(folder / "home"), "LEVERAGE_SOURCE_URL": world.as_uri()}
    size = ["--days", str(NIGHTS), "--bills-per-day", "400", "--start", str(FIRST)]
    subprocess.run([*leverage, "sample", "--out", str(world), *size], check=True)
    broken = FIRST + timedelta(days=NIGHTS - 1)
    header = next((world / f"{broken:%Y/%Y%m%d}").glob("ams__header_*"))
    lines = gzip.decompress(header.read_bytes()).splitlines(keepends=True)
    header.write_bytes(gzip.compress(b"".join(lines[: len(lines) // 2])))
    (header.parent / "manifest.json").unlink()
    for number in range(NIGHTS - 1):
        day = str(FIRST + timedelta(days=number))
        subprocess.run([*leverage, "run", "--release-date", day], env=environment, check=True)
    return environment


def load_broken_day(environment: dict[str, str]) -> None:
    """Run the day that a check refuses."""
    day = str(FIRST + timedelta(days=NIGHTS - 1))
    command = [sys.executable, "-m", "pipeline.cli", "run", "--release-date", day]
    subprocess.run(command, env=environment, check=False)


@contextmanager
def running_ui(environment: dict[str, str]) -> Iterator[None]:
    """The UI and daemon of a home, until the block ends."""
    command = [sys.executable, "-m", "pipeline.runs.develop", "--port", str(PORT)]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    with subprocess.Popen(command, env=environment, **quiet) as ui:
        try:
            for _ in range(240):
                time.sleep(1)
                try:
                    if requests.get(f"http://127.0.0.1:{PORT}/server_info", timeout=2).ok:
                        break
                except requests.ConnectionError:
                    continue
            yield
        finally:
            # the UI starts servers of its own, which outlive a signal to it alone
            os.killpg(ui.pid, signal.SIGKILL)


@contextmanager
def browser() -> Iterator[Any]:
    """One page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_BROWSER)
        yield chromium.new_page(viewport={"width": 1700, "height": 950})
        chromium.close()


def settle(page: Any, seconds: float = 6.0) -> None:
    """Wait until the page has stopped moving."""
    page.wait_for_timeout(seconds * 1000)


if __name__ == "__main__":
    main()
