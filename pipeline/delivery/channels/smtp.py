"""E-mail to a server: TLS at once or by STARTTLS; without TLS only to this machine.

The server's address is not checked, since mail servers in private networks are common and only the operator sets it.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from pipeline.delivery.channels.outcome import Outcome
from pipeline.net.deadline import within
from pipeline.setting_checks import LOOPBACK

PORTS: Final = {"smtps": 465, "smtp": 587}


class Smtp:
    """One server; its connection is reused from message to message."""

    def __init__(self, url: SecretStr, seconds: float, tls: ssl.SSLContext | None = None) -> None:
        """Connect to nothing yet.

        Args:
            url: as the settings have validated it.
            seconds: for all of one message, connecting included.
            tls: trusted authorities instead of the machine's.
        """
        self._parts = urlsplit(url.get_secret_value())
        self._seconds, self._tls = seconds, tls or ssl.create_default_context()
        self._server: smtplib.SMTP | None = None
        self.sender = sender(url)

    def send(self, recipient: str, message: bytes) -> Outcome:
        """Send one message to one recipient.

        Reasons repeat codes of the server but not its words, which contain addresses and user names.
        """
        # A thread that is left behind at a time-out must not reach the connection of the next message.
        previous, self._server = self._server, None
        used = [previous] if previous else []

        def hand_over() -> None:
            if previous is None or not _is_live(previous):
                used.append(self._connect())
            used[-1].sendmail(self.sender, [recipient], message)

        try:
            within(self._seconds, hand_over)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as fault:
            self._server = used[-1]  # smtplib has reset it for the next message
            return _refused(fault)
        except TimeoutError:
            for server in used:
                _break_off(server)
            return _server_fault(f"no answer within {self._seconds:g} s")
        except (OSError, smtplib.SMTPException, UnicodeError) as fault:
            for server in used:
                server.close()
            return _unsent(fault)
        self._server = used[-1]
        return Outcome("sent", code=250)

    def close(self) -> None:
        """End the connection without waiting for the server's answer."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.putcmd("quit")
            self._server.close()
            self._server = None

    def _connect(self) -> smtplib.SMTP:
        host, scheme = self._parts.hostname or "", self._parts.scheme
        port = self._parts.port or PORTS[scheme]
        # smtplib would resolve the machine's full name, which can take longer than a message.
        own = socket.gethostname()
        own = own if "." in own else "[127.0.0.1]"
        server = (
            smtplib.SMTP_SSL(host, port, own, timeout=self._seconds, context=self._tls)
            if scheme == "smtps"
            else smtplib.SMTP(host, port, own, timeout=self._seconds)
        )
        try:
            server.ehlo()
            if scheme == "smtp" and (host not in LOOPBACK or server.has_extn("starttls")):
                server.starttls(context=self._tls)
            if self._parts.username is not None:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def sender(url: SecretStr) -> str:
    """Return the address that messages come from."""
    return parse_qs(urlsplit(url.get_secret_value()).query)["from"][0]


def _is_live(server: smtplib.SMTP) -> bool:
    """Return whether the connection of the previous message still works: many servers close it after some."""
    with suppress(OSError, smtplib.SMTPException):
        if server.noop()[0] == 250:
            return True
    server.close()
    return False


def _break_off(server: smtplib.SMTP) -> None:
    """Shut the socket below TLS, whose state belongs to the thread that waits in it."""
    if server.sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(server.sock, socket.SHUT_RDWR)


def _refused(fault: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> Outcome:
    """Return the outcome of a message that the server does not accept: dead where the code says so."""
    if isinstance(fault, smtplib.SMTPSenderRefused):
        return _server_fault("the sender is refused: check from= in LEVERAGE_SMTP_URL", fault.smtp_code)
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        what, ((code, _),) = "the recipient is refused", fault.recipients.values()
    else:
        what, code = "the message is refused", fault.smtp_code
    return Outcome("dead" if 500 <= code < 600 else "later", f"{what} ({code})", code)


def _unsent(fault: Exception) -> Outcome:
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return _server_fault("user name or password are refused: check LEVERAGE_SMTP_URL", fault.smtp_code)
    if isinstance(fault, ssl.SSLCertVerificationError):
        return _server_fault("the server's certificate is not trusted")
    if isinstance(fault, smtplib.SMTPNotSupportedError):
        return _server_fault("the server offers no STARTTLS or no log-in: smtps:// may be what it wants")
    if isinstance(fault, UnicodeError):
        return _server_fault("user name or password contain letters that a log-in cannot: check LEVERAGE_SMTP_URL")
    code = fault.smtp_code if isinstance(fault, smtplib.SMTPResponseException) else None
    return _server_fault(f"the server cannot be reached ({type(fault).__name__})", code)


def _server_fault(what: str, code: int | None = None) -> Outcome:
    """Return the outcome of a fault of the server or of the settings, which other messages would meet too."""
    return Outcome("later", what + (f" ({code})" if code else ""), code, is_endpoint=True)
