"""Put the dbt project and Dagster's files into the wheel, where `pipeline.project_files` finds them."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DBT_PARTS = ("dbt_project.yml", "profiles.yml", "macros", "models", "seeds", "tests")
FILES = ("dagster.yaml", "workspace.yaml", *(f"dbt_project/{part}" for part in DBT_PARTS))


class BundleHook(BuildHookInterface[Any]):
    """Add the files to a built wheel; an editable install reads them from the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it writes the wheel."""
        if version == "standard":
            build_data["force_include"] |= {name: f"pipeline/bundled/{name}" for name in FILES}
