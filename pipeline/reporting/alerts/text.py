"""An alert below its headline: its numbers, what it means for the watcher, what to ask, what else may explain it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.alerts.message import Standing
from pipeline.formatting import NumberFormat
from pipeline.reporting.alerts.certainty import CERTAINTY, OF_VOLUME
from pipeline.reporting.alerts.headline import Cast, Row, direction, tier_direction

ARROW: Final = "\N{RIGHTWARDS ARROW}"
VOLUME: Final = "of its volume in 52 weeks"
NAMES: Final[Mapping[str, str]] = {
    "customer_lost": "customer lost",
    "customer_won": "customer won",
    "mix_shifted": "customer mix shifted",
    "went_dark": "name no longer shown",
    "resurfaced": "name shown again",
    "tier_crossed": "tier crossed",
    "concentration_crossed": "concentration crossed",
    "alternatives_gone": "alternatives gone",
    "slack_opened": "room opened",
    "retracted": "taken back",
}
"""Types for people."""
IMPLIED: Final[Mapping[str, str]] = {
    "customer_lost": "They have volume to replace: a good moment to ask for better terms.",
    "customer_won": "Their capacity has one more taker: make sure of yours before it is promised elsewhere.",
    "mix_shifted": "Their customers weigh differently now: see whose volume they would miss most.",
    "went_dark": "It may well buy on without its name: do not count on room there.",
    "resurfaced": "It was probably there all along: nothing has changed for your place.",
    "concentration_up": "They lean on fewer customers: those matter more to them, the others less.",
    "concentration_down": "Their volume is spread over more customers: each of them matters less to them.",
    "alternatives_gone": "No second source is in sight any more: build one before you need it.",
    "slack_opened": "They have room to fill: a good moment to ask for better terms against volume.",
}
OWN_TIER: Final[Mapping[str, str]] = {
    "up": "You weigh more with them: ask for the terms that go with it.",
    "down": "You weigh less with them: expect to be asked for volume.",
}
OWN_TIER_QUESTION: Final[Mapping[str, str]] = {
    "up": "We take more of what you ship than before. Which terms go with that?",
    "down": "We take less of what you ship than before. What would it take to keep our terms?",
}
QUESTIONS: Final[Mapping[str, str | Mapping[str, str]]] = {
    "customer_lost": "A large customer of yours ships no more under its name. Who takes that capacity, and what "
    "would it earn us to fill a part of it?",
    "went_dark": "Do you ship as much as before to the customer whose name the records no longer show?",
    "customer_won": "You have a new customer of weight. What does it mean for our slots and lead times?",
    "resurfaced": "A customer shows under its name again. Was it with you all along, and on what terms?",
    "mix_shifted": {
        "up": "One of your customers takes far more of your volume than it did. What does that leave for us?",
        "down": "One of your customers takes far less of your volume than it did. What would it take for us to "
        "fill a part of it?",
    },
    "tier_crossed": {
        "up": "What earned that customer its place, and what would earn us the next one?",
        "down": "What became of that customer's volume, and who gets its place in your plan?",
    },
    "concentration_crossed": {
        "up": "You depend on fewer customers than you did. How do you make sure of the rest of us?",
        "down": "Your volume is spread wider than it was. What would a customer that grows be worth to you?",
    },
    "alternatives_gone": "For you, not for the supplier: who could deliver this instead? Build a second source "
    "before the next talk.",
    "slack_opened": "You ship well under your best. What would filling that be worth to you?",
    "retracted": "Nothing to ask: what we reported does not hold any more. Did anybody act on it?",
}
"""What to ask the supplier, by type and, where it matters, by whether the figure rose or fell."""
EXPLANATIONS: Final[Mapping[str, str]] = {
    "nothing": "nothing else is seen",
    "renamed": "a new customer took its place in the same weeks with the same volume: perhaps a new name or owner",
    "went_dark": "unnamed bills rose as much as the customer's fell: it may ship on without its name",
    "resurfaced": "unnamed bills fell as much: the customer may have been there all along",
    "season": "the same weeks of the year before showed the same move: it may be the season",
    "short_record": "a season: the records are too short to show the same weeks of the year before",
    "pause": "a pause: some silences of this length have ended with the customer's return",
    "noise": "chance: moves of this size happen without a cause in some weeks",
    "likeness": "a source that ships the goods under other words: others are found by product and cargo text",
    "late_data": "records that came later, or were corrected, do not show it any more",
}
"""What else may explain an alert, by code."""
OTHER_TIER: Final[Mapping[str, str]] = {
    "up": "It weighs more with them than before, and so you less beside it.",
    "down": "It weighs less with them than before: there may be room for you.",
}


def numbers_line(row: Row, numbers: NumberFormat) -> str:
    """From -> to with the effect and its interval, p, q and coverage, in one line."""
    parts = [_from_to(row, numbers)]
    if row["value_unit"] == "share" and row["effect"] is not None:
        effect = f"{numbers.points(row['effect'])} points"
        if row["effect_low"] is not None and row["effect_high"] is not None:
            effect += f" (90% interval {numbers.points(row['effect_low'])} to {numbers.points(row['effect_high'])})"
        parts.append(effect)
    for name in ("p", "q"):
        if row[f"{name}_value"] is not None:
            parts.append(f"{name} {numbers.probability(row[f'{name}_value'])}")
    parts.append(CERTAINTY.get(row["certainty"], row["certainty"]))
    if row["coverage"] is not None:
        parts.append(f"{numbers.share(row['coverage'])} of it under a customer's name")
    return "; ".join(parts)


def change(row: Row, numbers: NumberFormat) -> str:
    """From -> to as a cell of a table; of a tier with both tiers."""
    if row["alert_type"] != "tier_crossed":
        return _from_to(row, numbers).removesuffix(f" {VOLUME}")
    before, _, after = row["threshold"].partition(">")
    span = f"{numbers.share(row['from_value'])} {ARROW} {numbers.share(row['to_value'])}"
    return f"tier {before} {ARROW} {after}, {span}"


def meaning(row: Row, cast: Cast, standing: Standing | None, numbers: NumberFormat) -> str | None:
    """What it means for the watcher, one or two sentences; None where the watcher is no customer."""
    if standing is None:
        return None
    if row["alert_type"] == "retracted":
        return f"Nothing follows from the earlier alert. {place(standing, numbers)}"
    return f"{_implied(row, cast)} {place(standing, numbers)}"


def place(standing: Standing, numbers: NumberFormat) -> str:
    """The watcher's place with the supplier now, and what of it moved."""
    before, after = standing.share_before, standing.share_after
    if after is None:
        return f"You took {numbers.share(before or 0)} of its volume in {standing.week_before} and do not show now."
    now = f"You are {_rank(standing.rank_after)} with {numbers.share(after)} of its volume"
    if standing.week_before == standing.week_after:
        return f"{now}."
    moved = []
    if before is None:
        moved.append("no customer")
    elif numbers.share(before) != numbers.share(after):
        moved.append(numbers.share(before))
    if None not in (standing.rank_before, standing.rank_after) and standing.rank_before != standing.rank_after:
        moved.append(f"no. {standing.rank_before}")
    return f"{now} ({', '.join(moved)} in week {standing.week_before})." if moved else f"{now}, as before."


def question_of(row: Row, cast: Cast) -> str:
    """What to ask the supplier; where the alert is about the asker's own tier, another question."""
    if cast.is_own and row["alert_type"] == "tier_crossed":
        return OWN_TIER_QUESTION[tier_direction(row)]
    question = QUESTIONS[row["alert_type"]]
    return question if isinstance(question, str) else question[direction(row)]


def explanation_of(row: Row) -> str:
    """What else may explain an alert, one sentence."""
    text = EXPLANATIONS[row["alternative_explanation_code"]]
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def fill_texts(connection: duckdb.DuckDBPyConnection, alerts: str, target: str) -> None:
    """Create the temporary table `target`: all rows of `alerts`, question and alternative explanation filled.

    Args:
        connection: an engine with the table.
        alerts: `fct_alert` or its history, as SQL.
        target: name of the table.
    """
    questions = [
        {"alert_type": kind, "way": way, "question": text}
        for kind, texts in QUESTIONS.items()
        for way, text in (dict.fromkeys(("up", "down"), texts) if isinstance(texts, str) else texts).items()
    ]
    explanations = [{"code": code, "explanation": text} for code, text in EXPLANATIONS.items()]
    connection.register("alert_question", pa.Table.from_pylist(questions))
    connection.register("alert_explanation", pa.Table.from_pylist(explanations))
    connection.execute(
        f"create or replace temp table {target} as select alert.* replace ("
        "alert_question.question as question, alert_explanation.explanation as alternative_explanation) "
        f"from {alerts} as alert "
        "left join alert_question on alert.alert_type = alert_question.alert_type and alert_question.way = "
        "case when coalesce(alert.to_value, 0) < coalesce(alert.from_value, 0) then 'down' else 'up' end "
        "left join alert_explanation on alert.alternative_explanation_code = alert_explanation.code"
    )
    connection.unregister("alert_question")
    connection.unregister("alert_explanation")


def _from_to(row: Row, numbers: NumberFormat) -> str:
    before, after = row["from_value"], row["to_value"]
    if before is None or after is None:
        return "no figures"
    unit = row["value_unit"]
    if unit == "alternatives":
        return f"{numbers.number(before)} {ARROW} {numbers.counted(after, 'other supplier')}"
    if unit == "hhi":
        return f"HHI {numbers.decimal(before)} {ARROW} {numbers.decimal(after)}"
    of = "of its best 13 weeks" if unit == "part_of_best" else "of its bills"
    if row["alert_type"] in OF_VOLUME:
        of = VOLUME
    return f"{numbers.share(before)} {ARROW} {numbers.share(after)} {of}"


def _implied(row: Row, cast: Cast) -> str:
    kind = row["alert_type"]
    if kind == "tier_crossed":
        return (OWN_TIER if cast.is_own else OTHER_TIER)[tier_direction(row)]
    if cast.is_own and kind != "alternatives_gone":
        return "That is your own company: it is what their sales people can read of you."
    if kind == "concentration_crossed":
        return IMPLIED[f"concentration_{direction(row)}"]
    return IMPLIED[kind]


def _rank(rank: int | None) -> str:
    return "a customer" if rank is None else "the largest customer" if rank == 1 else f"customer no. {rank}"
