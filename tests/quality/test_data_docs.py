"""Great Expectations' data docs of the newest runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from expectations import keys, schema
from pipeline.quality import checkpoint
from pipeline.quality.gate import validate_releases
from pipeline.settings import Settings
from tests.quality.staging import Release

DAY = date(2026, 11, 2)
SECRET = "jane.doe@example.com"


def test_data_docs_show_what_failed_and_nothing_personal(settings: Settings) -> None:
    release = Release(DAY, bills=40)
    release.sql.execute(f"update cargodesc set description_text = 'WRITE TO {SECRET}'")
    release.write(settings)
    failed = [result for result in validate_releases(settings, [DAY]) if not result.passed]
    folder = settings.validation_dir
    (page,) = (folder / "validations").rglob("*.html")
    assert page.relative_to(folder).as_posix() in (folder / "index.html").read_text()
    text = page.read_text()
    assert (
        "sampled rows whose text holds a phone, e-mail address, account, tax number or contact person: at most 0"
        in text
    )
    assert "cargodesc" in text
    assert any(": 40 (identifier " in words for result in failed for words in result.failed)
    assert all("more" in words for result in failed for words in result.failed if words.startswith("sampled rows"))
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if SECRET in path.read_text(encoding="utf-8", errors="replace")] == []


def test_newest_runs_are_kept_in_the_index(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, only: Callable[..., None]
) -> None:
    only(keys.SUITE)
    monkeypatch.setattr(checkpoint, "RUNS_KEPT", 2)
    for number in range(3):
        day = DAY + timedelta(number)
        Release(day, bills=3).write(settings)
        validate_releases(settings, [day])
    index = (settings.validation_dir / "index.html").read_text()
    assert "--2026-11-02" not in index
    assert index.index("--2026-11-04") < index.index("--2026-11-03")
    assert len(list(settings.validation_dir.glob("validations/*/*"))) == 2
    assert len(list(settings.validation_dir.glob("results/*/*"))) == 2


def test_long_range_is_one_run(settings: Settings, only: Callable[..., None]) -> None:
    only(keys.SUITE, schema.SUITE)
    days = [DAY + timedelta(number) for number in range(5)]
    for day in days:
        Release(day, bills=3).write(settings)
    validate_releases(settings, days)
    assert "--2026-11-02--2026-11-06" in (settings.validation_dir / "index.html").read_text()
    assert len(list((settings.validation_dir / "validations").rglob("*.html"))) == 1
