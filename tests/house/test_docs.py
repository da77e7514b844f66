"""Generated documents are what the code makes now, and links lead somewhere."""

import re
from pathlib import Path

from docs import generate
from pipeline.settings import load_settings
from pipeline.warehouse.dbt_manifest import load_manifest

ROOT = Path(__file__).resolve().parents[2]


def test_the_data_dictionary_is_not_stale(tmp_path: Path) -> None:
    made = generate.dictionary(load_manifest(load_settings(home=tmp_path)))
    assert generate.DICTIONARY.read_text(encoding="utf-8") == made, "run `make docs`"


def test_the_picture_of_the_architecture_is_not_stale() -> None:
    text = generate.ARCHITECTURE.read_text(encoding="utf-8")
    assert text == generate.with_picture(text, generate.picture(*generate.asset_graph())), "run `make docs`"


def test_links_between_documents_lead_somewhere() -> None:
    dead = []
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert dead == []
