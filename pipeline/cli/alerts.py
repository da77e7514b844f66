"""The commands that work alerts: `leverage alerts list`, `show`, `ack`, `snooze`, `resolve`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from pipeline.alerts.message import SEVERITIES, STATUSES
from pipeline.cli.command import BAD_USAGE, DONE, FAILED, NOT_YET, Answer, Day, answers, is_json, stop, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.alerts.message import AlertMessage
    from pipeline.alerts.watchlist import Watcher
    from pipeline.reporting.alerts.listing import Line

CSV_COLUMNS: Final = (
    *("alert_id", "as_of_week", "severity", "status", "snoozed_until", "alert_type", "certainty", "supplier_id"),
    *("supplier_name", "consignee_id", "consignee_name", "from_value", "to_value", "value_unit", "headline"),
)


@click.group()
def alerts() -> None:
    """List alerts, show one, and move its state (docs/alerts.md)."""


@alerts.command(name="list", epilog="Example: leverage alerts list --severity critical --watcher anna")
@click.option("--week", help="ISO week that published them, such as 2026-W46 [default: all].")
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
@answers
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
) -> Answer:
    """List alerts, the newest week first, within it the most severe.

    Exit code 3 means that no week, or not this one, is published yet.
    """
    from pipeline.entities.search.company import party_named
    from pipeline.entities.search.find import open_search
    from pipeline.reporting.alerts.listing import TO_WORK, AlertFilter, listed, published
    from pipeline.sheet import write_rows
    from pipeline.snapshots.calendar import parse_week

    if csv_ and is_json():
        raise click.UsageError("--csv and --json are two forms: give one")
    wanted = AlertFilter(
        week=parse_week(week).text if week else None,
        statuses=() if "all" in statuses else statuses or TO_WORK,
        severities=severities,
        supplier_id=party_named(open_search(settings), supplier, "supplier").entity_id if supplier else None,
        watcher=_watcher(settings, who) if who else None,
    )
    with published(settings) as connection:
        weeks = connection.execute("select as_of_week from meta_publish").fetchall()
        if wanted.week and (wanted.week,) not in weeks:
            stop(f"{wanted.week} is not published: run `leverage publish --as-of {wanted.week}`", NOT_YET)
        lines = listed(connection, wanted)
    document = [asdict(line) for line in lines]

    def show() -> None:
        if csv_:
            click.echo(write_rows(document, CSV_COLUMNS), nl=False)
        else:
            _print_lines(lines, limit)

    return Answer(document, show)


@alerts.command(epilog="Example: leverage alerts show 3fa9c2")
@click.argument("alert", metavar="ID")
@click.option("--watcher", "who", metavar="NAME", help="As one watcher receives it: with its rank and number format.")
@answers
@with_settings
def show(settings: Settings, alert: str, who: str | None) -> Answer:
    """Show all of one alert: figures, meaning, question to ask, alternative explanation, the bills behind it.

    ID is an alert's id or as much of its beginning as is unique, six digits at least.
    """
    from pipeline.alerts.states import full_id
    from pipeline.reporting.alerts.compose import AlertRequest, compose_alerts
    from pipeline.reporting.alerts.listing import published

    watcher = _watcher(settings, who) if who else None
    company = watcher.recipient.company if watcher else None
    request = AlertRequest(
        full_id(settings, alert.strip().lower()),
        company=(watcher.company_id, company) if watcher and watcher.company_id and company else None,
        number_format=watcher.recipient.number_format if watcher else "1,234.5",
    )
    with published(settings) as connection:
        found = compose_alerts(connection, [request])
    if not found:
        stop(f"the BI copy does not have {alert} yet: `leverage bi publish` brings it up to date", NOT_YET)
    return Answer(asdict(found[0]), lambda: _print_alert(found[0]))


@alerts.command(epilog="Example: leverage alerts ack 3fa9c2")
@click.argument("alert", metavar="ID")
@answers
@with_settings
def ack(settings: Settings, alert: str) -> Answer:
    """Acknowledge an alert: it is seen, and somebody works on it."""
    return _move(settings, alert, "acknowledged")


@alerts.command(epilog='Example: leverage alerts snooze 3fa9c2 --until 2026-12-20 --reason "talk is on the 18th"')
@click.argument("alert", metavar="ID")
@click.option("--until", type=Day(), required=True, help="The day on which it is reported again.")
@click.option("--reason", required=True, help="Why it is put off.")
@answers
@with_settings
def snooze(settings: Settings, alert: str, until: date, reason: str) -> Answer:
    """Put an alert off until a day; the digest of that week reports it again."""
    return _move(settings, alert, "snoozed", until=until, reason=reason)


@alerts.command(epilog='Example: leverage alerts resolve 3fa9c2 --reason "they confirmed it; new terms from January"')
@click.argument("alert", metavar="ID")
@click.option("--reason", required=True, help="How it was resolved.")
@answers
@with_settings
def resolve(settings: Settings, alert: str, reason: str) -> Answer:
    """Resolve an alert: nothing is left to do about it."""
    return _move(settings, alert, "resolved", reason=reason)


def _move(settings: Settings, start: str, status: str, until: date | None = None, reason: str | None = None) -> Answer:
    """Note a state, then bring `fct_alert` and the BI copy up to it."""
    from pipeline.alerts.states import full_id
    from pipeline.cli import console
    from pipeline.reporting.alerts.listing import SHORT_ID
    from pipeline.runs.alert_states import move_state

    alert_id = full_id(settings, start.strip().lower())
    with console.Drawn() as progress:
        report = move_state(settings, alert_id, status, until=until, reason=reason, progress=progress)

    def show() -> None:
        click.echo(f"{alert_id[:SHORT_ID]} is {status}" + (f" until {until}" if until else ""))
        console.print_faults(report.faults)

    document = {"alert_id": alert_id, "status": status, "until": until, **console.report_document(report)}
    return Answer(document, show, DONE if report.success else FAILED)


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
        click.echo("no alert matches", err=True)
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


def _print_alert(alert: AlertMessage) -> None:
    from pipeline.cli import console

    lines = [
        f"{alert.severity}: {alert.headline}",
        f"  {alert.numbers}",
        *([f"  {alert.meaning}"] if alert.meaning else []),
        *([f"  {alert.sure}"] if alert.sure else []),
        f"  ask: {alert.question}",
        f"  or it is: {alert.instead}",
        f"  {alert.alert_type} of week {alert.as_of_week}, {alert.status}, id {alert.alert_id}",
        *([f"  one of {alert.group_size} alerts of the same cause this week"] if alert.group_size > 1 else []),
        f"  the newest {len(alert.bills)} of {alert.bills_in_all} bills:",
    ]
    console.print_lines(lines)
    console.print_rows(
        ("arrival", "bill", "customer", "containers", "kg"),
        [
            (
                str(bill.arrival_date),
                bill.bill_number,
                bill.consignee_name or "(no name)",
                "" if bill.containers is None else f"{bill.containers:g}",
                "" if bill.weight_kg is None else f"{bill.weight_kg:,.0f}",
            )
            for bill in alert.bills
        ],
    )
    console.print_lines(["  all of them, in the BI copy:", *alert.query.splitlines()])
