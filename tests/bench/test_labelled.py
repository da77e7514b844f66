"""Labelled sets are read as name variants; sets that are not beside the project are skipped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench import labelled
from bench.agreement import at_line
from bench.parties import main
from bench.resolving import BASELINE, score_pairs
from pipeline.entities.name_variants import VARIANT_SCHEMA

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "names"
beside = pytest.mark.skipif(not FOLDER.is_dir(), reason="the labelled sets are not beside the project")


def folder_of(where: Path) -> Path:
    """A little of each set, in its format."""
    for name, text in (
        (
            labelled.PATSTAT,
            "person_id,leuven_id,person_name\n1,7,ACME INC\n2,7,* ACME INC\n3,7,ACME CO\n4,8,OTHER LTD\n",
        ),
        (
            labelled.OPENSANCTIONS,
            "case_group,schema,name1,name2,is_match,quality,category,notes\n"
            "g,Company,Acme AG,ACME  A.G.,true,STRONG,,\ng,Company,Acme AG,Umbra AG,false,STRONG,,\n"
            "g,Vessel,Snow,SNOW,true,MEDIUM,,\n",
        ),
    ):
        (where / name).parent.mkdir(parents=True)
        (where / name).write_text(text)

    def pair(a: str, b: str) -> dict[str, object]:
        entries = [{"id": n, "name": n, "address": f"{n} road", "country": "th"} for n in (a, b)]
        return {"__class__": "tuple", "__value__": entries}

    (where / labelled.OAR).parent.mkdir(parents=True)
    (where / labelled.OAR).write_text(json.dumps({"distinct": [pair("x", "y")], "match": [pair("z", "z")]}))
    return where


def test_clusters_have_each_name_once(tmp_path: Path) -> None:
    clusters = labelled.patstat(folder_of(tmp_path))
    assert dict(zip(clusters.variants["raw_name"].to_pylist(), clusters.label, strict=True)) == {
        "ACME CO": "7",
        "ACME INC": "7",
        "OTHER LTD": "8",
    }
    assert clusters.variants.column_names == VARIANT_SCHEMA.names


def test_pairs_are_aligned_and_name_firms_only(tmp_path: Path) -> None:
    pairs = labelled.opensanctions(folder_of(tmp_path))
    assert pairs.left["raw_name"].to_pylist() == ["Acme AG", "Acme AG"]
    assert pairs.right["raw_name"].to_pylist() == ["ACME  A.G.", "Umbra AG"]
    assert pairs.match.tolist() == [True, False]
    both = pairs.left["spelling_id"].to_pylist() + pairs.right["spelling_id"].to_pylist()
    assert len(set(both)) == 4


def test_factories_come_with_their_address(tmp_path: Path) -> None:
    pairs = labelled.oar(folder_of(tmp_path))
    assert pairs.left["raw_address"].to_pylist() == ["Z ROAD", "X ROAD"]
    assert pairs.right["country_code"].to_pylist() == ["TH", "TH"]
    assert pairs.match.tolist() == [True, False]
    score = score_pairs(BASELINE)
    assert score is not None
    assert at_line(pairs.match, score(pairs.left, pairs.right), 0.5).f1 == 1


def test_the_command_measures_the_sets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--variants", "0", "--labelled", str(folder_of(tmp_path)), "--only", BASELINE])
    printed = capsys.readouterr().out
    assert "2 pairs, 1 of them the same" in printed
    assert "3 names of 2 groups" in printed
    assert "AP 1.000" in printed


@beside
def test_the_published_sets_are_whole() -> None:
    assert len(labelled.opensanctions(FOLDER).match) > 240
    oar = labelled.oar(FOLDER)
    assert (len(oar.match), int(oar.match.sum())) == (112, 47)
    patstat = labelled.patstat(FOLDER)
    assert len(np.unique(patstat.label)) == 102
    assert len(patstat.label) == 1173
