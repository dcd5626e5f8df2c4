"""Read the settings below the policy, as entries by level."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from tradecredit.apps.decisions.models import Setting
from tradecredit.apps.decisions.setting_models import SettingLevel, SettingStatus
from tradecredit.core.decisions.settings import Entry, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

_LEVELS: Final = {each.name.lower(): each for each in Level}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRecord:
    """A setting asked for or in force."""

    id: UUID
    company_id: UUID | None
    customer_id: UUID | None
    customer_code: str
    level: str
    class_name: str
    name: str
    value: str | None
    valid_from: date
    valid_to: date | None
    status: str
    reason: str
    requested_by_id: UUID
    requested_by_name: str
    decided_by_name: str
    recorded_at: datetime

    @property
    def is_of_customer(self) -> bool:
        """Tell whether it is about a single customer."""
        return self.level == SettingLevel.CUSTOMER

    @property
    def is_waiting(self) -> bool:
        """Tell whether nobody has decided it yet."""
        return self.status == SettingStatus.OPEN

    def is_to_hold(self, day: date) -> bool:
        """Tell whether it was approved and its days are not over on the day."""
        is_over = self.valid_to is not None and self.valid_to <= day
        return self.status == SettingStatus.APPROVED and not is_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A customer for whom settings are wanted: whose company, and the classes it belongs to (kind, grade)."""

    company_id: UUID
    customer_id: UUID
    classes: frozenset[str]


def entries(wanted: Iterable[Concerned], *, as_of: date) -> dict[Concerned, tuple[Entry, ...]]:
    """Return the entries in force on the day that concern each customer, with one statement."""
    asked = list(wanted)
    rows = (
        Setting.objects.filter(
            Q(company_id__isnull=True) | Q(company_id__in={one.company_id for one in asked}),
            Q(customer_id__isnull=True) | Q(customer_id__in={one.customer_id for one in asked}),
            status=SettingStatus.APPROVED,
            valid_from__lte=as_of,
        )
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=as_of))
        .select_related("customer", "company")
        .order_by("valid_from", "decided_at", "pk")
    )
    found: defaultdict[Concerned, list[Entry]] = defaultdict(list)
    for sequence, row in enumerate(rows):
        entry = _entry(row, sequence)
        for one in asked:
            if _concerns(row, one):
                found[one].append(entry)
    return {one: tuple(each) for one, each in found.items()}


def records(
    *, company_id: UUID, customer_id: UUID | None = None, only_open: bool = False
) -> tuple[SettingRecord, ...]:
    """Return the settings of a company and of the house (and of one customer), latest first."""
    rows = Setting.objects.filter(Q(company_id__isnull=True) | Q(company_id=company_id))
    if customer_id is not None:
        rows = rows.filter(Q(customer_id__isnull=True) | Q(customer_id=customer_id))
    if only_open:
        rows = rows.filter(status=SettingStatus.OPEN)
    return tuple(map(_record, rows.select_related("customer").order_by("-recorded_at", "-pk")[:500]))


def by_id(setting_id: UUID) -> SettingRecord | None:
    """Return one setting in scope."""
    row = Setting.objects.filter(pk=setting_id).select_related("customer").first()
    return None if row is None else _record(row)


def _concerns(row: Setting, one: Concerned) -> bool:
    if row.company_id is not None and row.company_id != one.company_id:
        return False
    match row.level:
        case SettingLevel.CUSTOMER:
            return row.customer_id == one.customer_id
        case SettingLevel.CLASS:
            return row.class_name in one.classes
        case _:
            return True


def _entry(row: Setting, sequence: int) -> Entry:
    places: Mapping[str, str] = {
        "customer": "" if row.customer is None else row.customer.code,
        "class": row.class_name,
        "company": "" if row.company is None else row.company.code,
    }
    return Entry(
        name=row.name,
        level=_LEVELS[row.level],
        place=places.get(row.level, ""),
        value=row.value if row.is_set else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        sequence=sequence,
    )


def _record(row: Setting) -> SettingRecord:
    return SettingRecord(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        customer_code="" if row.customer is None else row.customer.code,
        level=row.level,
        class_name=row.class_name,
        name=row.name,
        value=row.value if row.is_set else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        status=row.status,
        reason=row.reason,
        requested_by_id=row.requested_by_id,
        requested_by_name=row.requested_by_name,
        decided_by_name=row.decided_by_name,
        recorded_at=row.recorded_at,
    )
