"""What is written into a house's own fields: of one customer for its page, of all as a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import field_forms, master_data
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts as known_facts
from tradecredit.core.dossier import own_fields
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.access import people, scope
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.core.dossier.own_fields import OwnField

_PAGE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One field with what is known of it on the day."""

    field: OwnField
    fact: RecordedFact | None

    @property
    def value(self) -> str | None:
        """Return the value as everybody may see it: what needs a consent is masked."""
        return None if self.fact is None else known_facts.masked(self.field.name, self.fact.value)

    @property
    def is_masked(self) -> bool:
        """Tell whether the value is not shown in clear."""
        return self.fact is not None and self.value != self.fact.value

    @property
    def shown(self) -> Words | None:
        """Return the value as people read it."""
        return None if self.value is None else own_fields.shown(self.field, self.value)

    @property
    def is_missing(self) -> bool:
        """Tell whether the field is required and nothing is known."""
        return self.field.is_required and self.fact is None


def of_customer(
    *, customer: CustomerRecord, company_id: UUID, as_of: date, known_at: datetime | None = None
) -> tuple[Filled, ...]:
    """Return the fields asked of the customer's type with their values on the day, as known at the moment."""
    fields = field_forms.fields_of(
        company_id=company_id, customer_type=customer.customer_type, known_at=known_at
    )
    if not fields:
        return ()
    names = [field.name for field in fields]
    facts = dossier.facts_in_force(customer_ids=[customer.id], as_of=as_of, known_at=known_at, names=names)
    known = facts.get(customer.id, {})
    return tuple(Filled(field=field, fact=known.get(field.name)) for field in fields)


def tags(filled: tuple[Filled, ...]) -> tuple[Words, ...]:
    """Return the labels of the tags of risk that are on."""
    return tuple(
        one.field.label for one in filled if one.field.is_tag and one.fact and one.fact.value == "yes"
    )


def fields_table(*, as_of: date, known_at: datetime | None, company_id: UUID | None) -> Table:
    """Return the report of own fields: a row a customer, a column a field of any form."""
    companies = [one.pk for one in people.companies_of(scope.current()) if company_id in (None, one.pk)]
    fields = own_fields.merged(
        field_forms.fields_of(company_id=company, known_at=known_at) for company in companies
    )
    return Table(
        name="customer-fields",
        title=Words(zh=f"客户自定义字段，截至 {as_of}", en=f"Own fields of customers as of {as_of}"),
        columns=(
            Column(key="customer", label=Words(zh="客户", en="Customer")),
            Column(key="customer_name", label=Words(zh="客户名称", en="Customer name")),
            Column(key="customer_type", label=Words(zh="客户类型", en="Type")),
            *(Column(key=field.name, label=field.label) for field in fields),
        ),
        rows=tuple(_rows(fields, companies, as_of=as_of, known_at=known_at)),
    )


def _rows(
    fields: tuple[OwnField, ...], companies: list[UUID], *, as_of: date, known_at: datetime | None
) -> Iterator[tuple[str, ...]]:
    names, seen = [field.name for field in fields], set[str]()
    for company_id in companies if fields else ():
        after = ""
        while page := dossier.page(company_id=company_id, after=after, limit=_PAGE):
            after = page[-1].code
            there = {one.id: one for one in page if not one.is_merged and one.code not in seen}
            seen |= {one.code for one in there.values()}
            then = master_data.as_known(there, known_at=known_at)
            facts = dossier.facts_in_force(customer_ids=then, as_of=as_of, known_at=known_at, names=names)
            yield from (_row(then[one], fields, facts[one]) for one in then if facts.get(one))


def _row(
    customer: CustomerRecord, fields: tuple[OwnField, ...], facts: Mapping[str, RecordedFact]
) -> tuple[str, ...]:
    values = (
        known_facts.masked(field.name, facts[field.name].value) if field.name in facts else ""
        for field in fields
    )
    return (customer.code, customer.name, customer.customer_type, *values)
