"""The exports that pip follows hold what the lock holds."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["run", "test", "dev"])
def test_every_pinned_package_stands_in_the_lock_with_its_hashes(name: str) -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked: dict[tuple[str, str], set[str]] = {}
    for package in lock["package"]:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        locked[package["name"], package.get("version", "")] = {item["hash"] for item in files}
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)[^\n]*((?:\n {4}--hash=\S+.*)+)", text, flags=re.MULTILINE)
    assert len(pins) > 100
    for package, version, hashes in pins:
        assert set(re.findall(r"sha256:[0-9a-f]{64}", hashes)) <= locked[package, version], package


def test_each_export_holds_the_shorter_ones() -> None:
    names = []
    for name in ("run", "test", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        names.append(set(re.findall(r"^([a-z0-9._-]+==[^\s;\\]+)", text, flags=re.MULTILINE)))
    run, test, dev = names
    assert run < test < dev


def test_the_project_asks_for_what_the_lock_was_made_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    (ours,) = [package for package in lock["package"] if package["name"] == project["name"]]
    asked = {re.split(r"[<>=!~ ]", item)[0] for item in project["dependencies"]}
    assert asked == {item["name"] for item in ours["metadata"]["requires-dist"]}
