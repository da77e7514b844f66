"""The HTML of a brief: hostile names are escaped, nothing is loaded, figures lead to their bills."""

import re
from html.parser import HTMLParser

import pytest

from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.html import as_html
from pipeline.settings import Settings
from tests.reporting import made_pair
from tests.reporting.briefs import brief_of, text_of

HOSTILE = (
    '<script>alert("x")</script><img src=http://evil.example/p.png onerror=alert(1)>\x1b[31m=HYPERLINK("http://e")'
)


class Seen(HTMLParser):
    """Tags, addresses and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.keys: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src", "action", "data"):
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name == "data-key":
                self.keys.append(value or "")
            assert not name.startswith("on"), (tag, name)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(page: str) -> Seen:
    found = Seen()
    found.feed(page)
    return found


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    names = dict.fromkeys((made_pair.MILL, made_pair.OURS, made_pair.BIG, made_pair.GONE, made_pair.OTHER), HOSTILE)
    path = tmp_path_factory.mktemp("hostile")
    return made_pair.home(path, names=names, description=HOSTILE)


def test_html_escapes_a_hostile_name_and_loads_nothing(hostile: Settings) -> None:
    page = as_html(page_of(brief_of(hostile, shown=3), has_evidence=True))
    found = seen(page)
    assert not {"script", "img", "iframe", "link", "object", "form"} & set(found.tags)
    assert all(address.startswith("#") for address in found.addresses)
    assert set(found.addresses) - {"#main"} <= {f"#{name}" for name in found.ids}
    assert "url(" not in page
    assert "@import" not in page
    assert any('<script>alert("x")</script>' in text for text in found.words)
    assert "default-src 'none'" in page


def test_text_and_html_have_no_terminal_control_characters(hostile: Settings) -> None:
    for text in (text_of(brief_of(hostile, shown=3), has_evidence=True), as_html(page_of(brief_of(hostile)))):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_figures_in_html_carry_their_keys_and_lead_to_their_bills(hostile: Settings) -> None:
    brief = brief_of(hostile, shown=2)
    found = seen(as_html(page_of(brief, has_evidence=True)))
    assert {"standing.volume", "leverage.all.power", f"customer.{made_pair.BIG}.share"} <= set(found.keys)
    assert "#bills-1" in found.addresses
    assert len(set(found.ids)) == len(found.ids)
    without = seen(as_html(page_of(brief_of(hostile))))
    assert not any(address.startswith("#bills") for address in without.addresses)
    assert "standing.volume" in without.keys
