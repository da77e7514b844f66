"""Rules that both the models and the briefs apply are the same on either side."""

import re
from pathlib import Path

from pipeline.reporting.facts.published_week import NAMED

MACROS = "\n".join(path.read_text() for path in (Path(__file__).parents[2] / "dbt_project" / "macros").rglob("*.sql"))


def macro(name: str) -> str:
    found = re.search(rf"macro {name}\([^)]*\) -?%}}(.*?){{%-? endmacro", MACROS, re.DOTALL)
    assert found, name
    return " ".join(found[1].split())


def test_the_briefs_name_a_side_as_the_models_do() -> None:
    assert macro("is_named") == NAMED.format("{{ side }}")
