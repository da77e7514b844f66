"""One HTTP request to a source: token, redirects followed by hand, answers turned into messages."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

import requests

from pipeline.ingest.errors import DeniedError, RefusedError, SourceError
from pipeline.ingest.sources.stream import chunks
from pipeline.net.addresses import (
    RedirectRefusedError,
    is_private,
    is_public,
    public_url,
    redirect_target,
    same_server,
)
from pipeline.net.http import AddressRefusedError, BearerToken, open_session
from pipeline.net.retry import Pace, TransientError, retry_after
from pipeline.settings import Settings

MAX_REDIRECTS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
ABSENT: Final = frozenset({404, 410})
TRANSIENT: Final = frozenset({408, 425, 429})

log = logging.getLogger(__name__)


class Client:
    """Sends requests to one source."""

    def __init__(self, settings: Settings, pace: Pace) -> None:
        """Open the sessions.

        Raises:
            SourceError: the token cannot be sent in a header.
        """
        self._settings, self._pace = settings, pace
        self._token = settings.source_token.get_secret_value() if settings.source_token else None
        if self._token is not None and not re.fullmatch(r"[\x21-\x7e]+", self._token):
            raise SourceError("LEVERAGE_SOURCE_TOKEN holds blanks or characters that a header cannot have")
        timeouts = (settings.connect_timeout_s, settings.read_timeout_s)
        self._session = open_session(*timeouts)
        self._public_session = open_session(*timeouts, is_allowed=is_public)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()
        self._public_session.close()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """Yield the answer to a request for `url`, its body not read yet.

        Its status is 200, 404 or 410; 206 or 416 only where `headers` ask for a range, 304 only where they set a
        condition.

        Raises:
            TransientError: an answer or a broken connection that may be better next time.
            RefusedError: a redirect that is not followed.
            DeniedError: 401 or 403.
            SourceError: any other answer.
        """
        current, is_trusted, session = url, True, self._session
        for _ in range(MAX_REDIRECTS + 1):
            with self._send(session, current, headers, self._token if is_trusted else None) as response:
                if response.status_code not in REDIRECTS:
                    self._check_status(response, current, headers)
                    yield response
                    return
                try:
                    target = redirect_target(url, current, response.headers.get("Location", ""))
                except RedirectRefusedError as refusal:
                    raise RefusedError(f"{public_url(current)}: {refusal}") from None
            is_trusted = is_trusted and same_server(current, target)
            source_host = urlsplit(url).hostname or ""
            if urlsplit(target).hostname != source_host and not is_private(source_host):
                session = self._public_session  # the name may resolve to another address when it is connected to
            log.info("%s redirects to %s", public_url(current), public_url(target))
            current = target
        raise RefusedError(f"{public_url(url)}: more than {MAX_REDIRECTS} redirects")

    def body(self, response: requests.Response, url: str) -> Iterator[bytes]:
        """Return the body as it comes, undecoded; cut when it stalls.

        Raises:
            TransientError: it ended early, broke, or came too slowly.
        """
        return chunks(response.raw, public_url(url), self._settings.read_timeout_s, self._pace.monotonic)

    def _send(
        self, session: requests.Session, url: str, headers: Mapping[str, str], token: str | None
    ) -> requests.Response:
        # Messages of requests are not passed on: they contain the URL with its query and, for a bad header, the token.
        where = public_url(url)
        try:
            return session.get(
                url, headers={"Accept-Encoding": "identity", **headers}, auth=BearerToken(token), stream=True
            )
        except AddressRefusedError as refusal:
            raise RefusedError(f"{where}: redirect from a public source to a private address: {refusal}") from None
        except requests.exceptions.SSLError:
            raise SourceError(
                f"{where}: the server's certificate is not trusted; set REQUESTS_CA_BUNDLE if it is your own"
            ) from None
        except (requests.ConnectionError, requests.Timeout) as fault:
            raise TransientError(f"{where} cannot be reached ({type(fault).__name__})") from None
        except requests.RequestException as fault:
            raise SourceError(f"{where} cannot be asked for ({type(fault).__name__})") from None

    def _check_status(self, response: requests.Response, url: str, headers: Mapping[str, str]) -> None:
        code, where = response.status_code, public_url(url)
        if code in (401, 403):
            reason = "the token is not accepted" if self._token else "no token is set"
            raise DeniedError(
                f"{where} answered {code}: {reason}; check LEVERAGE_SOURCE_TOKEN (some stores also answer so for "
                "a file that is not there)"
            )
        if code in TRANSIENT or code >= 500:
            wait = retry_after(response.headers.get("Retry-After"), self._pace.now())
            raise TransientError(f"{where} answered {code}", wait)
        expected = {200, *ABSENT}
        if "Range" in headers:
            expected |= {206, 416}
        if headers.keys() & {"If-None-Match", "If-Modified-Since"}:
            expected |= {304}
        if code not in expected:
            raise SourceError(f"{where} answered {code}, which means neither a file nor its absence")
