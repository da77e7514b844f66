"""`make dev`: the Dagster UI and daemon on this checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.project_files import WORKSPACE
from pipeline.runs.execute import open_instance
from pipeline.settings import SettingsError, load_settings


def main() -> None:
    """Replace this process by `dagster dev`; further arguments are handed on."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(f"error: {error}")
    with open_instance(settings):
        pass
    command = Path(sys.executable).with_name("dagster")
    os.execv(command, [str(command), "dev", "-w", str(WORKSPACE), *sys.argv[1:]])  # noqa: S606 - our own interpreter's


if __name__ == "__main__":
    main()
