"""Mail against a real SMTP server: TLS, parts, headers, and hostile names."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
import trustme

from pipeline.alerts.message import Message
from pipeline.delivery.deliver import deliver
from pipeline.delivery.deliveries import delivery_id
from pipeline.delivery.outbox import enqueue
from pipeline.reporting.mail.mail import mail
from pipeline.settings import Settings
from tests.delivery import made
from tests.delivery.conftest import everything, journal_text
from tests.delivery.receivers import STALLED_S, Clock, Mailbox, mail_server

ANNA, BEN = "anna@example.com", "ben@example.com"
PASSWORD = "p/ss:word"


def read(content: bytes) -> EmailMessage:
    letter = message_from_bytes(content, policy=default)
    assert isinstance(letter, EmailMessage)
    assert letter.defects == []
    return letter


def bodies(letter: EmailMessage) -> tuple[str, str]:
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_digest_and_alert_arrive_over_tls(
    home: Callable[..., Settings], authority: trustme.CA, trusting: ssl.SSLContext, scheme: str
) -> None:
    with mail_server(authority, scheme, PASSWORD) as box:
        settings = home(smtp_url=box.url)
        enqueue(settings, [made.digest(f"email:{ANNA}")])
        assert deliver(settings, tls=trusting).sent == {"email": 2}
    assert [(letter[0], letter[1], *letter[3:]) for letter in box.letters] == [
        ("alerts@example.com", [ANNA], True, "robot")
    ] * 2
    assert box.connections == 1
    alert, digest = (read(letter[2]) for letter in box.letters)
    assert str(alert["Subject"]).startswith("Critical: HOLLOW OAK RETAIL INC. has received nothing from NINGBO")
    assert digest["Subject"] == "4 changes at your suppliers, 1 critical, 1 taken back (week 2026-W46)"
    key = delivery_id("digest", made.WEEK, made.recipient(), f"email:{ANNA}")
    assert digest["Message-ID"] == f"<{key}@example.com>"
    assert digest["List-Id"] == "Change alerts of import-leverage <alerts.import-leverage.example.com>"
    assert digest["List-Unsubscribe"].strip() == "<mailto:alerts@example.com?subject=unsubscribe%20from%20alerts>"
    assert (digest["Auto-Submitted"], str(digest["To"])) == ("auto-generated", ANNA)
    assert digest.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in digest.walk()] == [
        *("multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png")
    ]


def test_text_and_html_contain_the_whole_alert() -> None:
    letter = read(mail(Message("alert", made.digest(), made.alert()), "0" * 64, "alerts@example.com", None))
    alert = made.alert()
    for part in bodies(letter):
        text = " ".join(re.sub(r"<[^>]+>", " ", part).replace("&#39;", "'").split())
        for words in (alert.supplier_name, alert.headline, alert.meaning, alert.question, alert.instead, alert.numbers):
            assert words is not None
            assert words in text
        assert "57 bills behind it, the newest 20:" in text
        assert text.count("MAEU6") == 20
        assert alert.query in text
        assert "your share 12% 18%" in text
    picture = next(part for part in letter.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in bodies(letter)[1]
    assert picture.get_content().startswith(b"\x89PNG")


def test_first_published_week_shows_no_earlier_figures() -> None:
    alert = made.alert()
    assert alert.standing is not None
    first = replace(alert, standing=replace(alert.standing, week_before=alert.as_of_week))
    for part in bodies(read(mail(Message("alert", made.digest(), first), "0" * 64, "alerts@example.com", None))):
        assert "your share" not in part
        assert "You are customer no. 3" in " ".join(part.split())


def test_numbers_use_the_format_of_the_recipient() -> None:
    recipient = replace(made.recipient(), number_format="1.234,5")
    digest = replace(made.digest(), recipient=recipient)
    plain, _ = bodies(read(mail(Message("alert", digest, made.alert()), "0" * 64, "alerts@example.com", None)))
    assert "18,2 tonnes" in plain
    assert "8,0% to 13%" in " ".join(plain.split())


def test_week_without_changes_is_sent_with_date_and_coverage() -> None:
    letter = read(mail(Message("digest", made.quiet(), None), "0" * 64, "alerts@example.com", None))
    assert letter["Subject"] == "Nothing changed at your suppliers (week 2026-W46)"
    for part in bodies(letter):
        text = " ".join(part.split())
        assert "Nothing changed this week at the suppliers you watch." in text
        assert "weeks closed through 15 Nov 2026, newest release 29 Nov 2026; 14 suppliers watched" in text
        assert "customers are named on 88% of their volume" in text


def test_names_cannot_add_markup_or_headers() -> None:
    letter = read(mail(Message("alert", made.hostile(), made.hostile().alerts[0]), "0" * 64, "a@example.com", None))
    assert letter["Bcc"] is None
    assert "\n" not in letter["Subject"]
    assert str(letter["Subject"]).startswith("Critical: <script>alert(1)</script> *bold*|<!channel> =cmd() Bcc:")
    plain, html = bodies(letter)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\u202e" not in plain + html


def test_longest_digest_stays_below_the_clipping_limit_of_mail_services() -> None:
    alerts = tuple(made.alert(number) for number in range(10))
    letter = read(mail(Message("digest", made.digest(alerts=alerts), None), "0" * 64, "alerts@example.com", None))
    assert len(bodies(letter)[1].encode()) < 102_000
    assert len(letter.as_bytes()) < 1_000_000
    long = tuple(replace(one, headline="X" * 5000, supplier_name="Y " * 3000, query="z " * 9000) for one in alerts)
    letter = read(mail(Message("digest", made.digest(alerts=long), None), "0" * 64, "alerts@example.com", None))
    assert len(bodies(letter)[1].encode()) < 102_000


def test_retraction_replies_to_the_message_it_retracts(home: Callable[..., Settings], authority: trustme.CA) -> None:
    channel = f"email:{ANNA}"
    back = replace(made.retraction(), severity="critical", supersedes_alert_id=made.alert().alert_id)
    with mail_server(None, "smtp") as box:
        settings = home(smtp_url=box.url)
        enqueue(settings, [made.digest(channel), made.digest(channel, as_of_week="2026-W47", retractions=(back,))])
        deliver(settings)
    letters = [read(letter[2]) for letter in box.letters]
    (original,) = [one for one in letters if str(one["Subject"]).startswith("Critical: HOLLOW")]
    (answer,) = [one for one in letters if str(one["Subject"]).startswith("Taken back, ")]
    assert answer["In-Reply-To"] == original["Message-ID"]


@pytest.mark.parametrize(("answer", "status"), [("550 5.1.1 unknown", "dead"), ("450 4.2.0 greylisted", "waiting")])
def test_refused_recipient_does_not_delay_others(
    home: Callable[..., Settings], clock: Clock, answer: str, status: str
) -> None:
    with mail_server(None, "smtp") as box:
        box.refused[ANNA] = answer
        settings = home(smtp_url=box.url)
        digests = [made.quiet(f"email:{ANNA}"), replace(made.quiet(), recipient=made.recipient(f"email:{BEN}"))]
        enqueue(settings, digests, clock.pace())
        report = deliver(settings, pace=clock.pace())
    assert [letter[1] for letter in box.letters] == [[BEN]]
    assert report.receipts[0].status == status
    assert report.receipts[0].reason == f"the recipient is refused ({answer[:3]})"


@pytest.mark.parametrize("fault", ["password", "sender", "closed port", "authority"])
def test_server_failure_keeps_every_mail_waiting(
    home: Callable[..., Settings], clock: Clock, authority: trustme.CA, trusting: ssl.SSLContext, fault: str
) -> None:
    with mail_server(authority, "smtps", PASSWORD) as box:
        url = box.url
        if fault == "password":
            url = url.replace("robot:", "robot:no")
        elif fault == "sender":
            box.sender_refused = "553 not you"
        elif fault == "closed port":
            url = "smtps://127.0.0.1:1?from=alerts@example.com"
        settings = home(smtp_url=url)
        enqueue(settings, [made.quiet(f"email:{ANNA}")], clock.pace())
        tls = ssl.create_default_context() if fault == "authority" else trusting
        report = deliver(settings, pace=clock.pace(), tls=tls)
    words = {
        "password": "user name or password are refused: check LEVERAGE_SMTP_URL (535)",
        "sender": "the sender is refused: check from= in LEVERAGE_SMTP_URL (553)",
        "closed port": "the server cannot be reached (ConnectionRefusedError)",
        "authority": "the server's certificate is not trusted",
    }
    assert {receipt.reason for receipt in report.receipts} == {words[fault]}
    assert report.waiting == {"email": 1}
    assert box.letters == []


def test_mail_to_another_machine_requires_tls(
    home: Callable[..., Settings], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.delivery.channels.smtp.LOOPBACK", frozenset())
    with mail_server(None, "smtp") as box:
        settings = home(smtp_url=box.url)
        enqueue(settings, [made.quiet(f"email:{ANNA}")], clock.pace())
        report = deliver(settings, pace=clock.pace())
    assert report.receipts[0].reason.startswith("the server offers no STARTTLS")
    assert box.letters == []


def test_addresses_are_only_in_the_journal_and_secrets_nowhere(
    home: Callable[..., Settings], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    with mail_server(None, "smtp") as box:
        box.refused[ANNA] = f"550 <{ANNA}> unknown"
        url = box.url.replace("://", "://robot:hush%21@")
        settings = home(smtp_url=url)
        enqueue(settings, [made.digest(f"email:{ANNA}")], clock.pace())
        report = deliver(settings, pace=clock.pace())
    assert f"email:{ANNA}" in journal_text(settings)
    assert settings.outbox_path.stat().st_mode & 0o777 == 0o600
    shown = everything(settings, but=[settings.outbox_path]) + caplog.text + repr(report) + repr(settings)
    for secret in (ANNA, "hush"):
        assert secret not in shown
    assert "hush" not in journal_text(settings)


def test_address_that_could_end_a_header_gets_files(home: Callable[..., Settings]) -> None:
    settings = home(smtp_url="smtps://mail.example.com?from=alerts@example.com")
    for channel in ("email:a@example.com\r\nBcc: eve@example.com", "email:", "email:a b@example.com", "fax:1"):
        done = enqueue(settings, [made.digest(channel)])
        assert set(done.new) == {"file"}
        assert "example" not in "".join(done.notes)


def test_two_mailboxes_of_a_watcher_get_a_message_each(home: Callable[..., Settings]) -> None:
    with mail_server(None, "smtp") as box:
        settings = home(smtp_url=box.url)
        enqueue(settings, [made.quiet(f"email:{ANNA}", f"email:{BEN}")])
        deliver(settings)
    assert sorted(letter[1][0] for letter in box.letters) == [ANNA, BEN]
    assert len({read(letter[2])["Message-ID"] for letter in box.letters}) == 2


def test_connection_closed_between_two_mails_is_reopened(home: Callable[..., Settings]) -> None:
    from pydantic import SecretStr

    from pipeline.delivery.channels.smtp import Smtp

    with mail_server(None, "smtp") as box:
        smtp = Smtp(SecretStr(box.url), 5)
        assert smtp.send(ANNA, b"Subject: one\r\n\r\n").kind == "sent"
        assert smtp._server is not None
        smtp._server.close()
        assert smtp.send(ANNA, b"Subject: two\r\n\r\n").kind == "sent"
        smtp.close()
    assert isinstance(box, Mailbox)
    assert len(box.letters) == 2


def test_server_that_stalls_delays_one_try_only(home: Callable[..., Settings], clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = home(smtp_url=f"smtp://127.0.0.1:{silent.getsockname()[1]}?from=alerts@example.com")
        enqueue(settings, [made.quiet(f"email:{ANNA}")], clock.pace())
        report = deliver(settings, pace=clock.pace(), seconds=STALLED_S)
    assert {receipt.reason for receipt in report.receipts} == {f"no answer within {STALLED_S:g} s"}
