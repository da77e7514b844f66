"""The rules of dbt tests in words, which Dagster shows beside each check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def with_rules(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the manifest with the rule of each test where dagster-dbt reads the description of its check."""
    nodes = {
        unique_id: {**node, "meta": {"description": rule_of(node), **node["meta"]}}
        if node["resource_type"] == "test"
        else node
        for unique_id, node in manifest["nodes"].items()
    }
    return {**manifest, "nodes": nodes}


def rule_of(test: Mapping[str, Any]) -> str:
    """Return what a test demands of each row; of a test that is a query of its own, the comment that it begins with."""
    metadata = test.get("test_metadata") or {}
    given = metadata.get("kwargs", {})
    column = given.get("column_name", given.get("column"))
    match metadata.get("name"):
        case "unique_combination_of_columns":
            return f"One row for each {', '.join(given['combination_of_columns'])}."
        case "expression_is_true":
            return "".join(f"* {meaning}: `{' '.join(sql.split())}`\n" for meaning, sql in given["expressions"].items())
        case "sum_is_one":
            return f"{column} adds up to 1 for each {', '.join(given['group_by_columns'])}."
        case "relationships":
            return f"Each {column} is a {given['field']} of {given['to']}."
        case "accepted_values":
            return f"{column} is one of {', '.join(map(str, given['values']))}."
        case "unique" | "not_null" as name:
            return f"{column} is {name.replace('_', ' ')}."
    lines = test["raw_code"].strip().splitlines()
    comment = [line.removeprefix("--").strip() for line in lines if line.startswith("--") and "depends_on" not in line]
    return " ".join(comment) or test["name"].replace("_", " ")
