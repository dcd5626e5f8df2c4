"""Who would get what on a day, word for word, and who would not and why: nothing is recorded and nothing leaves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.collections import books, looked_back
from tradecredit.core.collections import dunning
from tradecredit.flows import colleagues
from tradecredit.flows.watch import letter_content, run_dunning, watch_policy, write_letters
from tradecredit.plumbing import db
from tradecredit.plumbing.access import workdays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.analytics.collections.books import Account
    from tradecredit.apps.collections.operations import NewLetter
    from tradecredit.core.collections.dunning import Notice, Skip
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_DRAFT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A letter that would be written: to whom, its exact words, and what else its step does."""

    account: Account
    notice: Notice
    letter: NewLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftAlone:
    """An item that would be left alone, of whom and why."""

    account: Account
    skip: Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a day would bring."""

    as_of: date
    planned: tuple[Planned, ...]
    left_alone: tuple[LeftAlone, ...]

    @property
    def reasons(self) -> Counter[str]:
        """Return how many items are left alone for each reason."""
        return Counter(one.skip.reason.code for one in self.left_alone)


def preview_dunning(*, company: Company, as_of: date, actor: Actor, most: int = 500) -> Preview:
    """Return what a run on the day would write, as the books stand now; at most so many letters are composed.

    Raises UnableToFindPolicyError.
    """
    with db.unit_of_work(actor):
        policy = watch_policy.in_force(company_id=company.pk, as_of=as_of)
        wanted = run_dunning.needing_a_look(company, policy, as_of)
        accounts = books.gather(
            company_id=company.pk, customer_ids=wanted, as_of=as_of, strategy=policy.strategy
        )
        calendar = workdays.calendar_of(company.pk, around=as_of)
        verdicts = {
            customer: dunning.decide(
                strategy=policy.strategy, books=account.books, calendar=calendar, as_of=as_of
            )
            for customer, account in accounts.items()
        }
        sender = write_letters.Sender(
            company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=as_of
        )
        notices = [
            (accounts[customer], notice)
            for customer, verdict in verdicts.items()
            for notice in verdict.notices
        ]
        return Preview(
            as_of=as_of,
            planned=tuple(_planned(sender, notices[:most])),
            left_alone=tuple(
                LeftAlone(account=accounts[customer], skip=skip)
                for customer, verdict in verdicts.items()
                for skip in verdict.skipped
            ),
        )


def look_back(
    *, company: Company, strategy: Strategy, as_of: date, days: int, actor: Actor
) -> Sequence[looked_back.StepCount]:
    """Return what a strategy would have said in the last days, step by step, beside what was said.

    Counted on the ledger as it was on each day: an item counts in a step from the first day on which it stood in it
    unpaid and uncontested; quiet days and the days of rest only move a letter, so they are not counted.
    """
    with db.unit_of_work(actor):
        return looked_back.of_company(
            company_id=company.pk,
            as_of=as_of,
            days=days,
            ladder=strategy.ladder,
            minimum_amounts=strategy.minimum_amounts,
        )


def _planned(sender: write_letters.Sender, notices: Sequence[tuple[Account, Notice]]) -> Sequence[Planned]:
    interest = letter_content.interest_of(
        [notice for _, notice in notices],
        company_id=sender.company.pk,
        texts=sender.policy.letters,
        as_of=sender.as_of,
    )
    return [
        Planned(
            account=account,
            notice=notice,
            letter=write_letters.compose(
                sender,
                account.addressee,
                letter_content.Content(
                    step=notice.step,
                    lines=notice.lines,
                    total=notice.total,
                    pay_by_date=notice.pay_by_date,
                    interest=interest.told(notice.lines),
                ),
                number=_DRAFT,
            ),
        )
        for account, notice in notices
    ]
