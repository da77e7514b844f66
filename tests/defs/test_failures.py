import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest
from pydantic import SecretStr

from pipeline.defs.automation import RETRIES
from pipeline.defs.resources import FailureNotifier, notify_failure, run_scope, step_failure
from pipeline.errors import PipelineError
from pipeline.settings import SettingsError, load_settings
from pipeline.warehouse.connection import WarehouseBusyError


def _run(job: str = "nightly", config: dict[str, str] | None = None, **tags: str) -> dg.DagsterRun:
    run_config = {"ops": {"land": {"config": config}}} if config else {}
    return dg.DagsterRun(job_name=job, run_config=run_config, tags={f"dagster/{key}": tag for key, tag in tags.items()})


def test_a_run_is_described_by_its_day_range_or_week() -> None:
    assert run_scope(_run(partition="2026-03-02")) == "release 2026-03-02"
    assert run_scope(_run("weekly", partition="2026-03-02")) == "week 2026-W10"
    days = {"first_day": "2026-03-02", "last_day": "2026-03-04"}
    assert run_scope(_run(config=days)) == "releases 2026-03-02 to 2026-03-04"
    assert run_scope(_run("rebuild")) == run_scope(None) == "the whole warehouse"


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[bytes]]]:
    bodies: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", bodies
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_failed_step_is_posted_to_the_webhook(webhook: tuple[str, list[bytes]]) -> None:
    url, bodies = webhook

    @dg.op
    def land() -> None:
        raise ValueError("the source answered 500")

    @dg.job(hooks={notify_failure}, resource_defs={"notifier": FailureNotifier(SecretStr(url))})
    def nightly() -> None:
        land()

    assert not nightly.execute_in_process(raise_on_error=False, tags={"dagster/partition": "2026-03-02"}).success
    (body,) = bodies
    text = json.loads(body)["text"]
    assert "step `land` failed for release 2026-03-02" in text
    assert "the source answered 500" in text


def test_an_unreachable_webhook_does_not_hide_the_failure() -> None:
    assert FailureNotifier(SecretStr("http://127.0.0.1:9/hook")).notify("failed") == "ConnectionError"
    assert FailureNotifier(None).notify("failed") is None


def test_only_a_warehouse_in_use_is_retried() -> None:
    with pytest.raises(dg.Failure, match=r"broken\. Fix it\.") as final, step_failure("Fix it."):
        raise PipelineError("broken")
    assert not final.value.allow_retries
    with pytest.raises(dg.Failure) as passing, step_failure():
        raise WarehouseBusyError("in use")
    assert passing.value.allow_retries
    assert RETRIES.max_retries > 0


def test_a_plain_webhook_elsewhere_is_refused_without_its_path_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LEVERAGE_FAILURE_WEBHOOK_URL") as caught:
        load_settings(home=tmp_path, failure_webhook_url="http://hooks.example.com/T0/secret")
    assert "secret" not in str(caught.value)
