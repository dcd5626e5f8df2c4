"""Fill throw-away books with open items as a house with monthly terms has them: many customers, one due day a month each.

Note [Open items of a month]
Each customer has ten open items. Nine fall due on its day of the month, this month or next; with one customer in seven
the tenth is overdue, by up to 90 days, with the others it falls due in two months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.flows.rehearsal.fill_books import Owner

PORTION: Final = 20_000
ITEMS: Final = 10
_OPEN: Final = "MUSTER-OPEN"


def copy_open_items(owner: Owner, *, first: int, last: int, as_of: date, each: int = ITEMS) -> None:
    """Give the copies of the numbers so many open items each, around the day; see Note [Open items of a month]."""
    owner.run("SET session_replication_role = replica")
    for table, changed, source in (
        ("receivables_invoice", _INVOICE, _ONE_INVOICE),
        ("receivables_instalment", _INSTALMENT, _ONE_INSTALMENT),
    ):
        selected = owner.columns(table, alias="t", changed=changed)
        owner.run(
            f"INSERT INTO {table} SELECT {selected} FROM {source}",
            first=first, last=last, each=each, as_of=as_of, open=_OPEN,
        )  # fmt: skip
    owner.run("SET session_replication_role = origin")


def add_addresses(owner: Owner) -> None:
    """Give every copy an address to write to: whoever has none makes a task instead of a message."""
    owner.run("UPDATE dossier_customer SET email = code || '@example.com' WHERE code LIKE 'T%%'")


def settle(owner: Owner) -> None:
    """Let the server know what lies in the tables now."""
    owner.run("ANALYZE receivables_invoice, receivables_instalment, dossier_customer, collections_notice")


_CUSTOMER: Final = "('00000000-0000-7000-8001-' || lpad(to_hex(c), 12, '0'))::uuid"
_PAPERS: Final = "generate_series(%(first)s::int, %(last)s::int) AS c, generate_series(1, %(each)s::int) AS n"
_DUE: Final = """(%(as_of)s::date + CASE WHEN n = %(each)s::int AND c %% 7 = 0 THEN -1 - (c * 11) %% 90
    WHEN n = %(each)s::int THEN 61 + c %% 30 ELSE 1 + c %% 30 + 30 * (n %% 2) END)"""
_ID: Final = "('00000000-0000-7000-80%s-' || lpad(to_hex(c * 64 + n), 12, '0'))::uuid"

_INVOICE: Final = {
    "id": _ID % 21,
    "customer_id": _CUSTOMER,
    "number": "'D' || c || '-' || n",
    "invoice_date": f"{_DUE} - 60",
}
_ONE_INVOICE: Final = f"receivables_invoice t, {_PAPERS} WHERE t.number = %(open)s AND t.kind = 'invoice'"
_INSTALMENT: Final = {
    "id": _ID % 22,
    "invoice_id": _ID % 21,
    "customer_id": _CUSTOMER,
    "due_date": _DUE,
}
_ONE_INSTALMENT: Final = (
    f"receivables_instalment t JOIN receivables_invoice v ON v.id = t.invoice_id, {_PAPERS}"
    " WHERE v.number = %(open)s AND v.kind = 'invoice'"
)
