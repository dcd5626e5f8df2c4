"""Write the letters that dunning decided on: numbers frozen, a notice a line, one message for the outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.collections import operations, queries
from tradecredit.core.collections import letters as templates
from tradecredit.core.collections import texts
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import colleagues
from tradecredit.flows.collections import post_letters
from tradecredit.flows.watch import letter_content, missing_addresses
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.collections import letter_interest
    from tradecredit.analytics.collections.books import Account, Addressee
    from tradecredit.core.collections.customer_books import Line
    from tradecredit.core.collections.dunning import Notice
    from tradecredit.flows.watch.letter_content import Content
    from tradecredit.flows.watch.watch_policy import WatchPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

    # By customer, step and currency.
    _Earlier = Mapping[tuple[UUID, str, str], Sequence[templates.EarlierLetter]]

_BANK = {
    "zh": "合同及发票所载的{company}收款账户",
    "en": "The account of {company} named in the contract and on the invoice",
}
# Technical: letters that are sent to the server at once, while the next are composed.
_AT_ONCE: Final = 500
_NOBODY = {"zh": "信用管理部门", "en": "Credit department"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """What every letter of a company shares on one day."""

    company: Company
    policy: WatchPolicy
    staff: colleagues.Colleagues
    as_of: date


def write_letters(
    *, sender: Sender, notices: Sequence[tuple[Account, Notice]], actor: Actor
) -> Sequence[operations.NewLetter]:
    """Write one letter a notice; returns the letters in the order of the notices."""
    if not notices:
        return ()
    company, as_of = sender.company, sender.as_of
    earlier = _earlier(sender, notices)
    interest = letter_content.interest_of(
        [notice for _, notice in notices], company_id=company.pk, texts=sender.policy.letters, as_of=as_of
    )
    first = queries.count_on(company_id=company.pk, as_of=as_of) + 1
    drafts: list[operations.NewLetter] = []
    with portions.sent_ahead():
        for start in range(0, len(notices), _AT_ONCE):
            part = [
                compose(
                    sender,
                    account.addressee,
                    _content(account, notice, earlier, interest),
                    number=number_of(company, as_of, index),
                )
                for index, (account, notice) in enumerate(
                    notices[start : start + _AT_ONCE], start=first + start
                )
            ]
            _issue(sender, part)
            drafts += part
        missing_addresses.ask_for(
            company_id=company.pk, addressees=[account.addressee for account, _ in notices]
        )
    said = [_entry(account, notice, draft) for (account, notice), draft in zip(notices, drafts, strict=True)]
    log.append(company_id=company.pk, actor=actor, entries=said)
    return drafts


def _content(
    account: Account, notice: Notice, earlier: _Earlier, interest: letter_interest.Interest
) -> Content:
    return letter_content.Content(
        step=notice.step,
        lines=notice.lines,
        total=notice.total,
        pay_by_date=notice.pay_by_date,
        earlier=earlier[account.addressee.customer_id, notice.step.code, notice.currency],
        interest=interest.told(notice.lines),
        assignment=notice.assignment,
    )


def _issue(sender: Sender, drafts: Sequence[operations.NewLetter]) -> None:
    """Record letters with their notices, and let those leave that nobody has to read first."""
    ids = operations.issue(company_id=sender.company.pk, letters=drafts, as_of=sender.as_of)
    post_letters.post(
        company_id=sender.company.pk,
        letters=[(key, draft) for key, draft in zip(ids, drafts, strict=True) if not draft.is_draft],
    )


def compose(sender: Sender, addressee: Addressee, content: Content, *, number: str) -> operations.NewLetter:
    """Render a letter in the customer's language from what the ledger says."""
    language = addressee.language
    step = content.step
    fields = templates.fields(
        head=head_of(sender, addressee),
        number=number,
        stage=step.label.in_language(language),
        lines=content.lines,
        total=content.total,
        letter_date=sender.as_of,
        pay_by_date=content.pay_by_date,
        earlier=content.earlier,
        interest=content.interest,
        language=language,
    )
    letter = templates.render(
        templates.template_of(step.letter, language=language, letters=sender.policy.letters),
        fields=fields,
        language=language,
        path=f"letters.{step.letter}-{language}",
    )
    return operations.NewLetter(
        customer_id=addressee.customer_id,
        number=number,
        stage=step.code,
        kind="reminder" if step.kind == "reminder" else "letter",
        language=language,
        recipient=addressee.email,
        total=content.total,
        subject=letter.subject,
        body=letter.body,
        items=tuple(_item(line) for line in content.lines),
        # Where people decide, a dunning letter waits until somebody has read it.
        is_draft=step.kind == "stage" and sender.policy.strategy.mode == "guided",
        trial=content.assignment.trial if content.assignment else "",
        arm=content.assignment.arm if content.assignment else "",
    )


def _item(line: Line) -> operations.NewItem:
    return operations.NewItem(
        instalment_id=line.item.instalment_id,
        invoice=line.item.document,
        due_date=line.item.due_date,
        days_overdue=line.days_overdue,
        asked=line.asked,
        open_amount=line.item.open_amount,
    )


def head_of(sender: Sender, addressee: Addressee) -> templates.Letterhead:
    """Return who writes, to whom, and whom to ask."""
    language = addressee.language
    company = sender.company
    name = company.name if language == "zh" else company.name_en or company.name
    contact = sender.staff.contact_for(whose=whose(addressee))
    return templates.Letterhead(
        company_name=name,
        customer_name=addressee.name,
        bank_account=_BANK[language].format(company=name),
        contact_name=contact.name if contact else _NOBODY[language],
        contact_phone=(contact.phone if contact else "") or "-",
        contact_email=contact.email if contact else "-",
        customer_code=addressee.code,
    )


def number_of(company: Company, as_of: date, index: int) -> str:
    """Return a letter's number: company, day, count of the day."""
    return f"{company.code}-{as_of:%Y%m%d}-{index:04d}"


def whose(addressee: Addressee) -> colleagues.Whose:
    """Return what decides whose customer it is."""
    return colleagues.Whose(salesperson=addressee.salesperson, region=addressee.region, team=addressee.team)


def _earlier(sender: Sender, notices: Sequence[tuple[Account, Notice]]) -> _Earlier:
    ids = {line.item.instalment_id for _, notice in notices for line in notice.lines}
    known = queries.earlier_letters(instalment_ids=ids)
    found: dict[tuple[UUID, str, str], Sequence[templates.EarlierLetter]] = {}
    for account, notice in notices:
        spoken = {
            letter: (stage, day)
            for line in notice.lines
            for letter, stage, day in known.get(line.item.instalment_id, ())
        }
        key = (account.addressee.customer_id, notice.step.code, notice.currency)
        found[key] = [
            templates.EarlierLetter(
                label=label_of(sender.policy, stage, account.addressee.language), sent_date=day
            )
            for stage, day in spoken.values()
        ]
    return found


def label_of(policy: WatchPolicy, stage: str, language: str) -> str:
    """Return a step's name; a step that the policy of today does not know keeps its code."""
    step = policy.strategy.step(stage)
    return step.label.in_language(language) if step else stage


def _entry(account: Account, notice: Notice, draft: operations.NewLetter) -> log.NewEntry:
    amount = texts.figures(draft.total)
    items = texts.items(len(notice.lines), language="en")
    return log.NewEntry(
        stream=f"customer:{account.addressee.customer_id}",
        kind="letter.issued",
        words=Words(
            zh=f"{notice.step.label.zh}：{len(notice.lines)}笔共{amount}，函件编号 {draft.number}",
            en=f"{notice.step.label.en}: {items}, {amount}, letter {draft.number}",
        ),
        payload={"number": draft.number, "stage": notice.step.code, "total": draft.total.text()}
        | ({"trial": draft.trial, "arm": draft.arm} if draft.trial else {}),
    )
