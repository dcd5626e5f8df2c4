"""The rule bench: how each alert rule did on the company's own history, and which threshold it suggests."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.core.monitoring import rule_measures
from tradecredit.core.monitoring.rule_measures import LateItem, Raised

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.monitoring.rule_measures import MeasureRules, RuleRecord, Spell

# Days overdue that a rule might wait for, from a first warning to the edge of trouble.
CANDIDATES: Final = (1, 3, 5, 7, 10, 15, 20, 30, 45, 60)

_RAISED: Final = """
SELECT a.rule, a.customer_id::text, a.raised_on, a.is_false_alarm,
    (SELECT count(*) FROM worklist_task t WHERE t.company_id = a.company_id
        AND (t.dedupe_key LIKE 'plan:' || a.id || ':%%' OR t.dedupe_key LIKE left('alert:' || a.dedupe_key, 190) || '%%'))
FROM monitoring_alert a WHERE a.company_id = %(company)s AND a.raised_on <= %(as_of)s ORDER BY a.raised_on, a.id
"""

# Items that were late at all; whoever pays on the day was never overdue.
_LATE: Final = """
SELECT i.customer_id::text, i.due_date, CASE WHEN i.settled_amount >= i.amount THEN i.settled_on END
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
WHERE i.company_id = %(company)s AND i.due_date < %(as_of)s
    AND (i.settled_amount < i.amount OR i.settled_on > i.due_date)
"""

# Each customer's first day of trouble with the first alert before it, and what that alert said.
_FIRST: Final = """
SELECT c.code, c.name, a.id, a.rule, a.level, a.text_zh, a.text_en, a.raised_on
FROM monitoring_alert a JOIN dossier_customer c ON c.id = a.customer_id
WHERE a.company_id = %(company)s AND a.customer_id = ANY (%(customers)s::uuid[]) AND a.raised_on <= %(as_of)s
ORDER BY a.customer_id, a.raised_on, a.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The record of every rule, what the history suggests for days overdue, and since when there is history."""

    records: tuple[RuleRecord, ...]
    thresholds: tuple[RuleRecord, ...]
    suggested: RuleRecord | None
    rules: MeasureRules
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWarning:
    """A customer in trouble: its first day of it, and the first alert about the customer before that day."""

    customer_code: str
    customer_name: str
    trouble_on: date
    alert: Mapping[str, Any] | None

    @property
    def lead_days(self) -> int | None:
        """Return how many days before the trouble the alert stood; None where none did."""
        return None if self.alert is None else (self.trouble_on - self.alert["raised_on"]).days


def bench(*, company_id: UUID, as_of: date, rules: MeasureRules, codes: Iterable[str] = ()) -> Bench:
    """Return the rule bench as of the day; ``codes`` are rules that appear even though they never spoke."""
    items = late_items(company_id=company_id, as_of=as_of)
    troubles = rule_measures.spells(items, days=rules.trouble_days)
    raised: defaultdict[str, list[Raised]] = defaultdict(list)
    for code in codes:
        raised[code] = []
    for rule, customer, on, is_false, tasks in _rows(_RAISED, {"company": company_id, "as_of": as_of}):
        raised[rule].append(Raised(rule=rule, customer=customer, on=on, is_false_alarm=is_false, tasks=tasks))
    tried = rule_measures.thresholds(items, candidates=_candidates(rules), rules=rules, as_of=as_of)
    return Bench(
        records=tuple(
            rule_measures.measure(rule=code, raised=found, troubles=troubles, rules=rules, as_of=as_of)
            for code, found in raised.items()
        ),
        thresholds=tried,
        suggested=rule_measures.suggested(tried, rules=rules),
        rules=rules,
        as_of=as_of,
    )


def late_items(*, company_id: UUID, as_of: date) -> tuple[LateItem, ...]:
    """Return the items that were or are late."""
    rows = _rows(_LATE, {"company": company_id, "as_of": as_of})
    return tuple(
        LateItem(customer=customer, due_date=due, settled_on=settled) for customer, due, settled in rows
    )


def first_warnings(*, company_id: UUID, as_of: date, rules: MeasureRules) -> tuple[FirstWarning, ...]:
    """Return every customer that came into trouble, with the first alert about it before; the latest trouble first."""
    found = rule_measures.spells(late_items(company_id=company_id, as_of=as_of), days=rules.trouble_days)
    began: dict[str, Spell] = {
        customer: each[0] for customer, each in found.items() if each[0].begins <= as_of
    }
    values = {"company": company_id, "as_of": as_of, "customers": list(began)}
    names = _named(began)
    first: dict[str, dict[str, Any]] = {}
    for code, _, alert_id, rule, level, zh, en, raised_on in _rows(_FIRST, values):
        first.setdefault(
            code,
            {"id": alert_id, "rule": rule, "level": level, "zh": zh, "en": en, "raised_on": raised_on},
        )
    rows = [
        FirstWarning(
            customer_code=code,
            customer_name=name,
            trouble_on=began[customer].begins,
            alert=alert
            if (alert := first.get(code)) and alert["raised_on"] <= began[customer].begins
            else None,
        )
        for customer, (code, name) in names.items()
    ]
    return tuple(sorted(rows, key=lambda one: (one.trouble_on, one.customer_code), reverse=True))


def _named(customers: Mapping[str, Spell]) -> dict[str, tuple[str, str]]:
    rows = _rows(
        "SELECT id::text, code, name FROM dossier_customer WHERE id = ANY (%(customers)s::uuid[])",
        {"customers": list(customers)},
    )
    return {customer: (code, name) for customer, code, name in rows}


def _candidates(rules: MeasureRules) -> Sequence[int]:
    return [days for days in CANDIDATES if days < rules.trouble_days]


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
