"""The same records give the same marts, in any order and however often they are built."""

from __future__ import annotations

from random import Random

import pytest

from pipeline.settings import Settings
from tests.dbt.conftest import empty
from tests.dbt.story import DAYS, cumulative, story, wrong_reading
from tests.dbt.world import build, build_models, write_release
from tests.marts import assert_same_marts, mart_rows


def test_nights_in_any_order_with_a_corrected_release_equal_one_build(reference: Settings, settings: Settings) -> None:
    days = story()
    old, first, second, third, fourth = DAYS
    write_release(settings, third, days[third])
    write_release(settings, first, wrong_reading(days[first]))
    build_models(settings)
    write_release(settings, old, days[old])
    # a header without its bill numbers replaces no record
    write_release(settings, fourth, days[fourth], headers_only=days[third][-3:])
    build_models(settings)
    write_release(settings, first, days[first])
    write_release(settings, second, days[second])
    build(settings)
    assert_same_marts(mart_rows(settings), mart_rows(reference))

    build_models(settings)
    assert_same_marts(mart_rows(settings), mart_rows(reference))

    build_models(settings, full_refresh=True)
    assert_same_marts(mart_rows(settings), mart_rows(reference))


def test_cumulative_files_equal_the_daily_feed(reference: Settings, settings: Settings) -> None:
    files = cumulative(story())
    old, first, second, third, fourth = DAYS
    newest = [bill for bill in files[fourth] if bill.ran_on >= third]
    write_release(settings, old, files[old])
    write_release(settings, first, [bill.but(weight="1") for bill in files[first]])
    write_release(settings, fourth, wrong_reading(files[second]) + newest)
    build_models(settings)
    # newer files bring the records of the first one again, and right; the newest no longer has the older records
    write_release(settings, second, files[second])
    write_release(settings, third, files[third])
    write_release(settings, fourth, newest)
    build_models(settings)
    assert_same_marts(mart_rows(settings), mart_rows(reference))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(6))
def test_random_nights_equal_one_build(settings: Settings, seed: int) -> None:
    random = Random(seed)
    days = story(seed=100 + seed, bills=150)
    for day, bills in days.items():
        write_release(settings, day, bills)
    build(settings)
    expected = mart_rows(settings)
    empty(settings)

    corrected = {day for day in DAYS if random.random() < 0.5}
    readings = [(day, day not in corrected) for day in DAYS] + [(day, True) for day in corrected]
    random.shuffle(readings)
    readings.sort(key=lambda reading: reading[0] in corrected and reading[1])
    for day, is_right in readings:
        write_release(settings, day, days[day] if is_right else wrong_reading(days[day], seed))
        if random.random() < 0.7:
            build_models(settings)
    build(settings)
    assert_same_marts(mart_rows(settings), expected)


@pytest.mark.full
def test_single_nights_equal_one_build(reference: Settings, settings: Settings) -> None:
    for day, bills in story().items():
        write_release(settings, day, bills)
        build(settings)
    assert_same_marts(mart_rows(settings), mart_rows(reference))
