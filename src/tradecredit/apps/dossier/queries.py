"""Read customers and what is known about them, as frozen values, within the scope in force."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from tradecredit.apps.dossier import seals
from tradecredit.apps.dossier.models import Contact, Customer, Fact, FinancialStatement
from tradecredit.core.dossier import facts, search_keys
from tradecredit.core.dossier.facts import RecordedFact
from tradecredit.core.scoring import statement_checks
from tradecredit.plumbing.access import Actor, scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

STATEMENT_ITEMS = statement_checks.ITEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRecord:
    """A customer's master data as it stands now."""

    id: UUID
    code: str
    name: str
    uscc: str
    is_uscc_valid: bool
    customer_type: str
    industry: str
    region: str
    salesperson: str
    team: str
    customer_since: date | None
    parent_id: UUID | None
    parent_code: str
    currency: str
    language: str
    email: str
    lifecycle: str
    company_ids: tuple[UUID, ...]
    source: str
    is_demo: bool
    is_merged: bool
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactRecord:
    """A person at a customer."""

    id: UUID
    name: str
    role: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecord:
    """The figures of a period; items that were not given are absent, never zero."""

    period_end: date
    currency: str
    items: Mapping[str, Decimal]
    source: str
    recorded_at: datetime
    recorded_by: str
    basis: str = ""


def customer_by_code(code: str) -> CustomerRecord | None:
    """Return the customer with the code, if the actor may see it."""
    return customers_by_code([code]).get(code)


def customers_by_code(codes: Iterable[str]) -> dict[str, CustomerRecord]:
    """Return the customers with these codes, by code; for the code of a merged record, the one it is now."""
    rows = list(Customer.objects.filter(code__in=set(codes)).select_related("parent", "merged_into__parent"))
    return {row.code: _record(row.merged_into or row) for row in rows}


def customers_by_id(ids: Iterable[UUID]) -> dict[UUID, CustomerRecord]:
    """Return the customers with these identifiers."""
    return {record.id: record for record in _records(Customer.objects.filter(pk__in=set(ids)))}


def ids_of_segment(*, region: str | None = None, salesperson: str | None = None) -> frozenset[UUID]:
    """Return the customers in scope of a region and a salesperson (None: of any)."""
    rows = Customer.objects.all()
    if region is not None:
        rows = rows.filter(region=region)
    if salesperson is not None:
        rows = rows.filter(salesperson=salesperson)
    return frozenset(rows.values_list("pk", flat=True))


def codes_out_of_sight(codes: Iterable[str]) -> frozenset[str]:
    """Return which of the codes belong to customers that the actor may not see: codes are one to the installation."""
    wanted = set(codes)
    if not wanted or scope.current().is_system:
        return frozenset()
    visible = set(Customer.objects.filter(code__in=wanted).values_list("code", flat=True))
    with scope.entered(Actor.system("codes")):
        every = set(Customer.objects.filter(code__in=wanted).values_list("code", flat=True))
    return frozenset(every - visible)


def codes_by_name(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the codes of the customers that have exactly these names; several where a name is shared."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, code in (
        Customer.objects.filter(name__in=set(names)).order_by("code").values_list("name", "code")
    ):
        found[name].append(code)
    return {name: tuple(codes) for name, codes in found.items()}


def codes_by_uscc(numbers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the codes of the customers registered under these unified social credit codes."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    wanted = {number for number in numbers if number}
    for uscc, code in Customer.objects.filter(uscc__in=wanted).order_by("code").values_list("uscc", "code"):
        found[uscc].append(code)
    return {uscc: tuple(codes) for uscc, codes in found.items()}


def search(text: str, *, limit: int = 20) -> tuple[CustomerRecord, ...]:
    """Return customers found by name, code, USCC or pinyin (whole or initials), the closest first.

    ``cqca`` finds 重庆长安; an empty text finds nobody.
    """
    wanted = search_keys.fold(text)
    if not wanted:
        return ()
    nearness = Case(
        When(code__iexact=text.strip(), then=Value(0)),
        When(uscc__iexact=wanted, then=Value(0)),
        When(name__startswith=text.strip(), then=Value(1)),
        # The reading begins a line of the search text: the name as a whole begins with what was typed.
        When(Q(search_text__startswith=wanted) | Q(search_text__contains=f"\n{wanted}"), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    found = Customer.objects.filter(search_text__contains=wanted).annotate(nearness=nearness)
    return _records(found.order_by("nearness", "name_key", "code")[:limit])


def page(*, company_id: UUID, after: str = "", limit: int = 50) -> tuple[CustomerRecord, ...]:
    """Return a company's customers in the order of their codes, those after a code."""
    rows = Customer.objects.filter(company_ids__contains=[company_id], code__gt=after)
    return _records(rows.order_by("code")[:limit])


def fact_history(
    *, customer_ids: Iterable[UUID], names: Iterable[str] | None = None
) -> dict[UUID, tuple[RecordedFact, ...]]:
    """Return every record of facts of the customers (of some names only), as they were recorded; none that was erased."""
    rows = Fact.objects.filter(customer_id__in=_visible(customer_ids))
    if names is not None:
        rows = rows.filter(name__in=set(names))
    found: defaultdict[UUID, list[RecordedFact]] = defaultdict(list)
    kept = list(rows.order_by("recorded_at", "id"))
    clear = seals.opened(row.value for row in kept)
    for row in kept:
        if not seals.is_sealed(row.value):
            found[row.customer_id].append(_fact(row, row.value))
        elif row.value in clear:
            found[row.customer_id].append(_fact(row, clear[row.value]))
    return {customer_id: tuple(records) for customer_id, records in found.items()}


def facts_in_force(
    *,
    customer_ids: Iterable[UUID],
    as_of: date,
    known_at: datetime | None = None,
    names: Iterable[str] | None = None,
) -> dict[UUID, dict[str, RecordedFact]]:
    """Return the facts of each customer (of some names only) that hold on the day, as known at the moment, by name."""
    history = fact_history(customer_ids=customer_ids, names=names)
    return {
        customer_id: facts.in_force(records, as_of=as_of, known_at=known_at)
        for customer_id, records in history.items()
    }


def statements(
    *, customer_ids: Iterable[UUID], as_of: date, known_at: datetime | None = None
) -> dict[UUID, tuple[StatementRecord, ...]]:
    """Return the latest figures of every period and basis ended by the day, as known at the moment, the newest first."""
    rows = FinancialStatement.objects.filter(customer_id__in=_visible(customer_ids), period_end__lte=as_of)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    rows = rows.order_by("customer_id", "-period_end", "basis", "-recorded_at", "-id").distinct(
        "customer_id", "period_end", "basis"
    )
    found: defaultdict[UUID, list[StatementRecord]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(_statement(row))
    return {customer_id: tuple(records) for customer_id, records in found.items()}


def contacts(
    *, customer_ids: Iterable[UUID], known_at: datetime | None = None
) -> dict[UUID, tuple[ContactRecord, ...]]:
    """Return the people at each customer, by name; as of a moment those recorded by then, as they stand now."""
    found: defaultdict[UUID, list[ContactRecord]] = defaultdict(list)
    rows = Contact.objects.filter(customer_id__in=_visible(customer_ids))
    if known_at is not None:
        rows = rows.filter(created_at__lte=known_at)
    for row in rows.order_by("name"):
        found[row.customer_id].append(
            ContactRecord(id=row.pk, name=row.name, role=row.role, phone=row.phone, email=row.email)
        )
    return {customer_id: tuple(records) for customer_id, records in found.items()}


def _visible(customer_ids: Iterable[UUID]) -> QuerySet[Customer, dict[str, Any]]:
    # Facts have no company of their own: whoever may see the customer may see what is known about it.
    return Customer.objects.filter(pk__in=set(customer_ids)).values("pk")


def _records(rows: QuerySet[Customer]) -> tuple[CustomerRecord, ...]:
    return tuple(_record(row) for row in rows.select_related("parent"))


def _record(row: Customer) -> CustomerRecord:
    same: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            *("code", "name", "uscc", "customer_type", "industry", "region", "salesperson", "team", "email"),
            *(
                "customer_since",
                "currency",
                "language",
                "lifecycle",
                "source",
                "is_demo",
                "version",
                "updated_at",
            ),
        )
    }
    return CustomerRecord(
        id=row.pk,
        is_uscc_valid=row.uscc_valid,
        parent_id=row.parent_id,
        parent_code=row.parent.code if row.parent else "",
        company_ids=tuple(row.company_ids),
        is_merged=row.merged_into_id is not None,
        **same,
    )


def _fact(row: Fact, value: str) -> RecordedFact:
    return RecordedFact(
        name=row.name,
        value=value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        evidence=row.evidence,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


def _statement(row: FinancialStatement) -> StatementRecord:
    items = {name: getattr(row, name) for name in STATEMENT_ITEMS}
    return StatementRecord(
        period_end=row.period_end,
        currency=row.currency,
        items={name: amount for name, amount in items.items() if amount is not None},
        source=row.source,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        basis=row.basis,
    )
