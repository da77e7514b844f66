"""The sensor that loads vendor exports dropped into `LEVERAGE_INBOX`, and its job."""

import hashlib
import os
import subprocess
import sys
from typing import Final

import dagster as dg

from pipeline.defs.partitions import today
from pipeline.defs.resources import notify_failure
from pipeline.ingest.exports.inbox import waiting_files
from pipeline.settings import Settings

INBOX_JOB: Final = "import_inbox"
LOOK_S: Final = 60
"""Between two looks into the inbox: whoever drops a file waits for its brief."""


def definitions(settings: Settings) -> dg.Definitions:
    """The job and its sensor, which runs by default where an inbox is set."""

    @dg.op
    def load_inbox(context: dg.OpExecutionContext) -> None:
        # a process of its own: the import starts runs itself, of days that this process does not know yet
        environment = {**os.environ, "LEVERAGE_HOME": str(settings.home), "LEVERAGE_INBOX": str(settings.inbox or "")}
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "import"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        context.log.info(done.stdout)
        if done.returncode:
            raise dg.Failure(f"the inbox was not loaded: {(done.stderr or done.stdout).strip()[-2000:]}")

    @dg.job(
        name=INBOX_JOB,
        executor_def=dg.in_process_executor,
        hooks={notify_failure},
        description="Load the vendor exports that wait in the inbox, as `leverage import` does.",
    )
    def job() -> None:
        load_inbox()

    @dg.sensor(
        name="inbox",
        job=job,
        minimum_interval_seconds=LOOK_S,
        default_status=dg.DefaultSensorStatus.RUNNING if settings.inbox else dg.DefaultSensorStatus.STOPPED,
        description="Starts an import when files wait in the inbox; the same files once a day.",
    )
    def inbox() -> dg.RunRequest | dg.SkipReason:
        if settings.inbox is None or not settings.inbox.is_dir():
            return dg.SkipReason("Set LEVERAGE_INBOX to a folder that is there.")
        waiting = waiting_files(settings.inbox)
        if not waiting:
            return dg.SkipReason("No file waits in the inbox.")
        states = [(path.name, (state := path.stat()).st_size, state.st_mtime_ns) for path in waiting]
        content = hashlib.sha256(repr(states).encode()).hexdigest()[:16]
        return dg.RunRequest(run_key=f"inbox-{content}-{today(settings)}")

    return dg.Definitions(jobs=[job], sensors=[inbox])
