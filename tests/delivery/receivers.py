"""Receivers on this machine: a scripted HTTP server that checks signatures, and an SMTP server with TLS."""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from standardwebhooks import Webhook, WebhookVerificationError

from pipeline.net.retry import Pace

STALLED_S = 0.3
"""Time for one try where a receiver stalls."""
Step = Callable[["Handler"], None]


class Clock:
    """Time that passes when the code waits or a test sets it."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)
        self.waits: list[float] = []

    def pace(self) -> Pace:
        return Pace(sleep=self.sleep, now=lambda: self.time)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)


@dataclass
class Request:
    """One request: its id, body, headers by lower-case names, and the fault of its signature, if any."""

    id: str
    body: bytes
    headers: dict[str, str]
    fault: str | None

    @property
    def event(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """An HTTP receiver.

    Attributes:
        secret: by which it checks signatures.
        script: the steps for its next requests; afterwards 204.
        answers: by a text in the body, the step whenever it occurs.
        requests: all that arrived.
    """

    secret: str
    script: list[Step] = field(default_factory=list)
    answers: dict[bytes, Step] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    @property
    def ids(self) -> list[str]:
        return [request.id for request in self.requests]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def log_message(self, *_: Any) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = None
        try:
            Webhook(self.receiver.secret).verify(body, headers)
        except WebhookVerificationError as error:
            fault = str(error)
        self.receiver.requests.append(Request(headers.get("webhook-id", ""), body, headers, fault))
        for text, step in self.receiver.answers.items():
            if text in body:
                return step(self)
        return self.receiver.script.pop(0)(self) if self.receiver.script else status(204)(self)


def status(code: int, body: bytes = b"", **headers: str) -> Step:
    def step(handler: Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0" if code == 204 else str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return step


def redirect_to(url: str) -> Step:
    return status(307, Location=url)


def stall(handler: Handler) -> None:
    """Send nothing until the test is over."""
    handler.receiver.released.wait(30)
    handler.close_connection = True


def drip(handler: Handler) -> None:
    """Send an endless header byte by byte, so that no time-out between two bytes is reached."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not handler.receiver.released.wait(STALLED_S / 10):
            handler.wfile.write(b"x")
    except OSError:
        pass
    handler.close_connection = True


def endless(handler: Handler) -> None:
    """Answer 200 with an endless body."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.receiver.released.is_set():
            handler.wfile.write(b"x" * 65536)
    except OSError:
        pass
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """Break the connection before any answer."""
    handler.connection.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER of no time: a reset instead of an end
    handler.connection.close()
    handler.close_connection = True


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Print nothing about connections that a test breaks."""


@contextmanager
def receiver(secret: str, context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """An HTTP receiver on a free port, with TLS where a context is given."""
    found = Receiver(secret)
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"receiver": found}))
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    found.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}/hooks?of=leverage"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        found.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """What an SMTP server received, and what it refuses.

    Attributes:
        letters: sender, recipients, bytes, whether over TLS, and the user logged in.
        refused: answer by recipient.
        connections: number of connections.
    """

    letters: list[tuple[str, list[str], bytes, bool, str | None]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    sender_refused: str | None = None
    url: str = ""
    connections: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += session.ssl is None
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if self.sender_refused:
            return self.sender_refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert envelope.mail_from is not None
        assert isinstance(envelope.content, bytes)
        login = session.auth_data.login.decode() if session.auth_data else None
        is_tls = server.transport is not None and server.transport.get_extra_info("ssl_object") is not None
        self.letters.append((envelope.mail_from, envelope.rcpt_tos, envelope.content, is_tls, login))
        return "250 taken"


@contextmanager
def mail_server(
    authority: trustme.CA | None, scheme: str, password: str | None = None, sender: str = "alerts@example.com"
) -> Iterator[Mailbox]:
    """An SMTP server: `smtps` by TLS at once, `smtp` with STARTTLS where an authority is given."""
    box = Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if authority is not None:
        authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        is_right = isinstance(data, LoginPassword) and data.password.decode() == password
        return AuthResult(success=is_right, auth_data=data if is_right else None, handled=False)

    options: dict[str, Any] = {"hostname": "mail.example.com"}
    if password is not None:
        options |= {"authenticator": check, "auth_required": True, "auth_require_tls": scheme == "smtp"}
    if authority is not None and scheme == "smtp":
        options |= {"tls_context": context, "require_starttls": True}
    at_once = context if authority is not None and scheme == "smtps" else None
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    serving = loop.create_server(lambda: SMTP(box, loop=loop, **options), "127.0.0.1", 0, ssl=at_once)
    server = asyncio.run_coroutine_threadsafe(serving, loop).result()
    user = f"robot:{password.replace('/', '%2F')}@" if password else ""
    box.url = f"{scheme}://{user}localhost:{server.sockets[0].getsockname()[1]}?from={sender}"
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()
