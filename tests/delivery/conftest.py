"""Homes and receivers of the tests of delivery."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from pipeline.settings import Settings, load_settings
from tests.delivery.made import SECRET
from tests.delivery.receivers import Clock, Receiver, receiver


@pytest.fixture
def home(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of one home, with whatever channels are given."""
    return lambda **channels: load_settings(home=tmp_path / "home", **channels)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hooks() -> Iterator[Receiver]:
    """An HTTP receiver."""
    with receiver(SECRET) as found:
        yield found


@pytest.fixture
def to_hooks(home: Callable[..., Settings], hooks: Receiver) -> Settings:
    """A home whose webhook leads to the receiver."""
    return home(webhook_url=hooks.url, webhook_secret=SECRET)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An authority that signs the certificates of this run."""
    return trustme.CA()


@pytest.fixture(scope="session")
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A TLS context that trusts that authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def journal_text(settings: Settings) -> str:
    return settings.outbox_path.read_text(encoding="utf-8")


def everything(settings: Settings, but: Any = ()) -> str:
    """The content of all files below a home, except `but`."""
    found = [path for path in settings.home.rglob("*") if path.is_file() and path not in but]
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in found)
