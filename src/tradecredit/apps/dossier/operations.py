"""Write customers and what is known about them; every function takes many and sends few statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradecredit.apps.dossier import seals
from tradecredit.apps.dossier.models import (
    Contact,
    Customer,
    Fact,
    FinancialStatement,
    Lifecycle,
    LifecycleChange,
)
from tradecredit.core.dossier import identifiers, search_keys
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.dossier.drafts import CustomerDraft

_BATCH = 2000
_SEARCHED = ("name", "code", "uscc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """What became of the drafts, by code; ``changed`` names the fields with their old and new values."""

    ids: Mapping[str, UUID]
    created: frozenset[str]
    changed: Mapping[str, Mapping[str, tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """A fact to record; the moment and the author are the call's."""

    customer_id: UUID
    name: str
    value: str
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatement:
    """A period's figures to record."""

    customer_id: UUID
    period_end: date
    currency: str
    items: Mapping[str, Decimal]
    source: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """What somebody says about a person at a customer; the name tells who it is."""

    customer_id: UUID
    name: str
    role: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(slots=True)
class _Pending:
    """Rows to write, gathered over the drafts."""

    new: list[Customer] = field(default_factory=list)
    touched: list[Customer] = field(default_factory=list)


def upsert_customers(
    *, drafts: Sequence[CustomerDraft], company_id: UUID, source: str, is_demo: bool = False
) -> Upserted:
    """Create the customers that are not there and change those that differ, each code at most once.

    A customer of another company becomes a customer of this one as well. Rows are locked until the flow ends.
    """
    db.transaction_required()
    known = {
        row.code: row
        for row in Customer.objects.select_for_update(of=("self",))
        .filter(code__in=[draft.code for draft in drafts])
        .order_by("pk")
    }
    pending = _Pending()
    changed: dict[str, Mapping[str, tuple[str, str]]] = {}
    for draft in drafts:
        row = known.get(draft.code)
        if row is None:
            known[draft.code] = _new(draft, company_id=company_id, source=source, is_demo=is_demo)
            pending.new.append(known[draft.code])
        elif differences := _change(row, draft, company_id=company_id):
            pending.touched.append(row)
            changed[draft.code] = differences
    Customer.objects.bulk_create(pending.new, batch_size=_BATCH)
    if pending.touched:
        Customer.objects.bulk_update(pending.touched, _COLUMNS, batch_size=_BATCH)
    return Upserted(
        ids={draft.code: known[draft.code].pk for draft in drafts},
        created=frozenset(row.code for row in pending.new),
        changed=changed,
    )


def _new(draft: CustomerDraft, *, company_id: UUID, source: str, is_demo: bool) -> Customer:
    moment = clock.now()
    row = Customer(code=draft.code, source=source, is_demo=is_demo, created_at=moment, updated_at=moment)
    row.company_ids = [company_id]
    _apply(row, draft)
    return row


def _change(row: Customer, draft: CustomerDraft, *, company_id: UUID) -> dict[str, tuple[str, str]]:
    differences = _apply(row, draft)
    if company_id not in row.company_ids:
        row.company_ids = [*row.company_ids, company_id]
        differences["company_ids"] = ("", str(company_id))
    if differences:
        row.version += 1
        row.updated_at = clock.now()
    return differences


def set_parents(*, parents: Mapping[UUID, UUID | None]) -> None:
    """Place customers under others; the caller has asked the rules of groups."""
    db.transaction_required()
    rows = list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=list(parents)).order_by("pk"))
    for row in rows:
        row.parent_id = parents[row.pk]
        row.version += 1
        row.updated_at = clock.now()
    Customer.objects.bulk_update(rows, ["parent_id", "version", "updated_at"], batch_size=_BATCH)


def change_lifecycle(
    *, company_id: UUID, customer_id: UUID, new: Lifecycle, changed_on: date, cause: str, recorded_by: str
) -> bool:
    """Move a customer to another stage of its life and record the transition; False when it stands there already."""
    db.transaction_required()
    row = Customer.objects.select_for_update(of=("self",)).get(pk=customer_id)
    if row.lifecycle == new.value:
        return False
    moment = clock.now()
    LifecycleChange.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        old=row.lifecycle,
        new=new.value,
        changed_on=changed_on,
        cause=cause,
        recorded_at=moment,
        recorded_by=recorded_by,
    )
    row.lifecycle = new.value
    row.version += 1
    row.updated_at = moment
    row.save(update_fields=["lifecycle", "version", "updated_at"])
    return True


def record_facts(*, facts: Iterable[NewFact], recorded_by: str) -> tuple[UUID, ...]:
    """Append facts, those that need a consent sealed; nothing recorded before is touched."""
    db.transaction_required()
    moment, facts = clock.now(), tuple(facts)
    kept = seals.seal([(fact.customer_id, fact.name, fact.value) for fact in facts])
    rows = [
        Fact(
            customer_id=fact.customer_id,
            name=fact.name,
            value=value,
            valid_from=fact.valid_from,
            valid_to=fact.valid_to,
            source=fact.source,
            evidence=fact.evidence,
            recorded_at=moment,
            recorded_by=recorded_by,
        )
        for fact, value in zip(facts, kept, strict=True)
    ]
    Fact.objects.bulk_create(rows, batch_size=_BATCH)
    return tuple(row.pk for row in rows)


def record_statements(*, statements: Iterable[NewStatement], recorded_by: str) -> tuple[UUID, ...]:
    """Append statements; a period recorded before keeps its earlier figures, the newer ones count from now on."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        FinancialStatement(
            customer_id=statement.customer_id,
            period_end=statement.period_end,
            currency=statement.currency,
            source=statement.source,
            basis=statement.basis,
            recorded_at=moment,
            recorded_by=recorded_by,
            **statement.items,
        )
        for statement in statements
    ]
    FinancialStatement.objects.bulk_create(rows, batch_size=_BATCH)
    return tuple(row.pk for row in rows)


def upsert_contacts(*, drafts: Sequence[ContactDraft]) -> tuple[str, ...]:
    """Create or change people, known by customer and name; return for each draft created, updated or unchanged."""
    db.transaction_required()
    rows = Contact.objects.select_for_update(of=("self",)).filter(
        customer_id__in=[draft.customer_id for draft in drafts]
    )
    known = {(row.customer_id, row.name): row for row in rows.order_by("pk")}
    outcomes: list[str] = []
    new: list[Contact] = []
    touched: list[Contact] = []
    for draft in drafts:
        row = known.get((draft.customer_id, draft.name))
        if row is None:
            row = Contact(customer_id=draft.customer_id, name=draft.name, created_at=clock.now())
            known[draft.customer_id, draft.name] = row
            new.append(row)
            outcomes.append("created")
            _take(row, draft, ("role", "phone", "email"))
            continue
        differs = bool(_take(row, draft, ("role", "phone", "email")))
        outcomes.append("updated" if differs else "unchanged")
        if differs:
            touched.append(row)
    Contact.objects.bulk_create(new, batch_size=_BATCH)
    if touched:
        Contact.objects.bulk_update(touched, ["role", "phone", "email"], batch_size=_BATCH)
    return tuple(outcomes)


_SPOKEN_OF = (
    "name",
    "uscc",
    "customer_type",
    "industry",
    "region",
    "salesperson",
    "team",
    "customer_since",
    "currency",
    "language",
    "email",
    "lifecycle",
)
_COLUMNS = (*_SPOKEN_OF, "uscc_valid", "company_ids", "name_key", "search_text", "version", "updated_at")


def _apply(row: Customer, draft: CustomerDraft) -> dict[str, tuple[str, str]]:
    """Take over what the draft says; return the differences, and keep what is derived from them in step."""
    differences = _take(row, draft, _SPOKEN_OF)
    if not row.search_text or any(name in differences for name in _SEARCHED):
        row.uscc_valid = bool(row.uscc) and identifiers.check_uscc(row.uscc).is_valid
        row.name_key = search_keys.sort_key(row.name)[:400]
        row.search_text = search_keys.search_text(name=row.name, code=row.code, uscc=row.uscc)
    return differences


def _take(row: Any, draft: Any, names: Iterable[str]) -> dict[str, tuple[str, str]]:
    differences: dict[str, tuple[str, str]] = {}
    for name in names:
        new, old = getattr(draft, name), getattr(row, name)
        if new is not None and new != old:
            setattr(row, name, new)
            differences[name] = ("" if old is None else str(old), str(new))
    return differences
