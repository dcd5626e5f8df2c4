"""Thank customers who have paid everything, and tell them that nothing is frozen any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import operations, queries
from tradecredit.core.collections import letters as templates
from tradecredit.core.kernel.money import Money
from tradecredit.flows import colleagues
from tradecredit.flows.collections import post_letters
from tradecredit.flows.watch import write_letters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.analytics.collections.books import Account, Addressee
    from tradecredit.flows.watch.watch_policy import WatchPolicy
    from tradecredit.plumbing.access.models import Company

STAGE = "thanks"


def thank_customers(
    *, company: Company, policy: WatchPolicy, accounts: Sequence[Account], as_of: date
) -> int:
    """Write the note of thanks to those who were dunned and owe nothing overdue; returns how many were written.

    A policy without such a letter thanks nobody.
    """
    template = policy.strategy.thanks_letter
    # Whoever was never written to (an old ledger came in, invoices first) would not know what the thanks are for.
    paid = [
        account
        for account in accounts
        if account.books.latest_letter_date is not None and not _owes_overdue(account, as_of)
    ]
    if template is None or not paid:
        return 0
    sender = write_letters.Sender(
        company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=as_of
    )
    count = queries.count_on(company_id=company.pk, as_of=as_of)
    drafts = [
        compose(sender, account.addressee, template, number=write_letters.number_of(company, as_of, index))
        for index, account in enumerate(paid, start=count + 1)
    ]
    ids = operations.issue(company_id=company.pk, letters=drafts, as_of=as_of)
    post_letters.post(company_id=company.pk, letters=zip(ids, drafts, strict=True), cause=post_letters.THANKS)
    return len(drafts)


def _owes_overdue(account: Account, as_of: date) -> bool:
    return any(item.days_overdue(as_of) > 0 and item.open_amount.is_positive for item in account.books.items)


def compose(
    sender: write_letters.Sender, addressee: Addressee, template: str, *, number: str
) -> operations.NewLetter:
    """Render a note of thanks in the customer's language: it speaks of no item and asks for nothing."""
    nothing = Money.zero(sender.company.base_currency)
    fields = templates.fields(
        head=write_letters.head_of(sender, addressee),
        number=number,
        stage="",
        lines=(),
        total=nothing,
        letter_date=sender.as_of,
        pay_by_date=sender.as_of,
        language=addressee.language,
    )
    letter = templates.render(
        templates.template_of(template, language=addressee.language, letters=sender.policy.letters),
        fields=fields,
        language=addressee.language,
        path=f"letters.{template}-{addressee.language}",
    )
    return operations.NewLetter(
        customer_id=addressee.customer_id,
        number=number,
        stage=STAGE,
        kind="thanks",
        language=addressee.language,
        recipient=addressee.email,
        total=nothing,
        subject=letter.subject,
        body=letter.body,
        items=(),
    )
