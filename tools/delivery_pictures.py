"""Take the pictures of a mail and a Slack message: `python -m tools.delivery_pictures` (needs Chromium).

Both show the invented week of the tests (`tests/delivery/made.py`), rendered by the code that renders real ones.
"""

from __future__ import annotations

import html
import json
import re
import tempfile
from pathlib import Path
from typing import Any, Final

from pipeline.alerts.message import Message
from pipeline.delivery.channels.files import files
from pipeline.delivery.channels.slack import slack
from tests.delivery import made
from tools.screenshots import PICTURES, browser

PHONE: Final = (390, 1640)
"""Width of a common telephone in pixels, and the height at which a week's first alert ends."""
DESK: Final = (560, 860)
"""Width of the part of Slack's window that shows messages, and the height of ours."""
SIGNS: Final = {
    "red_circle": '<i style="background:#e01e5a"></i>',
    "large_orange_circle": '<i style="background:#e8912d"></i>',
    "large_blue_circle": '<i style="background:#1d9bd1"></i>',
    "leftwards_arrow_with_hook": "<b>\N{LEFTWARDS ARROW WITH HOOK}</b>",
}
STYLE: Final = """
body { margin: 0; padding: 16px 20px; font: 15px/22px "Liberation Sans", Arial, sans-serif; color: #1d1c1d;
       background: #ffffff; }
.who { display: flex; gap: 8px; align-items: baseline; font-weight: bold; padding-left: 44px; position: relative; }
.who::before { content: ""; position: absolute; left: 0; top: 2px; width: 36px; height: 36px; border-radius: 6px;
               background: #0b5cab; }
.who span { font-weight: normal; font-size: 12px; color: #616061; }
main { padding-left: 44px; }
h1 { font-size: 18px; line-height: 24px; margin: 6px 0; }
section { margin: 6px 0; }
hr { border: 0; border-top: 1px solid #dddddd; margin: 10px 0; }
small { display: block; color: #616061; font-size: 13px; line-height: 18px; margin: 8px 0; }
code { color: #e01e5a; background: #f6f6f6; border: 1px solid #dddddd; border-radius: 3px; padding: 1px 3px;
       font-size: 12px; }
i { display: inline-block; width: 15px; height: 15px; border-radius: 50%; vertical-align: -2px; }
"""


def main() -> None:
    """Take both pictures."""
    week = made.digest()
    shown = {
        "alert-mail": (files(Message("digest", week, None), "0" * 64)["html"].decode(), PHONE),
        "alert-slack": (slack_page(json.loads(slack(Message("digest", week, None)))), DESK),
    }
    with tempfile.TemporaryDirectory() as folder, browser() as first:
        for name, (page_text, (width, height)) in shown.items():
            path = Path(folder) / f"{name}.html"
            path.write_text(page_text, encoding="utf-8")
            page = first.context.browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
            page.goto(path.as_uri())
            page.screenshot(path=PICTURES / f"{name}.png")


def slack_page(message: dict[str, Any]) -> str:
    """Blocks as Slack shows them: the few kinds and marks that our messages use."""
    parts = "".join(block(one) for one in message["blocks"])
    who = '<div class="who">Import leverage <span>APP 6:00 AM</span></div>'
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{who}<main>{parts}</main>"


def block(one: dict[str, Any]) -> str:
    """One block."""
    if one["type"] == "divider":
        return "<hr>"
    if one["type"] == "header":
        return f"<h1>{html.escape(one['text']['text'])}</h1>"
    if one["type"] == "context":
        return "".join(f"<small>{html.escape(element['text'])}</small>" for element in one["elements"])
    return f"<section>{mrkdwn(one['text']['text'])}</section>"


def mrkdwn(text: str) -> str:
    """Slack's marks as HTML; its three entities are HTML's too."""
    text = re.sub(r":([a-z_]+):", lambda found: SIGNS.get(found[1], found[0]), text)
    text = re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", text)
    text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", text)
    text = re.sub(r"(?<![\w\"])_([^_\n]+)_", r"<em>\1</em>", text)
    return text.replace("\n", "<br>")


if __name__ == "__main__":
    main()
