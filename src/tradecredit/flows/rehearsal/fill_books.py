"""Fill throw-away books by the thousand: one customer goes through the real flows, the others are its copies.

The copies are made from whole rows in the database, so that a column that is new tomorrow is copied tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.core.kernel.money import Money
from tradecredit.flows.imports import import_customers, import_limits
from tradecredit.flows.imports.import_customers import CustomerRow
from tradecredit.flows.imports.import_limits import LimitRow
from tradecredit.flows.orders import check_order_credit, move_order
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CURRENCY: Final = "CNY"
SEED: Final = "MUSTER-0"
_FIRST_REFERENCE: Final = "MUSTER-ORDER"
_KINDS: Final = {
    "dossier_customer": 1,
    "exposure_creditaccount": 2,
    "limits_creditline": 3,
    "scoring_rating": 4,
}

_SLIM: Final = {
    "dossier_customer": {"search_text": "''", "name_key": "''"},
    "scoring_rating": {"result": "'{}'", "inputs": "'{}'"},
}
# What a copy has of its own, besides its identifier and its customer.
_OWN: Final = {
    "dossier_customer": {"code": "'T' || n", "name": "'示例客户' || n || '有限公司'"},
    "exposure_creditaccount": {
        "entry_count": "0",
        "latest_hash": "repeat('0', 64)",
        "ordered": "0",
        "reserved": "0",
    },
    "limits_creditline": {},
    "scoring_rating": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The rows of the customer that the others are copies of."""

    company_id: UUID
    customer_id: UUID
    account_id: UUID
    decision_id: UUID


class Owner:
    """The owner's own connection to a throw-away database: it may do what the application role may not."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def run(self, sql: str, **values: Any) -> None:
        """Run one statement and commit it."""
        self._connection.execute(sql, values)
        self._connection.commit()

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query in a transaction of its own."""
        found = self._connection.execute(sql, values).fetchall()
        self._connection.commit()
        return found

    def columns(self, table: str, *, alias: str, changed: Mapping[str, str]) -> str:
        """Return what to select for every column of a table in its order: the changed ones by their expression."""
        named = self.rows(
            "SELECT attname FROM pg_attribute WHERE attrelid = %(table)s::regclass AND attnum > 0"
            " AND NOT attisdropped ORDER BY attnum",
            table=table,
        )
        return ", ".join(changed.get(name, f'{alias}."{name}"') for (name,) in named)


def lay_pattern(*, company: Company, owner: Owner, actor: Actor, limit: str) -> Pattern:
    """Record one customer with a line, a good grade and an account through the flows, ready to be copied."""
    day = clock.today(company)
    draft = CustomerDraft(code=SEED, name="示例样本有限公司")
    import_customers.import_customers(rows=[CustomerRow(draft=draft)], company=company, actor=actor)
    line = LimitRow(
        customer_code=SEED, limit=limit, currency=CURRENCY, valid_from=day - timedelta(days=30), days=60
    )
    import_limits.import_limits(rows=[line], company=company, actor=actor)
    (customer_id,) = owner.rows("SELECT id FROM dossier_customer WHERE code = %(code)s", code=SEED)[0]
    rerate_customer.rerate_customers(
        company=company, customer_ids=[customer_id], cause="proof", actor=actor, as_of=day
    )
    owner.run("SET session_replication_role = replica")
    owner.run(_BEST_GRADE, customer=customer_id)
    owner.run("SET session_replication_role = origin")
    view = check_order_credit.check_order_credit(
        requests=[_first_order(company)],
        actor=actor,
    )[0]
    move_order.cancel_order(company=company, reference=_FIRST_REFERENCE, actor=actor)
    (account_id,) = owner.rows(
        "SELECT id FROM exposure_creditaccount WHERE customer_id = %(customer)s", customer=customer_id
    )[0]
    return Pattern(company_id=company.pk, customer_id=customer_id, account_id=account_id, decision_id=view.id)


def copy_customers(
    owner: Owner, *, pattern: Pattern, count: int, first: int = 1, is_slim: bool = False
) -> None:
    """Copy the customer with line, rating and empty account: codes ``T1``, ``T2`` … from ``first`` on.

    Slim copies are many: their ratings do not carry how they came about, and the search does not find them.
    """
    owner.run("SET session_replication_role = replica")
    for table, own in _OWN.items():
        column = "id" if table == "dossier_customer" else "customer_id"
        changed = {column: _id(1), "id": _id(_KINDS[table])} | own
        changed |= _SLIM.get(table, {}) if is_slim else {}
        owner.run(
            f"INSERT INTO {table} SELECT {owner.columns(table, alias='t', changed=changed)} FROM {table} t,"
            f" generate_series(%(first)s::int, %(last)s::int) AS n WHERE t.{column} = %(customer)s",
            first=first,
            last=first + count - 1,
            customer=pattern.customer_id,
        )
    owner.run("SET session_replication_role = origin")
    owner.run(f"ANALYZE {', '.join(_OWN)}")


def keep_first_rating(owner: Owner, *, pattern: Pattern) -> None:
    """Forget how the pattern was rated since: each of its copies gets one rating."""
    owner.run("SET session_replication_role = replica")
    owner.run(
        "DELETE FROM scoring_rating r WHERE r.customer_id = %(customer)s AND EXISTS (SELECT 1 FROM scoring_rating e"
        " WHERE e.customer_id = r.customer_id AND (e.recorded_at, e.id) < (r.recorded_at, r.id))",
        customer=pattern.customer_id,
    )
    owner.run("SET session_replication_role = origin")


def account_of(number: int) -> UUID:
    """Return the account of the copy with the number."""
    return UUID(f"00000000-0000-7000-8002-{number:012x}")


def customer_of(number: int) -> UUID:
    """Return the copy with the number."""
    return UUID(f"00000000-0000-7000-8001-{number:012x}")


def copy_decisions(owner: Owner, *, pattern: Pattern, number: int, count: int) -> None:
    """Give the copy with the number a history of so many decisions."""
    owner.run("SET session_replication_role = replica")
    owner.run(
        "INSERT INTO decisions_decision SELECT (jsonb_populate_record(t, jsonb_build_object("
        "'id', gen_random_uuid(), 'customer_id', %(customer)s::uuid, 'account_id', %(account)s::uuid,"
        " 'reference', 'OLD-' || %(customer)s || '-' || n,"
        # A long history of whole records would fill the disk; what a check looks at is the number of rows.
        " 'facts', CASE WHEN t.facts IS NOT NULL THEN '{}' END, 'verdict',"
        " CASE WHEN t.verdict IS NOT NULL THEN '{}' END,"
        " 'decided_at', t.decided_at - n * interval '1 minute'))).*"
        " FROM decisions_decision t, generate_series(1, %(count)s::int) AS n WHERE t.id = %(decision)s",
        customer=customer_of(number),
        account=account_of(number),
        decision=pattern.decision_id,
        count=count,
    )
    owner.run("SET session_replication_role = origin")
    owner.run("ANALYZE decisions_decision")


def copy_orders(owner: Owner, *, number: int, count: int, amount: str = "1.00") -> None:
    """Give the copy with the number so many open orders, each with its room kept."""
    values = {
        "account": account_of(number),
        "customer": customer_of(number),
        "count": count,
        "amount": amount,
    }
    owner.run("SET session_replication_role = replica")
    owner.run(
        "INSERT INTO orders_order SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(),"
        " 'reference', 'OPEN-' || %(customer)s || '-' || n, 'customer_id', %(customer)s::uuid,"
        " 'status', 'released', 'amount', %(amount)s::numeric))).*"
        " FROM orders_order t, generate_series(1, %(count)s::int) AS n WHERE t.reference = %(pattern)s",
        pattern=_FIRST_REFERENCE,
        **values,
    )
    owner.run(
        "INSERT INTO exposure_reservation SELECT (jsonb_populate_record(t, jsonb_build_object('id',"
        " gen_random_uuid(), 'account_id', %(account)s::uuid, 'status', 'pending', 'ended_at', null,"
        " 'amount', %(amount)s::numeric, 'reference', 'OPEN-' || %(customer)s || '-' || n))).*"
        " FROM exposure_reservation t, generate_series(1, %(count)s::int) AS n WHERE t.reference = %(pattern)s",
        pattern=_FIRST_REFERENCE,
        **values,
    )
    owner.run("SET session_replication_role = origin")
    owner.run(
        "UPDATE exposure_creditaccount SET reserved = reserved + %(count)s * %(amount)s::numeric"
        " WHERE id = %(account)s",
        account=values["account"],
        count=count,
        amount=amount,
    )
    owner.run("ANALYZE orders_order, exposure_reservation")


def post_entries(owner: Owner, *, first: int, accounts: int, pairs: int, part: int = 0) -> None:
    """Post so many pairs (invoiced 1.00, paid 1.00) to each of the copies, through the function that posts."""
    owner.run("SET session_replication_role = replica")
    owner.run(_POST, first=first, last=first + accounts - 1, pairs=pairs, part=part)
    owner.run("SET session_replication_role = origin")


def _first_order(company: Company) -> CheckRequest:
    return CheckRequest(
        company=company,
        customer_code=SEED,
        reference=_FIRST_REFERENCE,
        amount=Money.of("1.00", CURRENCY),
    )


def _id(kind: int) -> str:
    return f"('00000000-0000-7000-800{kind}-' || lpad(to_hex(n), 12, '0'))::uuid"


# With nothing known about the copies their grade would be a cautious one; proofs want orders that pass.
_BEST_GRADE: Final = """
UPDATE scoring_rating SET grade = 'A', suggested_grade = 'A', is_high_risk = FALSE,
    result = jsonb_set(result::jsonb, '{grade}', '"A"')::text
WHERE customer_id = %(customer)s
"""

_POST: Final = f"""
SELECT exposure_post(jsonb_agg(jsonb_build_object('id', gen_random_uuid(), 'account_id', {_id(2)},
    'stage', 'billed', 'amount', sign, 'obligation', 'invoice:P-' || n || '-' || %(part)s::int || '-' || pair,
    'cause', 'proof', 'cause_id', null, 'effective_date', current_date, 'recorded_at', now())
    ORDER BY n, pair, sign DESC))
FROM generate_series(%(first)s::int, %(last)s::int) AS n, generate_series(1, %(pairs)s::int) AS pair,
    (VALUES (1), (-1)) AS signs(sign)
"""
