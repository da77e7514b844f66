"""Typing errors change one place inside a word, and short words stay as they are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from rapidfuzz.distance import OSA

from simulator.basis.draws import Draws
from simulator.names.mistyping import other_letter, slip, with_blank, without_blank

TEXTS = ["KELORVEQUO CERAMICS CO LTD", "", "J K V UNIT II", "VA LORVEQUO", "NO.2 FACTORY"] * 400
KEYS = np.arange(len(TEXTS))


def made(change: object) -> list[tuple[str, str]]:
    assert callable(change)
    return list(zip(TEXTS, change(Draws(3), KEYS, "test", pa.array(TEXTS)).to_pylist(), strict=True))


def test_a_slip_is_one_edit() -> None:
    for before, after in made(slip):
        expected = 1 if any(len(word) >= 4 for word in before.replace(".", " ").split()) else 0
        assert OSA.distance(before, after) == expected, (before, after)


def test_slips_leave_numbers_first_letters_and_short_words() -> None:
    for before, after in made(slip):
        words, typed = before.split(), after.split()
        assert len(words) == len(typed)
        assert all(one[0] == other[0] for one, other in zip(words, typed, strict=True))
        assert all(one == other for one, other in zip(words, typed, strict=True) if len(one) < 4)


def test_slips_come_in_every_kind() -> None:
    lengths = {len(after) - len(before) for before, after in made(slip)}
    assert lengths == {-1, 0, 1}


def test_another_letter_is_of_its_sort() -> None:
    for before, after in made(other_letter):
        assert len(before) == len(after)
        changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
        assert len(changed) <= 1
        assert all((one in "AEIOU") == (other in "AEIOU") for one, other in changed)


def test_a_blank_is_lost_or_added() -> None:
    for before, after in made(without_blank):
        assert before.count(" ") - after.count(" ") == (1 if " " in before else 0)
        assert before.replace(" ", "") == after.replace(" ", "")
    for before, after in made(with_blank):
        assert after.count(" ") - before.count(" ") in (0, 1)
        assert before.replace(" ", "") == after.replace(" ", "")


def test_the_same_key_slips_the_same_in_any_company() -> None:
    alone = slip(Draws(3), KEYS[7:8], "test", pa.array(TEXTS[7:8])).to_pylist()
    assert alone == slip(Draws(3), KEYS, "test", pa.array(TEXTS)).to_pylist()[7:8]
