"""Look through a company's customers for records that may be one, and keep the pairs to be decided on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.analytics.dossier import policy_section
from tradecredit.apps.dossier import merges
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier.likeness import pairs
from tradecredit.core.dossier.likeness.pairs import Party
from tradecredit.core.kernel.policy_document import Node
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_PAGE = 2000
_FACTS = ("former_names", "registered_phone", "registered_address", "legal_representative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How many customers were looked at, how many pairs look alike, and how many of these are new."""

    customers: int
    pairs: int
    new: int


def find_duplicates(*, company: Company, actor: Actor) -> Looked:
    """Compare the company's customers and keep the pairs from the policy's ``duplicates.look_at`` on."""
    day = clock.today(company)
    section = policy_section.section(company_id=company.pk, as_of=day)
    least = Node(section, "dossier").child("duplicates").child("look_at").count(least=1)
    with scope.entered(actor):
        parties = {
            party.id: (customer_id, party) for customer_id, party in _parties(company=company, day=day)
        }
    found = pairs.find([party for _, party in parties.values()], least=least)
    with db.unit_of_work(actor):
        new = merges.keep_pairs(
            company_id=company.pk,
            found=[
                (
                    parties[pair.one][0],
                    parties[pair.other][0],
                    Decimal(pair.points).scaleb(-2),
                    pair.evidence,
                )
                for pair in found
            ],
        )
    return Looked(customers=len(parties), pairs=len(found), new=new)


def _parties(*, company: Company, day: date) -> Iterator[tuple[UUID, Party]]:
    after = ""
    while page := dossier.page(company_id=company.pk, after=after, limit=_PAGE):
        after = page[-1].code
        alone = [customer for customer in page if not customer.is_merged]
        ids = [customer.id for customer in alone]
        facts = dossier.facts_in_force(customer_ids=ids, as_of=day)
        people = dossier.contacts(customer_ids=ids)
        for customer in alone:
            known: defaultdict[str, str] = defaultdict(str)
            known |= {name: fact.value for name, fact in facts.get(customer.id, {}).items() if name in _FACTS}
            persons = people.get(customer.id, ())
            yield customer.id, _party(customer, known, persons)


def _party(
    customer: CustomerRecord, known: dict[str, str], persons: tuple[dossier.ContactRecord, ...]
) -> Party:
    return Party(
        id=customer.code,
        name=customer.name,
        uscc=customer.uscc,
        former_names=tuple(name for name in known["former_names"].split(";") if name),
        phones=(known["registered_phone"], *(person.phone for person in persons)),
        emails=(customer.email, *(person.email for person in persons)),
        people=(known["legal_representative"], *(person.name for person in persons)),
        address=known["registered_address"],
    )
