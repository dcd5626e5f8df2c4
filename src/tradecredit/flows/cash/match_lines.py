"""Match lines of the bank: gather what the books know of payers and open items, and let the matcher decide."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.receivables import policies
from tradecredit.apps.cash_application import match_queries
from tradecredit.apps.dossier import payers
from tradecredit.apps.receivables import matching_queries
from tradecredit.core.cash_application import remittance
from tradecredit.core.cash_application.matcher import directory as directories
from tradecredit.core.cash_application.matcher import references, values
from tradecredit.core.cash_application.matcher.books import Books
from tradecredit.core.cash_application.matcher.desk import Desk
from tradecredit.core.cash_application.matcher.values import Paid
from tradecredit.flows.cash import match_odds
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.core.cash_application.matcher.directory import Directory
    from tradecredit.core.cash_application.matcher.policy import MatcherPolicy
    from tradecredit.core.cash_application.matcher.values import AdviceLine, Match, OpenItem
    from tradecredit.plumbing.access.models import Company

_NUMBERS_A_LINE_MAX: Final = 80
_TOLD_EVERY: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the matcher says of each line, and the codes of the customers it speaks of."""

    matches: Mapping[UUID, Match]
    codes: Mapping[str, str]


def look(
    *,
    company: Company,
    lines: Sequence[LineRecord],
    given: Mapping[UUID, str] | None = None,
    advice: Mapping[UUID, Sequence[AdviceLine]] | None = None,
    moved: Callable[[int, int], None] | None = None,
) -> Looked:
    """Return the matches of the lines in their order; each sees what those before it would take.

    ``given`` names the customer of a line where a person said who paid, ``advice`` what the payer listed.
    """
    if not lines:
        return Looked(matches={}, codes={})
    policy = policies.in_force(company_id=company.pk, as_of=clock.today(company)).matcher
    directory = _directory(company, lines)
    paid = {
        line.id: _paid(line, customer=(given or {}).get(line.id, ""), advice=(advice or {}).get(line.id, ()))
        for line in lines
    }
    items = _items(company, list(paid.values()), directory, policy)
    by_currency = desks(company=company, items=items, directory=directory, policy=policy)
    matches: dict[UUID, Match] = {}
    for place, line in enumerate(lines, start=1):
        matches[line.id] = by_currency[line.currency].match_next(paid[line.id])
        if moved is not None and (place % _TOLD_EVERY == 0 or place == len(lines)):
            moved(place, len(lines))
    return Looked(matches=matches, codes={key: one.code for key, one in directory.customers.items()})


def desks(
    *,
    company: Company,
    items: Mapping[str, Sequence[OpenItem]],
    directory: Directory,
    policy: MatcherPolicy,
    taken: Mapping[str, int] | None = None,
) -> Mapping[str, Desk]:
    """Return a desk for each currency, with the company's odds; ``taken`` is gone of items already, in ten-thousandths."""
    chances = match_odds.of_company(company_id=company.pk, policy=policy)
    gone = taken or {}
    found = defaultdict(lambda: Desk(books=Books(()), directory=directory, odds=chances, policy=policy))
    for currency, listed in items.items():
        left = [replace(item, open=item.open - gone.get(item.item_id, 0)) for item in listed]
        found[currency] = Desk(books=Books(left), directory=directory, odds=chances, policy=policy)
    return found


def _directory(company: Company, lines: Sequence[LineRecord]) -> Directory:
    learned = match_queries.learned(
        company_id=company.pk,
        accounts=[line.counterparty_account for line in lines],
        payers=[line.counterparty for line in lines],
    )
    return directories.of(
        payers.of_company(company_id=company.pk, as_of=clock.today(company)),
        accounts=learned.accounts,
        aliases=learned.names,
    )


def _paid(line: LineRecord, *, customer: str, advice: Sequence[AdviceLine]) -> Paid:
    return Paid(
        payment_id=str(line.id),
        currency=line.currency,
        amount=values.units(line.amount),
        paid_on=line.booking_date,
        payer_name=line.counterparty,
        payer_account=line.counterparty_account,
        text=f"{line.text} {line.end_to_end}".strip(),
        customer=customer,
        advice=tuple(advice),
    )


def _items(
    company: Company, payments: Sequence[Paid], directory: Directory, policy: MatcherPolicy
) -> dict[str, list[OpenItem]]:
    """Return, by currency, what is named by the payments and what everybody who may have paid has open."""
    compact = {number for paid in payments for number in _compact(paid)}
    written = {number for paid in payments for number in _written(paid)}
    named = matching_queries.open_items_named(company_id=company.pk, numbers=compact)
    settled = matching_queries.settled_items(company_id=company.pk, numbers=written)
    owners = {item.customer for items in (*named.values(), *settled.values()) for item in items}
    wanted = set(owners)
    for paid in payments:
        guesses = directories.guesses(paid, named=(), directory=directory, similar_name=policy.similar_name)
        wanted |= {guess.customer for guess in guesses}
    found = matching_queries.open_items(company_id=company.pk, customers=wanted)
    for currency, items in settled.items():
        found.setdefault(currency, []).extend(items)
    return found


def _compact(paid: Paid) -> tuple[str, ...]:
    return references.compact_words(paid.text)[:_NUMBERS_A_LINE_MAX] + tuple(
        references.compact(line.number) for line in paid.advice
    )


def _written(paid: Paid) -> tuple[str, ...]:
    return remittance.possible_numbers(paid.text)[:_NUMBERS_A_LINE_MAX]
