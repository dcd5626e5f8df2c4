"""A letter of a draft as it would leave: filled with a real open item where there is one, else with an example."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.analytics.collections import books, example_customers, letter_papers
from tradecredit.analytics.collections.books import Addressee
from tradecredit.core.collections import dunning, letter_grid, letter_sheet, strategy, texts
from tradecredit.core.collections.customer_books import Line, OpenItem
from tradecredit.core.kernel.money import Money
from tradecredit.core.monitoring import triggers
from tradecredit.flows import colleagues
from tradecredit.flows.watch import letter_content, thank_customers, write_letters
from tradecredit.flows.watch.watch_policy import WatchPolicy
from tradecredit.plumbing import db
from tradecredit.plumbing.access import workdays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.analytics.collections.letter_papers import TrialLetter
    from tradecredit.apps.collections.operations import NewLetter
    from tradecredit.core.collections.letter_sheet import Part
    from tradecredit.core.collections.steps import Step
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NUMBER: Final = {"zh": "（预览编号）", "en": "(preview)"}
_NOBODY: Final = UUID(int=0)
_EXAMPLE: Final = {"zh": "示例客户有限公司", "en": "Example Customer Ltd"}
_AMOUNTS: Final = ("52000.00", "30000.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """The letter with what its fields became, and on whom it was tried (None: on an invented example)."""

    trial: TrialLetter
    customer_name: str | None


def preview_letter(
    *,
    company: Company,
    document: Mapping[str, Any],
    key: str,
    parts: Sequence[Part],
    as_of: date,
    actor: Actor,
) -> Previewed:
    """Fill a letter of a policy document as it is typed; nothing is recorded.

    Raises PolicyError where the letter, or the strategy whose step it belongs to, cannot be read.
    """
    name, _, language = key.rpartition("-")
    text = letter_sheet.written(parts, language=language)
    policy = WatchPolicy(
        version_id=_NOBODY,
        strategy=strategy.parse(document["dunning"]),
        monitoring=triggers.parse(document["monitoring"]),
        letters={key: text},
    )
    step = letter_grid.step_of(policy.strategy, name)
    with db.unit_of_work(actor):
        sender = write_letters.Sender(
            company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=as_of
        )
        account = None if step is None else _account(sender, step)
        addressee = _nobody(language) if account is None else replace(account.addressee, language=language)
        if step is None:
            letter = thank_customers.compose(sender, addressee, name, number=_NUMBER[language])
            return Previewed(trial=_trial(sender, letter, ()), customer_name=None)
        lines = _invented(sender, step) if account is None else _lines(account, step, as_of)
        content = letter_content.with_interest(
            _content(sender, step, lines), company_id=company.pk, texts=policy.letters, as_of=as_of
        )
        letter = write_letters.compose(sender, addressee, content, number=_NUMBER[language])
    return Previewed(
        trial=_trial(sender, letter, lines), customer_name=None if account is None else addressee.name
    )


def _account(sender: write_letters.Sender, step: Step) -> books.Account | None:
    company_id, as_of = sender.company.pk, sender.as_of
    found = example_customers.in_step(
        company_id=company_id, as_of=as_of, from_days=step.from_days, to_days=step.to_days
    )
    if found is None:
        return None
    return books.gather(
        company_id=company_id, customer_ids=[found], as_of=as_of, strategy=sender.policy.strategy
    )[found]


def _lines(account: books.Account, step: Step, as_of: date) -> tuple[Line, ...]:
    """Return the customer's items in the step, those of one currency as in any letter, the oldest first."""
    items = sorted(
        (
            item
            for item in account.books.items
            if step.from_days <= item.days_overdue(as_of)
            and (step.to_days is None or item.days_overdue(as_of) <= step.to_days)
        ),
        key=lambda item: (item.due_date, item.document),
    )
    return tuple(
        Line(item=item, step=step, days_overdue=item.days_overdue(as_of), asked=item.open_amount)
        for item in items
        if item.open_amount.currency == items[0].open_amount.currency
    )


def _invented(sender: write_letters.Sender, step: Step) -> tuple[Line, ...]:
    due = sender.as_of - timedelta(days=step.from_days)
    items = [
        OpenItem(
            instalment_id=str(UUID(int=place)),
            document=f"INV-{1041 + place}",
            issued_date=due - timedelta(days=30),
            due_date=due,
            open_amount=Money.of(amount, sender.company.base_currency),
        )
        for place, amount in enumerate(_AMOUNTS, 1)
    ]
    return tuple(
        Line(item=item, step=step, days_overdue=step.from_days, asked=item.open_amount) for item in items
    )


def _nobody(language: str) -> Addressee:
    return Addressee(
        customer_id=_NOBODY, code="C001", name=_EXAMPLE[language], language=language, salesperson="",
        region="", team="", email="", grade=None,
    )  # fmt: skip


def _content(sender: write_letters.Sender, step: Step, lines: Sequence[Line]) -> letter_content.Content:
    calendar = workdays.calendar_of(sender.company.pk, around=sender.as_of)
    return letter_content.Content(
        step=step,
        lines=lines,
        total=dunning.total_of(lines, lines[0].asked.currency),
        pay_by_date=dunning.pay_by_date(lines[0], calendar=calendar, as_of=sender.as_of),
    )


def _trial(sender: write_letters.Sender, letter: NewLetter, lines: Sequence[Line]) -> TrialLetter:
    company, language = sender.company, letter.language
    return letter_papers.TrialLetter(
        language=language,
        sender=company.name if language == "zh" else company.name_en or company.name,
        subject=letter.subject,
        body=letter.body,
        is_sealed=letter.kind in letter_papers.SEALED_KINDS,
        items=tuple(
            (
                line.item.document,
                texts.day(line.item.due_date, language=language),
                str(max(line.days_overdue, 0)),
                texts.figures(line.asked),
            )
            for line in lines
        ),
        total=letter.total,
    )
