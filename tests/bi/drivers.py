"""Open the BI file with old and new DuckDB drivers: `make drivers`.

One environment for each version, made once below `.drivers/` (or DRIVERS_DIR, such as a folder kept between runs); each
reads every table and comment whole, and all must agree.

    python -m tests.bi.drivers [FILE]          FILE: the BI file of LEVERAGE_HOME, else a small one made for this
    python -m tests.bi.drivers --build oldest  makes the environments that are named, reads nothing
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from pipeline.settings import load_settings
from tests.bi.toy import publish, toy_home

ROOT = Path(__file__).resolve().parents[2]
READER = Path(__file__).with_name("read_with_driver.py")
VERSIONS = ("1.0.0", "1.1.3", "1.4.5", "1.5.6", "2.0.0")
"""The oldest that reads the form in which the copy is written, two that BI tools ship, the locked one, the newest."""
OLDEST = VERSIONS[0]
WHOLE = ".whole"
"""Marks an environment whose package is in: a kill leaves one without."""
PYTHONS = (sys.executable, "python3.12", "python3.11")
"""Tried in this order: the oldest driver has no package for Python 3.13."""


def folder() -> Path:
    """The folder of the environments."""
    return Path(os.environ.get("DRIVERS_DIR", ROOT / ".drivers"))


def python_of(version: str) -> Path | None:
    """The interpreter of a driver's environment; None where it is not there whole."""
    return folder() / version / "bin" / "python" if (folder() / version / WHOLE).exists() else None


def build(version: str) -> Path:
    """Make the environment of a driver, if it is not there.

    Raises:
        RuntimeError: no Python of this machine gets the package.
    """
    if (made := python_of(version)) is not None:
        return made
    python = folder() / version / "bin" / "python"
    faults = []
    for name in PYTHONS:
        interpreter = shutil.which(name)
        if interpreter is None:
            continue
        subprocess.run([interpreter, "-m", "venv", "--clear", str(folder() / version)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:"]
        done = subprocess.run([*install, f"duckdb=={version}"], capture_output=True, text=True)
        if done.returncode == 0:
            (folder() / version / WHOLE).touch()
            return python
        shutil.rmtree(folder() / version)
        faults.append(f"{name}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}")
    raise RuntimeError(f"no environment with duckdb {version}: {'; '.join(faults)}")


def read(python: Path | str, file: Path) -> dict[str, Any]:
    """What a driver reads from a BI file: `driver`, and `tables` with rows, digest and comments.

    Raises:
        RuntimeError: it cannot read it.
    """
    done = subprocess.run([str(python), str(READER), str(file)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(file: Path) -> bool:
    """Read `file` with each driver and print what each reads; return whether all agree."""
    locked = read(sys.executable, file)
    rows = sum(table["rows"] for table in locked["tables"].values())
    print(f"{file}: {len(locked['tables'])} tables, {rows:,} rows, as the locked duckdb {locked['driver']} reads it")
    good = True
    for version in VERSIONS:
        try:
            result = read(build(version), file)
        except RuntimeError as error:
            print(f"  duckdb {version}: FAILED: {error}")
            good = False
            continue
        other = [
            name
            for name in {*locked["tables"], *result["tables"]}
            if locked["tables"].get(name) != result["tables"].get(name)
        ]
        good = good and not other
        print(f"  duckdb {result['driver']}: " + (f"DIFFERS in {', '.join(sorted(other))}" if other else "the same"))
    return good


def main() -> int:
    """Build or compare."""
    if sys.argv[1:2] == ["--build"]:
        for version in sys.argv[2:]:
            print(f"duckdb {version}: {build(OLDEST if version == 'oldest' else version).parent.parent}")
        return 0
    file = Path(sys.argv[1]) if sys.argv[1:] else load_settings().bi_path
    if file.exists():
        return 0 if compare(file) else 1
    with tempfile.TemporaryDirectory() as made:
        settings = toy_home(Path(made))
        publish(settings)
        return 0 if compare(settings.bi_path) else 1


if __name__ == "__main__":
    sys.exit(main())
