"""The built wheel runs in an empty folder and writes nothing beside itself."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from simulator import FIRST_RELEASE

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.full


class Installed:
    """A virtual environment with the wheel; its dependencies are those of the tests."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder / "venv", with_pip=False)
        python = folder / "venv" / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
        subprocess.run([*pip, str(wheel)], check=True)
        (self.packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
        # A path in a .pth file: the editable install of this checkout, a .pth file itself, is not followed.
        (self.packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
        self._bin = python.parent

    def leverage(self, folder: Path, *arguments: str) -> str:
        """What the command prints, run in `folder` without any setting."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("LEVERAGE_", "PYTHON"))}
        answer = subprocess.run(
            [self._bin / "leverage", *arguments],
            cwd=folder,
            env={**bare, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def files(self) -> set[tuple[str, int]]:
        """The installed files with the times of their last change."""
        return {
            (str(path), path.stat().st_mtime_ns)
            for package in ("pipeline", "expectations", "simulator")
            for path in (self.packages / package).rglob("*")
        }


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return Installed(folder, wheel)


def test_wheel_loads_a_night_in_an_empty_folder_and_leaves_itself_unchanged(
    installed: Installed, tmp_path: Path
) -> None:
    before = installed.files()
    assert installed.leverage(tmp_path, "--version").startswith("leverage, version ")
    installed.leverage(tmp_path, "doctor")
    installed.leverage(tmp_path, "run", "--release-date", f"{FIRST_RELEASE}")
    assert (tmp_path / "data" / "bi" / "leverage.duckdb").exists()
    assert installed.files() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_wheel_runs_the_demo_in_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    assert "The whole brief:" in installed.leverage(tmp_path, "demo")
    assert list((tmp_path / "data" / "reports").glob("*/index.html"))
