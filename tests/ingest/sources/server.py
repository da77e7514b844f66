"""A small HTTP server for tests: serves files from memory well, or misbehaves as a script says."""

from __future__ import annotations

import hashlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    path: str
    query: str
    headers: dict[str, str]


class Handler(BaseHTTPRequestHandler):
    """One connection; `server` is the `Feed`'s."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; with it each request waits 40 ms
    server: _Server

    def do_GET(self) -> None:
        feed = self.server.feed
        parts = urlsplit(self.path)
        feed.requests.append(Request(parts.path, parts.query, {key.lower(): v for key, v in self.headers.items()}))
        script = feed.script.get(parts.path, [])
        if script:
            script.pop(0)(self)
        else:
            serve(self)

    def log_message(self, *_args: object) -> None:
        """Nothing is printed."""

    @property
    def feed(self) -> Feed:
        return self.server.feed

    @property
    def content(self) -> bytes:
        return self.feed.files[urlsplit(self.path).path]

    def answer(self, code: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Send a whole answer; `headers` win, an empty value leaves a header out."""
        self.head(code, {"Content-Length": str(len(body)), **(headers or {})})
        self.wfile.write(body)

    def head(self, code: int, headers: dict[str, str]) -> None:
        self.send_response(code)
        for key, value in headers.items():
            if value:
                self.send_header(key, value)
        self.end_headers()
        self.wfile.flush()

    def break_off(self) -> None:
        """Reset the connection."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    feed: Feed

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what many tests are about."""


Step = Callable[[Handler], None]


@dataclass
class Feed:
    """A server on the loopback interface.

    Attributes:
        files: path to bytes.
        script: path to what is done at its next requests, one step each; afterwards the file is served.
        requests: all that was asked.
        etags: whether files have a strong ETag (of their bytes).
        last_modified: their date, if any.
        ranges: whether ranges are served.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    script: dict[str, list[Step]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    etags: bool = True
    last_modified: str = "Mon, 02 Nov 2026 10:00:00 GMT"
    ranges: bool = True
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    port: int = 0

    def start(self, tls: ssl.SSLContext | None = None) -> Callable[[], None]:
        """Serve on a free port; returns what ends it."""
        server = _Server(("127.0.0.1", 0), Handler)
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.feed = self
        self.port = server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/feed"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def stop() -> None:
            self.released.set()
            server.shutdown()
            server.server_close()
            thread.join()

        return stop

    def asked(self, path: str) -> list[Request]:
        """The requests for `path`."""
        return [request for request in self.requests if request.path == path]


def etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


def serve(handler: Handler) -> None:
    """Serve the file as a good server does: conditions, ranges, validators."""
    feed, path = handler.feed, urlsplit(handler.path).path
    if path not in feed.files:
        handler.answer(404, b"no such file")
        return
    content, asked = handler.content, handler.headers
    tag = etag(content) if feed.etags else ""
    validators = {"ETag": tag, "Last-Modified": feed.last_modified}
    unchanged = (
        asked["If-None-Match"] == tag
        if "If-None-Match" in asked and tag
        else bool(feed.last_modified) and asked.get("If-Modified-Since") == feed.last_modified
    )
    if unchanged:
        handler.head(304, validators)
        return
    span = asked.get("Range", "")
    condition = asked.get("If-Range")
    if span and feed.ranges and condition in (None, tag, feed.last_modified):
        first = int(span.removeprefix("bytes=").removesuffix("-"))
        if first >= len(content):
            handler.answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
            return
        place = f"bytes {first}-{len(content) - 1}/{len(content)}"
        handler.answer(206, content[first:], {**validators, "Content-Range": place})
        return
    handler.answer(200, content, validators)


def status(code: int, body: bytes = b"not now", **headers: str) -> Step:
    """Answer with `code`; header names are written with `_` for `-`."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda handler: handler.answer(code, body, named)


def cut(after: int) -> Step:
    """Promise the whole file, send `after` bytes of it (of its rest, when a range is asked for), then reset."""

    def step(handler: Handler) -> None:
        content, first, code = handler.content, 0, 200
        headers = {"ETag": etag(content) if handler.feed.etags else "", "Last-Modified": handler.feed.last_modified}
        if "Range" in handler.headers and handler.feed.ranges:
            first, code = int(handler.headers["Range"].removeprefix("bytes=").removesuffix("-")), 206
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
        handler.head(code, {**headers, "Content-Length": str(len(content) - first)})
        handler.wfile.write(content[first : first + after])
        handler.wfile.flush()
        # Closed without a reset: what was sent arrives, what was promised does not.
        handler.close_connection = True

    return step


def reset(handler: Handler) -> None:
    """Break the connection before any answer."""
    handler.break_off()


def reset_after(count: int) -> Step:
    """Send the head and `count` bytes, then break the connection."""

    def step(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(len(handler.content)), "ETag": etag(handler.content)})
        handler.wfile.write(handler.content[:count])
        handler.break_off()

    return step


def stall(after: int) -> Step:
    """Send the head and `after` bytes, then nothing until the server ends."""

    def step(handler: Handler) -> None:
        content = handler.content
        handler.head(200, {"Content-Length": str(len(content)), "ETag": etag(content)})
        handler.wfile.write(content[:after])
        handler.wfile.flush()
        handler.feed.released.wait()
        handler.close_connection = True

    return step


def without_length(handler: Handler) -> None:
    """Send the file in chunks, so that its length is not known before."""
    content = handler.content
    handler.head(200, {"Transfer-Encoding": "chunked", "ETag": etag(content) if handler.feed.etags else ""})
    for start in range(0, len(content), 1000):
        piece = content[start : start + 1000]
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    handler.wfile.write(b"0\r\n\r\n")


def closing(code: int, body: bytes, headers: dict[str, str]) -> Step:
    """Answer without a length; the end of the connection is the end of the body."""

    def step(handler: Handler) -> None:
        handler.head(code, {**headers, "Connection": "close"})
        handler.wfile.write(body)
        handler.close_connection = True

    return step


def lying_length(length: int) -> Step:
    """Send the whole file and say that it has `length` bytes."""

    def step(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(length)})
        handler.wfile.write(handler.content)
        handler.close_connection = True

    return step


def redirect(target: str, code: int = 302) -> Step:
    """Lead to `target`."""
    return lambda handler: handler.answer(code, b"", {"Location": target})
