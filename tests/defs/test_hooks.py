import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from pipeline.defs.hooks import days_in_words, failure_hook
from pipeline.settings import SettingsError, load_settings


def test_the_days_of_a_run_in_words() -> None:
    assert days_in_words({"dagster/partition": "2026-03-02"}) == "release 2026-03-02"
    assert days_in_words({"dagster/partition": "2026-03-02"}, "weekly") == "week 2026-W10"
    assert days_in_words({}) == "the whole warehouse"


def test_a_failed_step_is_told_to_the_webhook_in_words(tmp_path: Path) -> None:
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        settings = load_settings(home=tmp_path, failure_webhook_url=f"http://127.0.0.1:{server.server_port}/hook")

        @dg.op
        def land() -> None:
            raise ValueError("the source answered 500")

        @dg.job(hooks={failure_hook(settings)})
        def nightly() -> None:
            land()

        result = nightly.execute_in_process(raise_on_error=False, tags={"dagster/partition": "2026-03-02"})
        assert not result.success
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    (body,) = bodies
    text = json.loads(body)["text"]
    assert "step `land` failed for release 2026-03-02" in text
    assert "the source answered 500" in text


def test_a_plain_webhook_elsewhere_is_refused_without_telling_its_path(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LEVERAGE_FAILURE_WEBHOOK_URL") as caught:
        load_settings(home=tmp_path, failure_webhook_url="http://hooks.example.com/T0/secret")
    assert "secret" not in str(caught.value)
