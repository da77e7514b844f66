"""The settings of channels: what is refused, and that no refusal repeats a secret."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from pipeline.settings import SettingsError, load_settings
from tests.delivery.made import OTHER_SECRET, SECRET


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("smtp_url", "https://user:hush@mail.example.com?from=a@example.com", "is neither smtp:// nor smtps://"),
        ("smtp_url", "smtps://user:hush@mail.example.com", "must end in ?from="),
        ("smtp_url", "smtps://user:hush@mail.example.com?from=Anna%20<a@example.com>", "must end in ?from="),
        ("smtp_url", "smtps://user:hush@mail.example.com?from=a@example.com%0d%0aBcc:b@example.com", "one plain"),
        ("smtp_url", "smtps://user:hu#sh@mail.example.com?from=a@example.com", "cannot be read as an address"),
        ("smtp_url", "smtps://user:hush/x@mail.example.com?from=a@example.com", "cannot be read as an address"),
        ("smtp_url", "smtps://hush@mail.example.com?from=a@example.com", "needs a user name and a password"),
        ("smtp_url", "smtps://?from=a@example.com&hush", "cannot be read as an address"),
        ("smtp_url", "smtps://user:hush hush@mail.example.com?from=a@example.com", "has blanks"),
        ("slack_webhook_url", "http://hooks.slack.com/services/hush", "must be an https:// address"),
        ("slack_webhook_url", "hooks.slack.com/services/hush", "cannot be read as an address"),
        ("slack_webhook_url", "ftp://127.0.0.1/hush", "must be an https:// address"),
        ("slack_webhook_url", "https://user:hush@hooks.slack.com/x", "has a user name or password"),
        ("teams_webhook_url", "http://example.com/workflows/hush", "must be an https:// address"),
        ("webhook_url", "https://example.com/hush", "needs LEVERAGE_WEBHOOK_SECRET"),
        ("webhook_secret", "hush", "is no signing secret"),
        ("webhook_secret", "whsec_hush!hush!", "is no signing secret"),
        ("webhook_secret", "whsec_" + base64.b64encode(b"hush" * 5).decode(), "is no signing secret"),
        ("webhook_secret", f"{SECRET} {SECRET} {SECRET}", "has 3 secrets"),
    ],
)
def test_invalid_setting_is_named_without_its_value(name: str, value: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(home=tmp_path, **{name: value})
    text = str(caught.value)
    assert text.startswith(f"LEVERAGE_{name.upper()}: ")
    assert words in text
    assert "hush" not in text
    assert SECRET not in text
    assert base64.b64encode(b"hush" * 5).decode() not in text


@pytest.mark.parametrize(
    "values",
    [
        {"smtp_url": "smtps://u%40x:p%2F%23@mail.example.com:465?from=a%2Bb@example.com"},
        {"smtp_url": "smtp://mail.internal:587?from=alerts@example.com"},
        {"slack_webhook_url": "https://hooks.slack.com/services/T/B/x"},
        {"teams_webhook_url": "https://example.com:443/workflows/x?api-version=1&sp=%2Ftriggers&sig=y"},
        {"webhook_url": "https://example.com/hooks", "webhook_secret": SECRET},
        {"webhook_url": "http://127.0.0.1:8080/hooks", "webhook_secret": f"{SECRET} {OTHER_SECRET}"},
    ],
)
def test_valid_settings_are_accepted_and_not_shown(values: dict[str, str], tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, **values)
    for value in values.values():
        assert value not in repr(settings)
        assert value not in settings.model_dump_json()
