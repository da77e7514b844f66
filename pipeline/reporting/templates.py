"""The one template environment of pages, mails and style sheets."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.formatting import counted, day, number, unit_name, volume
from pipeline.reporting.charts.palette import PALETTE


def render(template: str, **values: Any) -> str:
    """A template filled with values; text from outside is escaped."""
    return _environment().get_template(template).render(**values)


def render_page(template: str, style: str, **values: Any) -> str:
    """A page with the style sheet `<style>.css.j2` inside, and a policy that allows this and nothing else."""
    sheet = _style(style)
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return render(template, style=sheet, style_hash=f"sha256-{digest}", **values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(day=day, number=number, volume=volume, counted=counted, unit_name=unit_name)
    return environment


@cache
def _style(name: str) -> Markup:
    sheets = [render(f"{part}.css.j2", palette=PALETTE) for part in ("base", name)]
    # made of our own templates and palette only
    return Markup("".join(sheets))  # noqa: S704
