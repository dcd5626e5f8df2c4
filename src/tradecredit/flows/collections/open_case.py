"""Open a case of collection about a customer: one at a time, however many causes there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import case_operations as operations
from tradecredit.apps.collections import case_queries as queries
from tradecredit.apps.collections import locks
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def open_case(
    *, company: Company, customer_id: UUID, as_of: date, actor: Actor, cause: str, words: Words
) -> UUID:
    """Open a case and return it; a customer whose case is open gets the cause as a line in that one, once."""
    with db.unit_of_work(actor):
        locks.lock_company(company.pk)
        standing = queries.open_case_of(company_id=company.pk, customer_id=customer_id)
        if standing is None:
            new = operations.NewCase(customer_id=customer_id, cause=cause, words=words)
            (case_id,) = open_cases(company=company, cases=[new], as_of=as_of, actor=actor)
            return case_id

        operations.record(
            company_id=company.pk,
            actor=actor,
            events=[
                operations.NewEvent(
                    case_id=standing.id,
                    customer_id=customer_id,
                    kind="cause",
                    words=words,
                    channel=standing.channel,
                    day=as_of,
                    facts={"cause": cause},
                    dedupe_key=f"cause:{standing.id}:{cause}"[:200],
                )
            ],
        )
        return standing.id


def open_cases(
    *, company: Company, cases: Sequence[operations.NewCase], as_of: date, actor: Actor
) -> tuple[UUID, ...]:
    """Open cases of customers that have none, inside a flow that holds the company's lock."""
    if not cases:
        return ()
    count = queries.count_on(company_id=company.pk, as_of=as_of)
    ids = operations.open_cases(
        company_id=company.pk, cases=cases, as_of=as_of, actor=actor, first_number=count + 1
    )
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{case.customer_id}",
                kind="case.opened",
                words=case.words,
                payload={"case": str(case_id), "cause": case.cause},
            )
            for case, case_id in zip(cases, ids, strict=True)
        ],
    )
    return ids
