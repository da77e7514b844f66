"""The commands about who is who: `leverage search`, `explain`, `review`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import DONE, NOT_YET, Answer, answers, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.entities.search.explain import Explanation

of_kind = click.option("--kind", type=click.Choice(["supplier", "consignee"]), help="One kind of party only.")


@click.command(epilog='Example: leverage search "ningbo huaxin" --kind supplier')
@click.argument("text")
@of_kind
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="How many at most.")
@answers
@with_settings
def search(settings: Settings, text: str, kind: str | None, limit: int) -> Answer:
    """Find suppliers and consignees by any name variant, typing errors and all, best first.

    TEXT is a name, a part of one, or an entity id. Exit code 3 means that nothing was found.
    """
    from pipeline.cli import console
    from pipeline.entities.search.find import open_search

    hits = open_search(settings).find(text, kind, limit)

    def show() -> None:
        rows = [
            (f"{hit.score:.2f}", hit.entity_id, hit.entity_name, hit.role, f"{hit.matched_name} {hit.matched_address}")
            for hit in hits
        ]
        if hits:
            console.print_rows(("score", "entity", "name", "role", "matched"), rows)
        else:
            click.echo(f"nothing like {text!r} was seen; try fewer words, or load releases first", err=True)

    return Answer([asdict(hit) for hit in hits], show, DONE if hits else NOT_YET)


@click.command(epilog='Example: leverage explain "NINGBO HUAXIN IMP & EXP CO.,LTD" --address XUEYUAN')
@click.argument("name")
@of_kind
@click.option("--address", default="", help="Its address or a part of it, where several bear the name.")
@answers
@with_settings
def explain(settings: Settings, name: str, kind: str | None, address: str) -> Answer:
    """Explain how a name variant was decided: its entity, why, since when, with whom, and the nearest rejected ones.

    NAME is a name as bills have it (case and blanks do not count) or an entity id. Exit code 3 means that it was
    not seen.
    """
    from pipeline.entities.search.explain import explain as explained

    explanation = explained(settings, name, kind, address)
    return Answer(asdict(explanation), lambda: _print_explanation(explanation))


@click.command(epilog="Example: leverage review --limit 50 --out doubtful.csv")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many questions at most.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; standard output without.")
@with_settings
def review(settings: Settings, limit: int, out: Path | None) -> None:
    """List the doubtful decisions that move most bills, as a CSV with the columns of LEVERAGE_OVERRIDES.

    Filled in and appended to LEVERAGE_OVERRIDES, its lines apply from the next run on (docs/who-is-who.md).
    """
    from pipeline.entities.overrides.rows import write_sheet
    from pipeline.entities.search.review import review as reviewed

    found = reviewed(settings, limit)
    sheet = write_sheet(found.rows)
    if out is None:
        click.echo(sheet, nl=False)
    else:
        out.write_text(sheet, encoding="utf-8-sig", newline="")
    click.echo(f"{len(found.rows)} of {found.doubtful} doubtful decisions" + (f" in {out}" if out else ""), err=True)


def _print_explanation(found: Explanation) -> None:
    """The people's form of an explanation."""
    from pipeline.cli import console

    decision = found.decision
    name = found.entity["entity_name"] if found.entity else "no entity"
    lines = [
        f"{decision['raw_name']} | {decision['raw_address']}",
        f"is {name} ({decision['entity_id'] or decision['role']}), by {decision['method']}"
        + (f", score {decision['score']:.2f}" if decision["score"] is not None else "")
        + f", decided in {decision['er_version']}",
        f"because: {decision['reasons']}",
        *(f"people: {words}" for words in found.people),
        *(f"{change.er_version}: {change.what}" for change in found.history),
    ]
    console.print_lines(lines)
    if found.members:
        rows = [
            (item.raw_name, item.raw_address, "" if item.bills is None else str(item.bills)) for item in found.members
        ]
        console.print_rows((f"with it ({found.member_count})", "address", "bills"), rows)
    if found.rejected:
        near = [(f"{item.score:.2f}", item.raw_name, "; ".join(item.reasons)) for item in found.rejected]
        console.print_rows(("score", "near, but another", "reasons"), near)
