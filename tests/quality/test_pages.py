from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from expectations import keys, schema
from expectations.suites import SUITES
from pipeline.quality import pages
from pipeline.quality.gate import validate_releases
from pipeline.settings import Settings
from tests.quality.staging import Release

DAY = date(2026, 11, 2)
SECRET = "jane.doe@example.com"


def test_pages_tell_what_failed_and_nothing_personal(settings: Settings) -> None:
    release = Release(DAY, bills=40)
    release.sql.execute(f"update cargodesc set description_text = 'WRITE TO {SECRET}'")
    release.write(settings)
    validate_releases(settings, [DAY])
    index = (settings.validation_dir / "index.html").read_text()
    assert "2026-11-02 cargodesc, privacy" in index
    assert "rows whose text holds an e-mail address: 40" in index
    for suite in SUITES:
        (page,) = (settings.validation_dir / "validations" / suite.name).rglob("*.html")
        assert page.relative_to(settings.validation_dir).as_posix() in index
        assert "Great Expectations" in page.read_text()
    assert [path for path in settings.validation_dir.rglob("*") if path.is_file() and SECRET in _text(path)] == []


def test_pages_of_the_newest_runs_are_kept(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, only: Callable[..., None]
) -> None:
    only(keys.SUITE)
    monkeypatch.setattr(pages, "RUNS_KEPT", 2)
    days = [DAY + timedelta(number) for number in range(3)]
    for day in days:
        Release(day, bills=3).write(settings)
        validate_releases(settings, [day])
    index = (settings.validation_dir / "index.html").read_text()
    assert "2026-11-02" not in index
    assert index.index("2026-11-04") < index.index("2026-11-03")
    assert len(list(settings.validation_dir.glob("validations/keys/*"))) == 2
    assert len(list(settings.validation_dir.glob("runs/*.json"))) == 2


def test_a_long_range_has_one_set_of_pages(settings: Settings, only: Callable[..., None]) -> None:
    only(keys.SUITE, schema.SUITE)
    days = [DAY + timedelta(number) for number in range(5)]
    for day in days:
        Release(day, bills=3).write(settings)
    validate_releases(settings, days)
    assert "2026-11-02 to 2026-11-06 (5 releases)" in (settings.validation_dir / "index.html").read_text()
    assert len(list((settings.validation_dir / "validations").rglob("*.html"))) == 2


def _text(path: object) -> str:
    return path.read_text(encoding="utf-8", errors="replace")  # type: ignore[attr-defined]
