"""Rate every customer of a company again: the scheduled scan, and the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import Customer
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.ratings import rerate_customer
from tradecredit.flows.ratings.rerate_customer import Rerating
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.ratings.rerate_customer import Assessment, RatingChange
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# Technical, not of the business: how many customers share a transaction, and so how long an event waits for their locks.
_BATCH = 100


class UnableToRateUnknownCustomerError(UnableToError):
    """There is no such customer in the company."""

    code = "customer_unknown"
    status = 404


def rerate_company(
    *,
    company: Company,
    actor: Actor,
    cause: str,
    as_of: date | None = None,
    customer_code: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Rerating:
    """Rate all customers of the company, or the one named, a batch a transaction; returns what changed.

    ``progress`` hears after each batch how many were rated in it. Raises UnableToRateUnknownCustomerError.
    """
    rated = unverified = 0
    changes: list[RatingChange] = []
    for batch in _batches(_ids(company, actor=actor, code=customer_code)):
        done = rerate_customer.rerate_customers(
            company=company, customer_ids=batch, cause=cause, actor=actor, as_of=as_of
        )
        rated += done.rated
        unverified += done.unverified
        changes += done.changes
        if progress is not None:
            progress(done.rated)
    return Rerating(rated=rated, changes=tuple(changes), unverified=unverified)


def assess_company(
    *, company: Company, actor: Actor, as_of: date | None = None, customer_code: str | None = None
) -> tuple[Assessment, ...]:
    """Return what the ratings of all customers, or the one named, are on the day; nothing is recorded.

    Raises UnableToRateUnknownCustomerError.
    """
    found = [
        assessment
        for batch in _batches(_ids(company, actor=actor, code=customer_code))
        for assessment in rerate_customer.assess_customers(
            company=company, customer_ids=batch, actor=actor, as_of=as_of
        )
    ]
    return tuple(sorted(found, key=lambda each: each.customer_code))


def count_customers(*, company: Company, actor: Actor, customer_code: str | None = None) -> int:
    """Return how many customers would be rated, for a progress bar."""
    return len(_ids(company, actor=actor, code=customer_code))


def _ids(company: Company, *, actor: Actor, code: str | None) -> Sequence[UUID]:
    with scope.entered(actor):
        rows = Customer.objects.filter(company_ids__contains=[company.pk])
        if code is not None:
            rows = rows.filter(code=code)
        found = list(rows.order_by("code").values_list("pk", flat=True))
    if code is not None and not found:
        raise UnableToRateUnknownCustomerError(
            Words(
                zh=f"没有代码为 {code} 的客户；请先导入客户或更正代码。",
                en=f"There is no customer {code}: import it first or correct the code.",
            ),
            customer=code,
        )
    return found


def _batches(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
