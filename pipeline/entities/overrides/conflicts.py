"""Contradictions between lines of the overrides file, each named with all its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Value = str | int | None


@dataclass(frozen=True)
class Statement:
    """What a line states of the entity of a name variant: its name, its role, or the variant whose group it is in."""

    line: int
    spelling_id: int
    value: Value


class Merged:
    """Name variants that lines merge, and the lines of each merged set."""

    def __init__(self, must: Mapping[tuple[int, int], int]) -> None:
        """`must`: pairs with the line that merges them."""
        self._head: dict[int, int] = {}
        for pair in must:
            left, right = sorted(map(self.head, pair))
            members = [item for item, head in self._head.items() if head == right]
            self._head |= dict.fromkeys((*pair, *members, right), left)
        self._lines: dict[int, set[int]] = {}
        for (left, _), line in must.items():
            self._lines.setdefault(self.head(left), set()).add(line)

    def head(self, spelling_id: int) -> int:
        """Return the name variant that represents all that are merged with this one."""
        return self._head.get(spelling_id, spelling_id)

    def by(self, spelling_id: int) -> str:
        """Return which lines merge the set of a name variant, as words; empty where none does."""
        lines = sorted(self._lines.get(self.head(spelling_id), ()))
        return f"{_numbers(lines)} merge{'s' if len(lines) == 1 else ''}" if lines else ""


def find_conflicts(
    must: Mapping[tuple[int, int], int],
    cannot: Mapping[tuple[int, int], int],
    statements: Mapping[str, Sequence[Statement]],
    entities: Mapping[int, str | None],
) -> Iterator[str]:
    """Yield each contradiction as a sentence.

    Args:
        must: pairs of name variants whose entities a line merges, with the line.
        cannot: pairs that a line splits, with the line.
        statements: what lines state of entities, by `name`, `role` and `group`.
        entities: the current entity of each name variant, where it is known.
    """
    merged = Merged(must)
    reported = set()
    for (left, right), line in cannot.items():
        if merged.head(left) == merged.head(right) and line not in reported:
            reported.add(line)
            yield f"line {line} splits what {merged.by(left)} as one"
    split = {frozenset((merged.head(left), merged.head(right))) for left, right in cannot}
    for what, stated in statements.items():
        yield from _different_answers(stated, f"{what}s", merged, split, entities)
    yield from _circles(statements.get("group", ()), merged)


def _different_answers(
    statements: Sequence[Statement],
    what: str,
    merged: Merged,
    split: set[frozenset[int]],
    entities: Mapping[int, str | None],
) -> Iterator[str]:
    """Yield lines that state different things of one entity, which is one by the file or by earlier decisions."""
    first: dict[int | str, tuple[Statement, Value]] = {}
    for item in statements:
        head, entity = merged.head(item.spelling_id), entities.get(item.spelling_id)
        answer = merged.head(item.value) if isinstance(item.value, int) else item.value
        for key in (head, entity) if entity else (head,):
            earlier, answered = first.setdefault(key, (item, answer))
            earlier_head = merged.head(earlier.spelling_id)
            if answered == answer or frozenset((earlier_head, head)) in split:
                continue
            reason = ""
            if earlier.spelling_id != item.spelling_id:
                by_file = f", which {merged.by(item.spelling_id)} as one"
                reason = by_file if earlier_head == head else f" ({entity}; if it is two firms, split them)"
            values = f": {answered!r} and {answer!r}" if isinstance(answer, str) and isinstance(answered, str) else ""
            yield f"lines {earlier.line} and {item.line} give two {what} to one entity{reason}{values}"
            break


def _circles(statements: Sequence[Statement], merged: Merged) -> Iterator[str]:
    """Yield groups whose heads are in each other's group."""
    above: dict[int, tuple[int, int]] = {}
    for item in statements:
        if not isinstance(item.value, int):
            continue
        at, head, lines = merged.head(item.value), merged.head(item.spelling_id), [item.line]
        if at == head:
            by = merged.by(item.spelling_id) if item.spelling_id != item.value else ""
            yield f"line {item.line} makes an entity the head of its own group" + (f", which {by} as one" if by else "")
            continue
        while at in above and at != head:
            at, higher = above[at]
            lines.append(higher)
        if at == head:
            yield f"{_numbers(sorted(lines))} make a circle: each is in the group of the other"
        else:
            above[head] = (merged.head(item.value), item.line)


def _numbers(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
