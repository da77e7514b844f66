"""One HTTP request: token, time-outs, redirects followed by hand, answers turned into words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import requests
import urllib3
from requests.auth import AuthBase

from pipeline.ingest.sources.faults import DeniedError, RefusedError, SourceError
from pipeline.net.addresses import RedirectRefusedError, public_url, redirect_target, same_server
from pipeline.net.retry import Pace, TransientError, retry_after
from pipeline.settings import Settings

MAX_REDIRECTS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
ABSENT: Final = frozenset({404, 410})
PASSING: Final = frozenset({408, 425, 429})
READ_BYTES: Final = 256 * 1024
MIN_BYTES_PER_S: Final = 1024
"""Slower than this over one read time-out is a stall: a day of 50 MB would take 14 hours."""

log = logging.getLogger(__name__)


class _Token(AuthBase):
    """Sets the token, or none: without it `requests` would look for a password in ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Client:
    """Sends requests to one source."""

    def __init__(self, settings: Settings, pace: Pace) -> None:
        """Read the token.

        Raises:
            SourceError: it cannot stand in a header.
        """
        self._settings, self._pace = settings, pace
        self._token = settings.source_token.get_secret_value() if settings.source_token else None
        if self._token is not None and not re.fullmatch(r"[\x21-\x7e]+", self._token):
            raise SourceError("LEVERAGE_SOURCE_TOKEN holds blanks or characters that cannot stand in a header")
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "import-leverage"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """Ask for `url` and hand over the answer, its body not read yet.

        It is 200, 404 or 410; 206 or 416 only where `headers` ask for a range, 304 only where they set a condition.

        Raises:
            TransientError: an answer or a broken connection that may be better next time.
            RefusedError: a redirect to where the pipeline does not go.
            DeniedError: 401 or 403.
            SourceError: any other answer.
        """
        current, trusted = url, True
        for _ in range(MAX_REDIRECTS + 1):
            response = self._send(current, headers, self._token if trusted else None)
            try:
                if response.status_code not in REDIRECTS:
                    self._demand_usable(response, current, headers)
                    yield response
                    return
                target = redirect_target(url, current, response.headers.get("Location", ""))
            except RedirectRefusedError as refusal:
                raise RefusedError(f"{public_url(current)}: {refusal}") from None
            finally:
                response.close()
            trusted = trusted and same_server(current, target)
            log.info("%s redirects to %s", public_url(current), public_url(target))
            current = target
        raise RefusedError(f"{public_url(url)}: more than {MAX_REDIRECTS} redirects")

    def body(self, response: requests.Response, url: str) -> Iterator[bytes]:
        """The body as it comes, undecoded; cut when it stalls.

        Raises:
            TransientError: it ended early, broke, or came too slowly.
        """
        where = public_url(url)
        window, came = self._pace.monotonic(), 0
        while True:
            try:
                chunk = response.raw.read1(READ_BYTES, decode_content=False)
            except urllib3.exceptions.ReadTimeoutError:
                raise TransientError(f"{where} stalled for {self._settings.read_timeout_s:g} s") from None
            except urllib3.exceptions.HTTPError as fault:
                raise TransientError(f"{where} broke off in the middle ({type(fault).__name__})") from None
            if not chunk:
                return
            yield chunk
            came += len(chunk)
            seconds = self._pace.monotonic() - window
            if seconds >= self._settings.read_timeout_s:
                if came < MIN_BYTES_PER_S * seconds:
                    raise TransientError(f"{where} stalled: {came:,} bytes in {seconds:.0f} s")
                window, came = self._pace.monotonic(), 0

    def _send(self, url: str, headers: Mapping[str, str], token: str | None) -> requests.Response:
        # Words of `requests` are not passed on: they hold the URL with its query and, for a bad header, the token.
        where = public_url(url)
        try:
            return self._session.get(
                url,
                headers={"Accept-Encoding": "identity", **headers},
                auth=_Token(token),
                timeout=(self._settings.connect_timeout_s, self._settings.read_timeout_s),
                allow_redirects=False,
                stream=True,
            )
        except requests.exceptions.SSLError:
            raise SourceError(
                f"{where}: the server's certificate is not trusted; set REQUESTS_CA_BUNDLE if it is your own"
            ) from None
        except (requests.ConnectionError, requests.Timeout) as fault:
            raise TransientError(f"{where} cannot be reached ({type(fault).__name__})") from None
        except requests.RequestException as fault:
            raise SourceError(f"{where} cannot be asked for ({type(fault).__name__})") from None

    def _demand_usable(self, response: requests.Response, url: str, headers: Mapping[str, str]) -> None:
        code, where = response.status_code, public_url(url)
        if code in (401, 403):
            known = "the token is not accepted" if self._token else "no token is set"
            raise DeniedError(
                f"{where} answered {code}: {known}; check LEVERAGE_SOURCE_TOKEN (some stores also answer so for "
                "a file that is not there)"
            )
        if code in PASSING or code >= 500:
            wait = retry_after(response.headers.get("Retry-After"), self._pace.now())
            raise TransientError(f"{where} answered {code}", wait)
        asked = {200, *ABSENT}
        if "Range" in headers:
            asked |= {206, 416}
        if headers.keys() & {"If-None-Match", "If-Modified-Since"}:
            asked |= {304}
        if code not in asked:
            raise SourceError(f"{where} answered {code}, which means neither a file nor its absence")
