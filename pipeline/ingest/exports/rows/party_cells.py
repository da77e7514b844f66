"""SQL of a party: as on the bill where the export has that, else as the vendor normalised it."""

from __future__ import annotations

from typing import Final

LINES: Final = 4
"""Address lines of the AMS layout; further ones join the last."""


def party(side: str) -> str:
    """SQL of a struct: name, address lines, city, state, zip, country_code, basis, vendor_name; null without a name."""
    lines, names = _lines(f"{side}_original"), _lines(f"{side}_name")
    normal, address = f"{side}_normalised", f"{side}_address"
    # one line that begins with the vendor's name of the firm: the rest is the address
    glued = f"len({lines}) = 1 and starts_with(upper({side}_original), upper({normal})) and length({side}_original) > length({normal})"
    cut = f"trim(substr({side}_original, length({normal}) + 1), ' ,;')"
    shown = f"case when {glued} then left({side}_original, length({normal})) else coalesce({lines}[1], {names}[1], {normal}) end"
    rest = f"case when {glued} then [{cut}] when len({lines}) > 0 then {lines}[2:] else list_concat({names}[2:], {_lines(address)}) end"
    basis = f"case when coalesce({lines}[1], {names}[1]) is not null then 'raw' else 'normalised' end"
    country = f"coalesce({side}_named.country_code, case when regexp_matches({side}_country, '^[A-Za-z]{{2}}$') then upper({side}_country) end)"
    return (
        f"case when {shown} is not null then {{name: {shown}, lines: {_four(rest)}, city: {side}_city, state: {side}_state, "
        f"zip: {side}_zip, country_code: {country}, basis: {basis}, vendor_name: {normal}}} end"
    )


def country_join(side: str) -> str:
    """SQL of the join with `country_names` that `party` needs: a correlated subquery would copy each row."""
    name = f"trim(regexp_replace(upper({side}_country), '[^\\pL\\pN]+', ' ', 'g'))"
    return f"left join country_names as {side}_named on {side}_named.country_name = {name}"


def _lines(column: str) -> str:
    return f"list_filter(list_transform(string_split_regex({column}, '[\\r\\n]+'), item -> trim(item)), item -> item <> '')"


def _four(lines: str) -> str:
    first = f"({lines})[1:{LINES - 1}]"
    rest = f"array_to_string(({lines})[{LINES}:], ' ')"
    return f"list_filter(list_concat({first}, [{rest}]), item -> item <> '')"
