"""What the dbt project says of the published tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bi.tables import LAYERS, META_PUBLISH, published_tables
from pipeline.settings import load_settings
from pipeline.warehouse.dbt_manifest import load_manifest
from tests.marts import MARTS

PROMISED = {*MARTS, "meta_release"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return load_manifest(load_settings(home=tmp_path_factory.mktemp("home")))


def test_all_models_of_the_published_layers_are_copied_and_no_other(manifest: dict[str, object]) -> None:
    names = {item.name for item in published_tables(manifest)}
    assert names >= PROMISED
    assert {name.split("_")[0] for name in names} == {"dim", "fct", "meta"}
    models = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
    assert names == {path.stem for layer in LAYERS for path in (models / layer).glob("**/*.sql")}


def test_each_table_has_sort_columns_and_a_description_of_every_column(manifest: dict[str, object]) -> None:
    for item in published_tables(manifest):
        assert item.description, item.name
        assert item.sorted_by, f"{item.name}: say config.meta.sorted_by beside the model"
        assert set(item.sorted_by) <= set(item.columns), item.name
        assert all(item.columns.values()), item.name


def test_meta_publish_has_the_promised_columns_with_their_meaning() -> None:
    promised = "as_of_week published_at newest_release_date closed_through_date er_version ruleset_version code_version"
    assert list(META_PUBLISH.columns) == promised.split()
