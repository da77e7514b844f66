"""The commands that work alerts: `leverage alerts list`, `show`, `ack`, `snooze`, `resolve`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Final, get_args

import click

from pipeline.alerts.message import SEVERITIES, Status
from pipeline.cli.command import BAD_USAGE, DONE, FAILED, NOT_YET, Day, as_json, stop, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.alerts.message import ToldAlert
    from pipeline.alerts.watchlist import Watcher
    from pipeline.reporting.alerts.listing import Line

STATUSES: Final = get_args(Status)
CSV_COLUMNS: Final = (
    *("alert_id", "as_of_week", "severity", "status", "snoozed_until", "alert_type", "certainty", "supplier_id"),
    *("supplier_name", "consignee_id", "consignee_name", "from_value", "to_value", "value_unit", "headline"),
)


@click.group()
def alerts() -> None:
    """List alerts, look at one, and say what became of it (docs/alerts.md)."""


@alerts.command(name="list", epilog="Example: leverage alerts list --severity critical --watcher anna")
@click.option("--week", help="ISO week that told them, such as 2026-W46 [default: all].")
@click.option(
    "--status",
    "statuses",
    type=click.Choice([*STATUSES, "all"]),
    multiple=True,
    help="State; may be given several times [default: open, acknowledged, snoozed].",
)
@click.option("--severity", "severities", type=click.Choice(SEVERITIES), multiple=True, help="Severity.")
@click.option("--supplier", metavar="NAME_OR_ID", help="One supplier's only.")
@click.option("--watcher", "who", metavar="NAME", help="Those that concern one watcher, with its own severities.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Rows of the table at most.")
@click.option("--csv", "csv_", is_flag=True, help="Print CSV for a spreadsheet, all rows.")
@as_json
@with_settings
def list_(
    settings: Settings,
    week: str | None,
    statuses: tuple[str, ...],
    severities: tuple[str, ...],
    supplier: str | None,
    who: str | None,
    limit: int,
    csv_: bool,
    json_: bool,
) -> None:
    """List alerts, the newest week first, in it the gravest.

    Exit code 3 means that no week, or not this one, is published yet.
    """
    from pipeline.cli import console
    from pipeline.entities.search.company import party_named
    from pipeline.entities.search.find import open_search
    from pipeline.reporting.alerts.listing import TO_WORK, Asked, listed, published
    from pipeline.sheet import write_rows
    from pipeline.snapshots.calendar import parse_week

    if csv_ and json_:
        raise click.UsageError("--csv and --json are two forms: give one")
    with _in_words():
        asked = Asked(
            week=parse_week(week).text if week else None,
            statuses=() if "all" in statuses else statuses or TO_WORK,
            severities=severities,
            supplier_id=party_named(open_search(settings), supplier, "supplier").entity_id if supplier else None,
            watcher=_watcher(settings, who) if who else None,
        )
        with published(settings) as connection:
            if (
                asked.week
                and not connection.execute(
                    "select count(*) from meta_publish where as_of_week = $1", [asked.week]
                ).fetchall()[0][0]
            ):
                stop(f"{asked.week} is not published: run `leverage publish --as-of {asked.week}`", NOT_YET)
            lines = listed(connection, asked)
    if json_:
        console.print_json([asdict(line) for line in lines])
    elif csv_:
        click.echo(write_rows([asdict(line) for line in lines], CSV_COLUMNS), nl=False)
    else:
        _print_lines(lines, limit)
    sys.exit(DONE)


@alerts.command(epilog="Example: leverage alerts show 3fa9c2")
@click.argument("alert", metavar="ID")
@click.option("--watcher", "who", metavar="NAME", help="As one watcher is told it: its place, its numbers.")
@as_json
@with_settings
def show(settings: Settings, alert: str, who: str | None, json_: bool) -> None:
    """Show all of one alert: figures, what it means, what to ask, what it may be instead, the bills behind it.

    ID is an alert's id or as much of its beginning as is unique, six digits at least.
    """
    from pipeline.alerts.states import full_id
    from pipeline.cli import console
    from pipeline.reporting.alerts.compose import Wish, tell
    from pipeline.reporting.alerts.listing import published

    with _in_words():
        watcher = _watcher(settings, who) if who else None
        company = watcher.recipient.company if watcher else None
        wish = Wish(
            full_id(settings, alert.strip().lower()),
            company=(watcher.company_id, company) if watcher and watcher.company_id and company else None,
            number_format=watcher.recipient.number_format if watcher else "1,234.5",
        )
        with published(settings) as connection:
            told = tell(connection, [wish])
    if not told:
        stop(f"the BI copy does not hold {alert} yet: `leverage bi publish` brings it up to date", NOT_YET)
    console.print_json(asdict(told[0])) if json_ else _print_told(told[0])
    sys.exit(DONE)


@alerts.command(epilog="Example: leverage alerts ack 3fa9c2")
@click.argument("alert", metavar="ID")
@as_json
@with_settings
def ack(settings: Settings, alert: str, json_: bool) -> None:
    """Say that an alert is seen and somebody works on it."""
    _move(settings, alert, "acknowledged", json_)


@alerts.command(epilog='Example: leverage alerts snooze 3fa9c2 --until 2026-12-20 --reason "talk is on the 18th"')
@click.argument("alert", metavar="ID")
@click.option("--until", type=Day(), required=True, help="The day on which it is told again.")
@click.option("--reason", required=True, help="Why it is put off.")
@as_json
@with_settings
def snooze(settings: Settings, alert: str, until: date, reason: str, json_: bool) -> None:
    """Put an alert off until a day; the digest of that week tells it again."""
    _move(settings, alert, "snoozed", json_, until=until, reason=reason)


@alerts.command(epilog='Example: leverage alerts resolve 3fa9c2 --reason "they confirmed it; new terms from January"')
@click.argument("alert", metavar="ID")
@click.option("--reason", required=True, help="What became of it.")
@as_json
@with_settings
def resolve(settings: Settings, alert: str, reason: str, json_: bool) -> None:
    """Say that nothing is left to do about an alert."""
    _move(settings, alert, "resolved", json_, reason=reason)


def _move(
    settings: Settings,
    start: str,
    status: str,
    json_: bool,
    until: date | None = None,
    reason: str | None = None,
) -> None:
    """Note a state, then bring `fct_alert` and the BI copy up to it."""
    from pipeline.alerts.states import full_id
    from pipeline.cli import console
    from pipeline.reporting.alerts.listing import SHORT_ID
    from pipeline.runs.alert_states import move_state

    with _in_words(), console.Drawn(quiet=json_) as progress:
        alert_id = full_id(settings, start.strip().lower())
        report = move_state(
            settings,
            alert_id,
            status,
            until=until,
            reason=reason,
            progress=progress,
        )
    if json_:
        console.print_json({"alert_id": alert_id, "status": status, "until": until, **console.report_as_json(report)})
    else:
        until_text = f" until {until}" if until else ""
        click.echo(f"{alert_id[:SHORT_ID]} is {status}{until_text}")
        for fault in report.faults:
            console.err.print(f"failed: {fault}", style="red", markup=False)
    sys.exit(DONE if report.success else FAILED)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn what can go wrong into a message and an exit code."""
    from pipeline.alerts.states import StateError
    from pipeline.alerts.watchlist import WatchlistError
    from pipeline.entities.registry import RegistryError
    from pipeline.entities.search.company import NotOneError
    from pipeline.reporting.alerts.listing import NoAlertsError
    from pipeline.snapshots.calendar import WeekError
    from pipeline.warehouse.dbt_runner import DbtError

    try:
        yield
    except NoAlertsError as error:
        stop(str(error), NOT_YET)
    except (NotOneError, WeekError, WatchlistError, StateError) as error:
        stop(str(error), BAD_USAGE)
    except (RegistryError, DbtError) as error:
        stop(str(error), FAILED)


def _watcher(settings: Settings, who: str) -> Watcher:
    from pipeline.alerts.watchlist import load_watchlist

    watchers = {item.recipient.watcher.casefold(): item for item in load_watchlist(settings).watchers}
    if who.casefold() not in watchers:
        known = ", ".join(item.recipient.watcher for item in watchers.values())
        stop(f"the watchlist has no watcher {who!r}; it has {known or 'none'}", BAD_USAGE)
    return watchers[who.casefold()]


def _print_lines(lines: list[Line], limit: int) -> None:
    from pipeline.cli import console
    from pipeline.reporting.alerts.listing import SHORT_ID

    if not lines:
        click.echo("no alert is like that", err=True)
        return
    console.print_rows(
        ("alert", "week", "severity", "status", "what"),
        [
            (
                line.alert_id[:SHORT_ID],
                line.as_of_week,
                line.severity,
                f"{line.status} until {line.snoozed_until}" if line.status == "snoozed" else line.status,
                line.headline + ("" if line.certainty != "watch" else " (to be watched: not sure yet)"),
            )
            for line in lines[:limit]
        ],
    )
    if len(lines) > limit:
        click.echo(f"and {len(lines) - limit} more: --limit shows them, --csv and --json all", err=True)


def _print_told(told: ToldAlert) -> None:
    from pipeline.cli import console

    lines = [
        f"{told.severity}: {told.headline}",
        f"  {told.numbers}",
        *([f"  {told.meaning}"] if told.meaning else []),
        f"  ask: {told.question}",
        f"  or it is: {told.instead}",
        f"  {told.alert_type} of week {told.as_of_week}, {told.status}, id {told.alert_id}",
        *([f"  one of {told.group_size} alerts of the same cause this week"] if told.group_size > 1 else []),
        f"  the newest {len(told.bills)} of {told.bills_in_all} bills:",
    ]
    console.print_lines(lines)
    console.print_rows(
        ("arrival", "bill", "customer", "boxes", "kg"),
        [
            (
                str(bill.arrival_date),
                bill.bill_number,
                bill.consignee_name or "(no name)",
                "" if bill.containers is None else f"{bill.containers:g}",
                "" if bill.weight_kg is None else f"{bill.weight_kg:,.0f}",
            )
            for bill in told.bills
        ],
    )
    console.print_lines(["  all of them, in the BI copy:", *told.query.splitlines()])
