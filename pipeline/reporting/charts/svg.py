"""From an Altair chart to an inline picture that may stand in any page.

The picture is drawn when the report is made: a page then needs no script, prints as it looks and opens at once. The
runtime that would draw it in the browser weighs 0.9 MB a page and needs `unsafe-eval` (measured: docs/report.md).

What the renderer gives is taken apart and only known elements and attributes are kept, so that a company's name can
never become more than text; ids are numbered within the picture, since the renderer counts on from picture to picture.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any, Final

from markupsafe import Markup

from pipeline.reporting.charts.palette import light

SVG: Final = "{http://www.w3.org/2000/svg}"
ELEMENTS: Final = frozenset(
    {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "title", "clipPath", "defs"}
)
_SHAPE: Final = frozenset({"d", "x", "y", "x1", "y1", "x2", "y2", "dx", "dy", "r", "cx", "cy", "width", "height"})
_FRAME: Final = frozenset({"id", "viewBox", "transform", "clip-path", "text-anchor", "dominant-baseline"})
_INK: Final = frozenset({"fill", "fill-opacity", "stroke", "opacity", "font-size", "font-weight", "font-style"})
_STROKE: Final = frozenset(f"stroke-{name}" for name in ("width", "dasharray", "opacity", "linecap", "linejoin"))
ATTRIBUTES: Final = _SHAPE | _FRAME | _INK | _STROKE
INVISIBLE: Final = frozenset({"background", "foreground"})
"""Paths by which the renderer marks the extent of a group; they show nothing here."""
LONG_NUMBER: Final = re.compile(r"-?\d+\.\d{2,}")
WIDTH: Final = 380
"""Pixels, at which text of 12 px fits a phone and is still right when a wide page shows it larger."""
FONT: Final = 12


def drawn(chart: dict[str, Any], identifier: str) -> Markup:
    """Render `chart` as an `svg` element without width and height: the page says how large.

    Args:
        chart: as vega-lite has it, its data inside.
        identifier: letter and digits, unique in the page: prefix of the ids in it.
    """
    import vl_convert

    text = vl_convert.vegalite_to_svg(
        {**chart, "config": chart_config()}, vl_version="6.4", allowed_base_urls=[], show_warnings=False
    )
    # the renderer's own text, never a file from outside
    return cleaned(ET.fromstring(text), identifier)  # noqa: S314


def chart_config() -> dict[str, Any]:
    """The theme of all charts, in the light colours."""
    axis = {
        "labelColor": light("muted"),
        "titleColor": light("muted"),
        "gridColor": light("grid"),
        "domainColor": light("grid"),
        "tickColor": light("grid"),
        "labelFontSize": FONT,
        "titleFontSize": FONT,
        "titleFontWeight": "normal",
    }
    return {
        "background": None,
        "font": "Liberation Sans, Arial, Helvetica, sans-serif",
        "axis": axis,
        "view": {"stroke": None},
        "text": {"fontSize": FONT, "color": light("ink")},
    }


def cleaned(root: ET.Element, identifier: str) -> Markup:
    """Keep what is known; turn each mark's description into a title, which a browser shows under the pointer."""
    names: dict[str, str] = {}
    kept = _kept(root, names, identifier)
    if kept is None:
        raise ValueError("the renderer gave no svg element")
    box = f"0 0 {root.get('width')} {root.get('height')}"
    kept.attrib = {"viewBox": root.get("viewBox", box), "aria-hidden": "true", "focusable": "false"}
    # what is written is built from known parts only, and the serialiser escapes text
    return Markup(ET.tostring(kept, encoding="unicode"))  # noqa: S704


def _kept(element: ET.Element, names: dict[str, str], identifier: str) -> ET.Element | None:
    tag = element.tag.removeprefix(SVG)
    if tag not in ELEMENTS or element.get("class") in INVISIBLE or element.get("display") == "none":
        return None
    copy = ET.Element(tag)
    copy.text = element.text if tag in ("text", "tspan", "title") else None
    for name, value in element.attrib.items():
        if name in ATTRIBUTES and not (name == "opacity" and value == "1"):
            copy.set(name, _value(name, value, names, identifier))
    children: list[ET.Element] = []
    for child in element:
        found = _kept(child, names, identifier)
        # groups that set nothing are the larger part of what the renderer writes
        if found is not None and found.tag == "g" and not found.attrib:
            children.extend(found)
        elif found is not None:
            children.append(found)
    description = element.get("aria-label")
    if description and element.get("aria-roledescription") not in (None, "axis", "legend", "group mark container"):
        title = ET.Element("title")
        title.text = description
        children.insert(0, title)
    copy.extend(children)
    if tag == "g" and not children:
        return None
    return copy


def _value(name: str, value: str, names: dict[str, str], identifier: str) -> str:
    if name == "id":
        return _renamed(value, names, identifier)
    if name == "clip-path":
        return f"url(#{_renamed(value.removeprefix('url(#').removesuffix(')'), names, identifier)})"
    if "url(" in value or "javascript" in value.lower():
        return "none"
    if name in ("font-size", "stroke-width"):
        return value
    return LONG_NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), value)


def _renamed(value: str, names: dict[str, str], identifier: str) -> str:
    return names.setdefault(value, f"{identifier}-{len(names) + 1}")
