"""The commands before a call to a supplier: `leverage brief`, `leverage mirror`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline.cli.command import BAD_USAGE, stop, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.reporting.document.page import Page
    from pipeline.snapshots.calendar import Week

Command = TypeVar("Command", bound=Callable[..., Any])


def as_document(command: Command) -> Command:
    """Options of both commands: the week, the evidence, the form and the file."""
    for option in (
        click.option("--json", "json_", is_flag=True, help="Print one JSON document for machines."),
        click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write."),
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "html", "json"]),
            default="text",
            show_default=True,
            help="Form.",
        ),
        click.option("--evidence", is_flag=True, help="List the bills behind each figure."),
        click.option(
            "--as-of", "week_text", metavar="WEEK", help="Published week, such as 2026-W46 [default: the newest]."
        ),
    ):
        command = option(command)
    return command


@click.command(
    epilog='Example: leverage brief --buyer "acme imports" --supplier "ningbo huaxin" --format html --out brief.html'
)
@click.option("--buyer", required=True, metavar="NAME_OR_ID", help="Your company.")
@click.option("--supplier", required=True, metavar="NAME_OR_ID", help="Whom you are about to call.")
@click.option("--rival", metavar="NAME_OR_ID", help="Another customer of theirs to compare with you.")
@as_document
@with_settings
def brief(
    settings: Settings,
    buyer: str,
    supplier: str,
    rival: str | None,
    week_text: str | None,
    evidence: bool,
    form: str,
    out: Path | None,
    json_: bool,
) -> None:
    """Show what to know before calling a supplier: who else buys there, who needs whom, what to ask.

    Names are found by any name variant; where several companies fit, they are listed and none is used. Exit code 3
    means that the week is not published yet.
    """
    from pipeline.entities.search.company import party_named
    from pipeline.entities.search.find import open_search
    from pipeline.reporting.brief.gather import gather
    from pipeline.reporting.brief.page import page_of
    from pipeline.reporting.facts.bills import SHOWN_BILLS
    from pipeline.reporting.facts.published_week import opened

    asked = ((supplier, "supplier"), (buyer, "consignee"), *(((rival, "consignee"),) if rival else ()))
    with opened(settings, _week(week_text)) as reading:
        search = open_search(settings)
        ids = [party_named(search, text, kind).entity_id for text, kind in asked]
        if len(set(ids)) < len(ids):
            stop("--rival is the buyer itself; name another customer", BAD_USAGE)
        facts = gather(reading, *ids, shown=SHOWN_BILLS if evidence else None)
    _deliver(facts, page_of(facts, has_evidence=evidence), "json" if json_ else form, out)


@click.command(epilog='Example: leverage mirror --company "acme imports"')
@click.option("--company", required=True, metavar="NAME_OR_ID", help="The company to look at: your own, as a buyer.")
@as_document
@with_settings
def mirror(
    settings: Settings, company: str, week_text: str | None, evidence: bool, form: str, out: Path | None, json_: bool
) -> None:
    """Show what a supplier's sales rep can see about a company in the same public records.

    Exit code 3 means that the week is not published yet.
    """
    from pipeline.entities.search.company import party_named
    from pipeline.entities.search.find import open_search
    from pipeline.reporting.facts.bills import SHOWN_BILLS
    from pipeline.reporting.facts.published_week import opened
    from pipeline.reporting.mirror.gather import gather_mirror
    from pipeline.reporting.mirror.page import mirror_page

    with opened(settings, _week(week_text)) as reading:
        entity_id = party_named(open_search(settings), company, "consignee").entity_id
        facts = gather_mirror(reading, entity_id, shown=SHOWN_BILLS if evidence else None)
    _deliver(facts, mirror_page(facts, has_evidence=evidence), "json" if json_ else form, out)


def _week(text: str | None) -> Week | None:
    from pipeline.snapshots.calendar import parse_week

    return parse_week(text) if text else None


def _deliver(facts: object, page: Page, form: str, out: Path | None) -> None:
    """Print the document, or write it to `out`."""
    if form == "json":
        from pipeline.reporting.figures import as_json as drawn_json

        text = drawn_json(facts)
    elif form == "html":
        from pipeline.reporting.document.html import as_html

        text = as_html(page)
    else:
        from pipeline.reporting.document.text import as_text

        text = as_text(page)
    if out is None:
        sys.stdout.write(text)
    elif not out.parent.is_dir():
        raise click.UsageError(f"the folder {out.parent} is not there; make it, or give another --out")
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"written: {out}", err=True)
