"""E-mail to a server: TLS at once or by STARTTLS; without TLS only to this machine.

A server in a private network is the rule for mail, so its address is not looked at; it is the operator's own setting.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from pipeline.delivery.outcome import Outcome
from pipeline.net.deadline import Deadline, LateError
from pipeline.settings import LOOPBACK

PORTS: Final = {"smtps": 465, "smtp": 587}


class Smtp:
    """One server; its connection is kept from message to message."""

    def __init__(self, url: SecretStr, seconds: float, context: ssl.SSLContext | None = None) -> None:
        """Nothing is connected before the first message.

        Args:
            url: as the settings have checked it.
            seconds: for all of one message, connecting included.
            context: of TLS; without one, the machine's authorities.
        """
        self._parts = urlsplit(url.get_secret_value())
        self._seconds, self._context = seconds, context or ssl.create_default_context()
        self._server: smtplib.SMTP | None = None
        self.sender = sender(url)

    def send(self, recipient: str, message: bytes) -> Outcome:
        """Hand over one message to one recipient.

        Words of the server are not repeated: they hold addresses and user names. Codes are.
        """
        deadline = Deadline(self._seconds)
        try:
            server = self._server = self._kept(deadline) or self._connect(deadline)
            with deadline.over(_socket(server)):
                server.sendmail(self.sender, [recipient], message)
        except smtplib.SMTPRecipientsRefused as fault:
            ((code, _),) = fault.recipients.values()
            self._reset()
            return _refused("the recipient is refused", code)
        except smtplib.SMTPDataError as fault:
            self._reset()
            return _refused("the message is refused", fault.smtp_code)
        except smtplib.SMTPSenderRefused as fault:
            self._reset()
            return _server_fault("the sender is refused: check from= in LEVERAGE_SMTP_URL", fault.smtp_code)
        except smtplib.SMTPAuthenticationError as fault:
            self.close()
            return _server_fault("user name or password are refused: check LEVERAGE_SMTP_URL", fault.smtp_code)
        except ssl.SSLCertVerificationError:
            self.close()
            return _server_fault("the server's certificate is not trusted")
        except smtplib.SMTPNotSupportedError:
            self.close()
            return _server_fault("the server offers no STARTTLS or no log-in: smtps:// may be what it wants")
        except UnicodeError:
            self.close()
            return _server_fault("user name or password hold letters that a log-in cannot: check LEVERAGE_SMTP_URL")
        except (LateError, OSError, smtplib.SMTPException) as fault:
            self.close()
            if deadline.has_passed or isinstance(fault, TimeoutError | LateError):
                return _server_fault(f"no answer within {self._seconds:g} s")
            answer = fault.smtp_code if isinstance(fault, smtplib.SMTPResponseException) else None
            return _server_fault(f"the server cannot be spoken to ({type(fault).__name__})", answer)
        return Outcome("sent", code=250)

    def close(self) -> None:
        """End the connection; a server that does not take leave is left."""
        if self._server is not None:
            # taken leave of, without waiting for the answer
            with suppress(OSError, smtplib.SMTPException):
                self._server.putcmd("quit")
            self._server.close()
            self._server = None

    def _connect(self, deadline: Deadline) -> smtplib.SMTP:
        host, is_tls = self._parts.hostname or "", self._parts.scheme == "smtps"
        port = self._parts.port or PORTS[self._parts.scheme]
        server = _Named(host, timeout=deadline.left())
        try:
            connected = socket.create_connection((host, port), deadline.left())
            if is_tls:
                # the handshake comes under the deadline, so not yet here
                connected = self._context.wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)
            server.sock = connected
            with deadline.over(connected):
                if isinstance(connected, ssl.SSLSocket):
                    connected.do_handshake()
                code, _ = server.getreply()
                if code != 220:
                    raise smtplib.SMTPConnectError(code, b"")
                server.ehlo()
                if not is_tls and (host not in LOOPBACK or server.has_extn("starttls")):
                    server.starttls(context=self._context)
            with deadline.over(_socket(server)):
                server.ehlo_or_helo_if_needed()
                if self._parts.username is not None:
                    server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _kept(self, deadline: Deadline) -> smtplib.SMTP | None:
        """The connection of the message before, if the server still holds it: many end it after some messages."""
        if self._server is None:
            return None
        try:
            with deadline.over(_socket(self._server)):
                if self._server.noop()[0] == 250:
                    return self._server
        except (OSError, smtplib.SMTPException):
            pass
        self.close()
        return None

    def _reset(self) -> None:
        """Make the connection ready for the next message after one was refused, or end it."""
        try:
            if self._server is not None:
                self._server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()


class _Named(smtplib.SMTP):
    """A conversation not yet connected, whose host name is known: a certificate is compared with it."""

    def __init__(self, host: str, timeout: float) -> None:
        # the own name by itself: looking it up in full may take longer than a message
        own = socket.gethostname()
        super().__init__(local_hostname=own if "." in own else "[127.0.0.1]", timeout=timeout)
        self._host = host


def _socket(server: smtplib.SMTP) -> socket.socket:
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected
    return server.sock


def sender(url: SecretStr) -> str:
    """The address that messages come from."""
    return parse_qs(urlsplit(url.get_secret_value()).query)["from"][0]


def _refused(what: str, code: int) -> Outcome:
    """A fault of one message: for good where the code says so."""
    return Outcome("dead" if 500 <= code < 600 else "later", f"{what} ({code})", code)


def _server_fault(what: str, code: int | None = None) -> Outcome:
    """A fault of the server or of the settings: no message would fare better, and each can go when it is mended."""
    return Outcome("later", what + (f" ({code})" if code else ""), code, is_endpoint=True)
