"""Generated documents are up to date, and links between documents lead somewhere."""

import re
from pathlib import Path

from pipeline.settings import load_settings
from pipeline.warehouse.dbt_manifest import load_manifest
from tools import generate_docs

ROOT = Path(__file__).resolve().parents[2]


def test_data_dictionary_is_up_to_date(tmp_path: Path) -> None:
    expected = generate_docs.dictionary(load_manifest(load_settings(home=tmp_path)))
    assert generate_docs.DICTIONARY.read_text(encoding="utf-8") == expected, "run `make docs`"


def test_architecture_picture_is_up_to_date(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url="sample:")
    expected = generate_docs.picture(*generate_docs.asset_graph(settings))
    assert generate_docs.PICTURE.read_text(encoding="utf-8") == expected, "run `make docs`"


def test_links_between_documents_lead_somewhere() -> None:
    dead = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert dead == []
