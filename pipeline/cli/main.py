"""The console script `leverage`.

Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 nothing to do yet (a release that is not published).
"""

from __future__ import annotations

import click

from pipeline.cli.alerts import alerts
from pipeline.cli.bi import bi
from pipeline.cli.brief import brief, mirror
from pipeline.cli.deliver import deliver
from pipeline.cli.entities import explain, review, search
from pipeline.cli.imports import import_
from pipeline.cli.runs import audit, backfill, rebuild, run
from pipeline.cli.setup import demo, doctor, sample
from pipeline.cli.weekly import diff, publish, refill

COMMANDS = (
    *(run, backfill, publish, brief, mirror, search, explain, review, diff, alerts, deliver, import_),
    *(rebuild, audit, refill, bi, sample, demo, doctor),
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="import-leverage")
def main() -> None:
    """Turn public US import records into tables that tell a buyer what the supplier already knows.

    Settings come from the environment and `.env` (prefix LEVERAGE_, see .env.example); `leverage doctor` checks them.

    Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 nothing to do yet.
    """


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
