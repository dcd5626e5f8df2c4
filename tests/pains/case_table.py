"""The case table: files that a credit manager can read, and what each of their statements means in the books."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pains.case_words import WORDS
from pains.case_world import SYSTEM, World
from tradecredit.analytics.exposure import customer_levels, order_books
from tradecredit.analytics.order_checks import exposures
from tradecredit.analytics.receivables import aging, open_items
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import yaml_texts
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent / "cases"
_STAGES: Final = ("ordered", "delivered", "billed", "bill", "unapplied", "reserved")
_LACK: Final = re.compile(
    r"(?P<outcome>\w+)(?:, (?P<check>\w+)(?: of (?P<level>[\w:]+))? lacks (?P<gap>[\d.,]+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: what happens, what stands then, and what others made of it."""

    name: str
    pain: str
    happens: tuple[str, ...]
    then: Mapping[str, str]
    others: Mapping[str, str]


def every() -> tuple[Case, ...]:
    """Return the cases of all files, in order."""
    found: list[Case] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        rows = yaml_texts.read(path.read_text(encoding="utf-8"))["cases"]
        found += [
            Case(
                name=f"{path.stem}: {row['case']}",
                pain=row["pain"],
                happens=tuple(row["happens"]),
                then=row["then"],
                others=row["others"],
            )
            for row in rows
        ]
    return tuple(found)


def play(world: World, case: Case) -> None:
    """Let happen what the case tells, sentence by sentence; ``-> …`` behind one is what the house answers."""
    for line in case.happens:
        sentence, _, answer = line.partition(" -> ")
        found = _done(world, sentence)
        name = sentence.split(" ")[1] if " " in sentence else sentence
        world.answers[name] = found
        if answer or isinstance(found, UnableToError):
            assert said(found, answer), f"{line}: was {shown(found)}"


def _done(world: World, sentence: str) -> Any:
    try:
        return WORDS.do(world, sentence)
    except UnableToError as refusal:
        return refusal


def holds(world: World, subject: str, statement: str) -> bool:
    """Tell whether a statement of ``then`` (or of ``others``) is true in the books now."""
    return stands(world, subject, statement) == _wanted(statement)


def stands(world: World, subject: str, statement: str) -> dict[str, str]:
    """Return what stands about the subject, of those figures that the statement names."""
    figures = _figures(world, subject)
    wanted = _wanted(statement)
    # Stages are told whole: what the statement leaves out must be nought.
    whole = {name for name in _STAGES if name in figures} if wanted.keys() & {*_STAGES, "nothing"} else set()
    return {name: figures.get(name, "—") for name in wanted.keys() - {"nothing"} | whole} or {"nothing": ""}


def said(answer: Any, wanted: str) -> bool:
    """Tell whether the house answered so: an outcome, with what lacks, or the status of an imported row."""
    if hasattr(answer, "decision"):
        return _decided(answer, wanted)
    return shown(answer) == wanted


def shown(answer: Any) -> str:
    """Return an answer in a word or two."""
    if hasattr(answer, "decision"):
        lacking = [f"{one.code} {one.finding.gap}" for one in answer.decision.results if one.finding.gap]
        return f"{answer.decision.outcome.text} ({', '.join(lacking)})"
    if isinstance(answer, UnableToError):
        return f"refused, {answer.code}"
    status = getattr(answer, "status", None) or getattr(answer, "standing", None)
    return str(getattr(status, "value", status))


def _decided(view: Any, wanted: str) -> bool:
    found = _LACK.fullmatch(wanted)
    assert found is not None, f"no such answer: {wanted}"
    outcome = found["outcome"]
    if outcome in {"passes", "held"}:
        is_right = view.lets_through is (outcome == "passes")
    else:
        is_right = view.decision.outcome.text == outcome
    return is_right and (found["check"] is None or _lacks(view, found))


def _lacks(view: Any, found: re.Match[str]) -> bool:
    gaps = {
        one.finding.gap
        for one in view.decision.results
        if one.code == found["check"] and found["level"] in {None, one.finding.level}
    }
    return found["gap"].replace(",", "") in gaps


def _wanted(statement: str) -> dict[str, str]:
    """``billed 20,000.00, room 40,000.00`` as names and figures; ``nothing`` has none."""
    parts = [part.strip() for part in re.split(r", (?=[a-z-])", statement)]
    pairs = [part.rpartition(" ") for part in parts]
    return {name or figure: figure.replace(",", "") if name else "" for name, _, figure in pairs}


def _figures(world: World, subject: str) -> dict[str, str]:
    """Return what is known about an account, a level, an order, open items or a report."""
    words = subject.split(" ")
    with scope.entered(SYSTEM):
        if len(words) == 3 and words[1] in world.companies:
            return _account(world, *words)
        if words[0] == "open":
            return _open(world, words)
        if words[0] == "aging":
            return _aging(world, words[1])
        if words[0] == "orphans":
            found = order_books.orphans(company_id=world.companies[words[1]].pk)
            return {"number": str(len(found))}
        if subject in world.homes:
            order = world.order(subject)
            return {order.status: "", "amount": order.amount.text(), "whole": order.whole.text()}
        return _level(world, subject)


def _account(world: World, customer: str, company: str, currency: str) -> dict[str, str]:
    found = exposures.of_customer(
        customer_id=world.customers[customer].pk,
        company_id=world.companies[company].pk,
        as_of=world.day,
        extra_currency=currency,
    )
    account = next(one for one in found if one.currency == currency)
    figures = {stage: getattr(account.parts, stage) for stage in _STAGES}
    return {
        **{stage: amount.text() for stage, amount in figures.items() if not amount.is_zero},
        "room": limits.text(account.room.available),
        "exposure": account.room.exposure.text(),
        "disputed": account.parts.disputed.text(),
    }


def _level(world: World, code: str) -> dict[str, str]:
    for standing in (
        level.standing
        for company in world.companies.values()
        for level in customer_levels.of_company(company_id=company.pk, as_of=world.day)
    ):
        if standing.record.code == code:
            return {"exposure": standing.exposure.text(), "room": limits.text(standing.headroom)}
    raise AssertionError(f"the table names {code}, which is nothing here")


def _open(world: World, words: list[str]) -> dict[str, str]:
    """``open CHILD HOME [on 2026-02-15 [known then]]``: what is open and overdue on a day, as known now or then."""
    day = date.fromisoformat(words[4]) if len(words) > 3 else world.day
    rows = open_items.open_items(
        as_of=day,
        known_at=datetime(day.year, day.month, day.day, 23, tzinfo=UTC) if words[5:] else None,
        company_id=world.companies[words[2]].pk,
        customer_ids=(world.customers[words[1]].pk,),
    )
    overdue = [row for row in rows if row.due_date < day]
    figures = {"items": str(len(rows)), "overdue items": str(len(overdue))}
    for name, some in (("open", rows), ("overdue", overdue)):
        totals: dict[str, Money] = {}
        for row in some:
            so_far = totals.get(row.open.currency, Money.zero(row.open.currency))
            totals[row.open.currency] = so_far + row.open
        figures |= {f"{name} in {currency}": total.text() for currency, total in totals.items()}
    return figures


def _aging(world: World, company: str) -> dict[str, str]:
    report = aging.aging(as_of=world.day, scheme="overdue", company_id=world.companies[company].pk)
    figures: dict[str, str] = {}
    for total in report.totals:
        currency = total.aged.open.currency
        figures[f"open in {currency}"] = total.aged.open.text()
        figures[f"not due in {currency}"] = total.aged.amounts[0].text()
        buckets = [amount for amount in total.aged.amounts if not amount.is_zero]
        figures[f"buckets in {currency}"] = sum(buckets[1:], buckets[0]).text() if buckets else "0.00"
    return figures
