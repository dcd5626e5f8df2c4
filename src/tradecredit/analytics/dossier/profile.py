"""One customer seen whole, as of a day and as known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.dossier import known
from tradecredit.analytics.receivables import aging, behaviour
from tradecredit.apps.dossier import master_data
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.dossier import groups

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.analytics.receivables.aging import AgedGroup
    from tradecredit.apps.dossier.queries import ContactRecord, CustomerRecord, StatementRecord
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.dossier.completeness import Completeness
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.core.limits.validity import Effective
    from tradecredit.core.receivables.payment_behaviour import Behaviour


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What every room knows about one customer; currencies stand side by side and are never added."""

    customer: CustomerRecord
    group: tuple[str, ...]
    facts: Mapping[str, RecordedFact]
    statements: tuple[StatementRecord, ...]
    contacts: tuple[ContactRecord, ...]
    completeness: Completeness
    aged: tuple[AgedGroup, ...]
    behaviour: tuple[Behaviour, ...]
    rating: RatingRecord | None
    limits: Mapping[str, Effective]


def profile(*, code: str, company_id: UUID, as_of: date, known_at: datetime | None = None) -> Profile | None:
    """Return the customer's profile in a company's books; None when there is none in the scope in force.

    Master data is as it was known at the moment (it has no days of validity); the rest is of the day as well.
    """
    customer = dossier.customer_by_code(code)
    if customer is None or company_id not in customer.company_ids:
        return None
    ids = (customer.id,)
    customer = master_data.as_known({customer.id: customer}, known_at=known_at).get(customer.id)
    if customer is None:
        return None
    facts = dossier.facts_in_force(customer_ids=ids, as_of=as_of, known_at=known_at)
    statements = dossier.statements(customer_ids=ids, as_of=as_of, known_at=known_at)
    in_force = limits.effective(company_id=company_id, customer_ids=ids, as_of=as_of, known_at=known_at)
    ratings = scoring.latest(company_id=company_id, customer_ids=ids, as_of=as_of, known_at=known_at)
    return Profile(
        customer=customer,
        group=groups.chain(customer=customer.code, parents=master_data.parents(known_at=known_at)),
        facts=facts.get(customer.id, {}),
        statements=statements.get(customer.id, ()),
        contacts=dossier.contacts(customer_ids=ids, known_at=known_at).get(customer.id, ()),
        completeness=known.completeness_of(
            customers={customer.id: customer}, company_id=company_id, as_of=as_of, known_at=known_at
        )[customer.id],
        aged=aging.aging(as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=ids).groups,
        behaviour=tuple(
            each.behaviour
            for each in behaviour.behaviour(
                as_of=as_of, known_at=known_at, company_id=company_id, customer_ids=ids
            )
        ),
        rating=ratings.get(customer.id),
        limits={currency: line for (_, currency), line in in_force.items()},
    )
