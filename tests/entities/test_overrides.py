"""Lines resolved to name variants, whatever else is known; contradictions named with all their lines."""

from datetime import date
from hashlib import md5
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from pipeline.entities.overrides.load import Overrides, load_overrides, resolve_sheet
from pipeline.entities.overrides.rows import COLUMNS, OverridesError, read_sheet
from pipeline.settings import load_settings


def named_after(spelling_id: int, kind: str = "supplier") -> str:
    return f"{kind[:3]}_{md5(str(spelling_id).encode(), usedforsecurity=False).hexdigest()[:16]}"


ACME, ACME_PORT, ACME_CITY, BETA, GAMMA, BUYER = 11, 12, 13, 20, 30, 40
KNOWN = [
    (ACME, "supplier", "ACME LTD", "1 MAIN ST PORT", named_after(ACME), date(2026, 1, 1)),
    (ACME_PORT, "supplier", "Acme  Ltd", "1 MAIN ST PORT CITY", named_after(ACME), date(2026, 1, 2)),
    (ACME_CITY, "supplier", "ACME LTD", "9 HIGH RD CITY", named_after(ACME_CITY), date(2026, 3, 1)),
    (BETA, "supplier", "BETA INC", "", named_after(BETA), date(2026, 1, 1)),
    (GAMMA, "supplier", "GAMMA SRL", "VIA 1", named_after(BETA), date(2026, 1, 3)),
    (BUYER, "consignee", "BETA INC", "NY", named_after(BUYER, "consignee"), date(2026, 1, 1)),
]


def known(*, undecided: bool = False) -> pa.Table:
    names = ["spelling_id", "party_kind", "raw_name", "raw_address", "entity_id", "first_run_date"]
    rows = [dict(zip(names, row, strict=True)) | ({"entity_id": None} if undecided else {}) for row in KNOWN]
    types = [pa.int64(), pa.string(), pa.string(), pa.string(), pa.string(), pa.date32()]
    return pa.Table.from_pylist(rows, schema=pa.schema(list(zip(names, types, strict=True))))


def overrides(tmp_path: Path, *lines: str, table: pa.Table | None = None) -> Overrides:
    path = tmp_path / "overrides.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return resolve_sheet(read_sheet(path), known() if table is None else table)


def refused(tmp_path: Path, *lines: str, table: pa.Table | None = None) -> str:
    with pytest.raises(OverridesError) as caught:
        overrides(tmp_path, *lines, table=table)
    return str(caught.value)


def line(action: str, name: str, other: str = "", *, value: str = "", address: str = "", more: str = "") -> str:
    return f"{action},supplier,{name},{address},{other},{more},{value},Jane,because,"


def test_merge_joins_the_first_seen_variants_of_two_names(tmp_path: Path) -> None:
    found = overrides(tmp_path, line("merge", "acme ltd", "GAMMA  SRL", address="1 main st port"))
    assert found.must == ((ACME, GAMMA),)
    assert found.cannot == ()
    assert found.sentences_about(GAMMA) == ("one with 'GAMMA SRL', says Jane: because",)
    assert len(found.sha256) == 64


def test_exact_address_prevails_over_one_that_contains_it(tmp_path: Path) -> None:
    assert overrides(tmp_path, line("rename", "ACME LTD", value="A", address="1 MAIN ST PORT")).names == {ACME: "A"}
    assert overrides(tmp_path, line("rename", "ACME LTD", value="A", address="PORT CITY")).names == {ACME_PORT: "A"}
    assert overrides(tmp_path, line("rename", "ACME LTD", value="A", address="HIGH")).names == {ACME_CITY: "A"}
    assert overrides(tmp_path, line("rename", "ACME LTD", value="A", address="HIG")).names == {}
    assert overrides(tmp_path, line("rename", "BETA INC", value="B", address="(none)")).names == {BETA: "B"}


def test_split_separates_every_variant_of_a_name(tmp_path: Path) -> None:
    assert overrides(tmp_path, line("split", "ACME LTD", "BETA INC")).cannot == (
        (ACME, BETA),
        (ACME_PORT, BETA),
        (ACME_CITY, BETA),
    )


def test_entity_id_refers_to_its_anchor_in_whatever_entity_that_is_now(tmp_path: Path) -> None:
    gone = named_after(GAMMA)  # its name variant is an entity of BETA by now
    assert overrides(tmp_path, line("split", "BETA INC", gone)).cannot == ((BETA, GAMMA),)
    assert overrides(tmp_path, line("role", gone.upper(), value="Bank")).roles == {GAMMA: "bank"}


def test_resolution_of_lines_does_not_depend_on_decisions(tmp_path: Path) -> None:
    lines = [
        line("merge", "ACME LTD", "GAMMA SRL", address="1 MAIN ST PORT"),
        line("split", "ACME LTD", "BETA INC", address="HIGH RD"),
        line("rename", "BETA INC", value="Beta"),
    ]
    assert overrides(tmp_path, *lines) == overrides(tmp_path, *lines, table=known(undecided=True))


def test_line_about_an_unknown_name_waits(tmp_path: Path) -> None:
    found = overrides(tmp_path, line("merge", "NOBODY", "BETA INC"), line("rename", "sup_0123456789abcdef", value="X"))
    assert (found.must, found.names, found.lines) == ((), {}, ())
    assert "line 2: no supplier name variant 'NOBODY' is known" in found.warnings[0]
    assert "line 3: no entity 'sup_0123456789abcdef' is known" in found.warnings[1]


def test_name_in_two_entities_is_refused_with_both_listed(tmp_path: Path) -> None:
    message = refused(tmp_path, line("merge", "ACME LTD", "BETA INC"))
    assert "line 2: 'ACME LTD' is in 2 entities" in message
    assert f"ACME LTD | 1 MAIN ST PORT | {named_after(ACME)}" in message
    assert f"ACME LTD | 9 HIGH RD CITY | {named_after(ACME_CITY)}" in message


def test_namesake_seen_after_the_decision_is_not_ambiguous(tmp_path: Path) -> None:
    assert overrides(tmp_path, line("merge", "ACME LTD", "BETA INC") + "2026-02-01").must == ((ACME, BETA),)
    assert "2 entities" in refused(tmp_path, line("merge", "ACME LTD", "BETA INC") + "2026-03-01")


def test_line_refers_to_variants_of_its_kind_only(tmp_path: Path) -> None:
    row = line("rename", "BETA INC", value="Beta")
    assert overrides(tmp_path, row).names == {BETA: "Beta"}
    assert overrides(tmp_path, row.replace("supplier", "consignee")).names == {BUYER: "Beta"}


AT_PORT = {"address": "1 MAIN ST PORT"}


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (
            [line("merge", "ACME LTD", "BETA INC", **AT_PORT), line("split", "ACME LTD", "BETA INC", **AT_PORT)],
            "line 3 splits what line 2 merges as one",
        ),
        (
            [
                line("split", "ACME LTD", "GAMMA SRL", **AT_PORT),
                line("merge", "ACME LTD", "BETA INC", **AT_PORT),
                line("merge", "GAMMA SRL", "BETA INC"),
            ],
            "line 2 splits what lines 3 and 4 merge as one",
        ),
        (
            [line("rename", "BETA INC", value="A"), line("rename", "BETA INC", value="B")],
            "lines 2 and 3 give two names to one entity: 'A' and 'B'",
        ),
        (
            [line("role", "BETA INC", value="bank"), line("role", "GAMMA SRL", value="trader")],
            f"lines 2 and 3 give two roles to one entity ({named_after(BETA)}; if it is two firms, split them)",
        ),
        (
            [
                line("rename", "ACME LTD", value="A", **AT_PORT),
                line("merge", "ACME LTD", "BETA INC", **AT_PORT),
                line("rename", "BETA INC", value="B"),
            ],
            "lines 2 and 4 give two names to one entity, which line 3 merges as one",
        ),
        (
            [line("group", "BETA INC", "ACME LTD", more="PORT CITY"), line("group", "BETA INC", value="none")],
            "lines 2 and 3 give two groups to one entity",
        ),
        (
            [line("group", "BETA INC", "ACME LTD", more="HIGH"), line("group", "ACME LTD", "BETA INC", address="HIGH")],
            "lines 2 and 3 make a circle",
        ),
        (
            [line("merge", "BETA INC", "ACME LTD", more="HIGH"), line("group", "ACME LTD", "BETA INC", address="HIGH")],
            "line 3 makes an entity the head of its own group, which line 2 merges as one",
        ),
        ([line("split", "ACME LTD", "ACME LTD", address="HIGH")], "both sides refer to ACME LTD | 9 HIGH RD CITY"),
        ([line("merge", "BETA INC", named_after(BETA))], "both sides refer to BETA INC"),
    ],
)
def test_contradictions_name_all_their_lines(tmp_path: Path, lines: list[str], words: str) -> None:
    assert words in refused(tmp_path, *lines)


def test_two_names_for_what_a_line_splits_are_no_contradiction(tmp_path: Path) -> None:
    found = overrides(
        tmp_path,
        line("rename", "BETA INC", value="Beta"),
        line("rename", "GAMMA SRL", value="Gamma"),
        line("split", "GAMMA SRL", "BETA INC"),
    )
    assert found.names == {BETA: "Beta", GAMMA: "Gamma"}


def test_equal_lines_are_no_contradiction(tmp_path: Path) -> None:
    found = overrides(
        tmp_path,
        line("role", "BETA INC", value="bank"),
        line("role", "GAMMA SRL", value="bank"),
        line("merge", "ACME LTD", "BETA INC", **AT_PORT),
        line("merge", "BETA INC", "ACME LTD", more="1 MAIN ST PORT"),
    )
    assert found.must == ((ACME, BETA),)


def test_groups_are_by_the_variant_of_their_head(tmp_path: Path) -> None:
    found = overrides(
        tmp_path,
        line("group", "GAMMA SRL", "ACME LTD", more="HIGH"),
        line("group", "ACME LTD", value="none", **AT_PORT),
    )
    assert found.groups == {GAMMA: ACME_CITY, ACME: None}


def test_overrides_are_read_from_the_file_in_the_settings(tmp_path: Path) -> None:
    assert load_overrides(load_settings(home=tmp_path), known()) == Overrides()
    path = tmp_path / "people.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line('rename', 'BETA INC', value='Beta')}\n", encoding="utf-8")
    found = load_overrides(load_settings(home=tmp_path, overrides=path), known().drop_columns(["first_run_date"]))
    assert found.names == {BETA: "Beta"}
