"""Lines of the overrides file that gainsay each other, each named with the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value", bound=str | int | None, covariant=True)


@dataclass(frozen=True)
class Said(Generic[Value]):
    """What a line says of the entity that holds a spelling: its name, its role, or whose group it is in."""

    line: int
    spelling_id: int
    value: Value


class Merged:
    """Spellings that lines merge, and by which lines."""

    def __init__(self, must: Mapping[tuple[int, int], int]) -> None:
        """`must`: pairs with the line that merges them."""
        self._beside: dict[int, list[tuple[int, int]]] = {}
        for (left, right), line in must.items():
            self._beside.setdefault(left, []).append((right, line))
            self._beside.setdefault(right, []).append((left, line))
        self._head: dict[int, int] = {}
        for start in self._beside:
            if start not in self._head:
                self._head |= dict.fromkeys(self._reach(start), start)

    def head(self, spelling_id: int) -> int:
        """One spelling that stands for all merged with this one."""
        return self._head.get(spelling_id, spelling_id)

    def lines_between(self, left: int, right: int) -> list[int]:
        """The lines of a shortest chain that merges the two; empty for one and the same spelling."""
        way = self._reach(left)
        lines = []
        at = right
        while at != left:
            at, line = way[at]
            lines.append(line)
        return sorted(set(lines))

    def _reach(self, start: int) -> dict[int, tuple[int, int]]:
        """Every spelling merged with `start`, each with the one before it on the way and the line between."""
        way = {start: (start, 0)}
        queue = deque([start])
        while queue:
            at = queue.popleft()
            for beside, line in self._beside.get(at, ()):
                if beside not in way:
                    way[beside] = (at, line)
                    queue.append(beside)
        return way


def find_conflicts(
    must: Mapping[tuple[int, int], int],
    cannot: Mapping[tuple[int, int], int],
    said: Mapping[str, Sequence[Said[str | int | None]]],
    entities: Mapping[int, str | None],
) -> Iterator[str]:
    """Tell each contradiction, with all its lines.

    Args:
        must: pairs of spellings whose entities a line merges, with the line.
        cannot: pairs that a line splits, with the line.
        said: what lines say of the entity that holds a spelling, by `name`, `role` and `group`.
        entities: the entity that holds each spelling now, where that is known.
    """
    merged = Merged(must)
    told = set()
    for (left, right), line in cannot.items():
        if merged.head(left) == merged.head(right) and line not in told:
            told.add(line)
            yield f"line {line} splits what {_lines(merged.lines_between(left, right))} as one"
    parted = {frozenset((merged.head(left), merged.head(right))) for left, right in cannot}
    for what, sayings in said.items():
        yield from _two_answers(sayings, f"{what}s", merged, parted, entities)
    yield from _circles(said.get("group", ()), merged)


def _two_answers(
    said: Sequence[Said[str | int | None]],
    words: str,
    merged: Merged,
    parted: set[frozenset[int]],
    entities: Mapping[int, str | None],
) -> Iterator[str]:
    """Lines that say different things of one entity: one by a merge in the file, or one as things stand."""
    first: dict[int | str, tuple[int, int, str | int | None]] = {}
    for item in said:
        line, spelling = item.line, item.spelling_id
        head = merged.head(spelling)
        answer = merged.head(item.value) if isinstance(item.value, int) else item.value
        entity = entities.get(spelling)
        for key in (head, entity) if entity else (head,):
            earlier, before, answered = first.setdefault(key, (line, spelling, answer))
            if answered == answer or frozenset((merged.head(before), head)) in parted:
                continue
            why = ""
            between = merged.lines_between(before, spelling) if merged.head(before) == head else []
            if between:
                why = f", which {_lines(between)} as one"
            elif before != spelling:
                why = f" ({entity}; if it is two firms, split them)"
            named = f": {answered!r} and {answer!r}" if isinstance(answer, str) and isinstance(answered, str) else ""
            yield f"lines {earlier} and {line} give two {words} to one entity{why}{named}"
            break


def _circles(said: Sequence[Said[str | int | None]], merged: Merged) -> Iterator[str]:
    above: dict[int, tuple[int, int]] = {}
    for item in said:
        if not isinstance(item.value, int):
            continue
        line = item.line
        at, head, lines = merged.head(item.value), merged.head(item.spelling_id), [line]
        if at == head:
            between = merged.lines_between(item.spelling_id, item.value)
            reason = f", which {_lines(between)} as one" if between else ""
            yield f"line {line} makes an entity the head of its own group{reason}"
            continue
        while at in above and at != head:
            at, higher = above[at]
            lines.append(higher)
        if at == head:
            yield f"{_numbers(sorted(lines))} make a circle: each is in the group of the other"
        else:
            above[head] = (merged.head(item.value), line)


def _lines(numbers: Sequence[int]) -> str:
    return f"{_numbers(numbers)} merge{'s' if len(numbers) == 1 else ''}"


def _numbers(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
