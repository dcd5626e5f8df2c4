"""Fill a Tryton database with a company, its customers, invoices and payments.

Run by a Python that has trytond, which is not ours: ``python tryton_books.py CONFIG DATABASE CUSTOMERS INVOICES SEED``.
Everything that stands in a proof is invented here, by the seed. It prints what it made as one JSON document.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_DAY: Final = date(2026, 1, 1)
_DAYS: Final = 240
# So many are posted by the server itself; the rest are copies of their rows, with parties and numbers of their own.
_PATTERN: Final = 50
_PAID_PERCENT: Final = 70
_CREDIT_EVERY: Final = 25
_OFFSET: Final = 1_000_000
# Table → the columns that point to a copied row, those that name one, and those that must be unlike the pattern's.
_COPIED: Final = {
    "account_move": ((), ("origin",), ("number",)),
    "account_move_reconciliation": ((), (), ("number",)),
    "account_move_line": (("move", "reconciliation"), ("origin",), ()),
    "account_invoice": (("move",), (), ("number",)),
    "account_invoice_line": (("invoice",), (), ()),
    "account_invoice-account_move_line": (("invoice", "line"), (), ()),
}


class Books:
    """The books of one invented company in one database, inside one transaction at a time."""

    def __init__(self, pool: Any, user_id: int, dice: random.Random) -> None:
        self._pool = pool
        self.user_id = user_id
        self._dice = dice
        self.totals: dict[str, Decimal] = {
            "invoices": Decimal(0),
            "credit-notes": Decimal(0),
            "payments": Decimal(0),
        }
        self.counts = {"customers": 0, "invoices": 0, "credit-notes": 0, "payments": 0}

    def model(self, name: str, **more: Any) -> Any:
        """Return a class of the server's pool."""
        return self._pool.get(name, **more)

    def remembered(self) -> tuple[Any, ...]:
        """Return what a step changes here, so that a step that begins again counts once."""
        return self._dice.getstate(), dict(self.counts), dict(self.totals)

    def recall(self, before: tuple[Any, ...]) -> None:
        """Go back to what was remembered."""
        state, self.counts, self.totals = before
        self._dice.setstate(state)

    def found(self, name: str) -> Any:
        """Return the only company, or None."""
        return next(iter(self.model(name).search([], limit=1)), None)

    def lay_ground(self) -> None:
        """Make the company with its currency, chart of accounts, year and sequences."""
        currency = self.model("currency.currency")(
            name="CNY", symbol="¥", code="CNY", numeric_code="156", digits=2
        )
        currency.rounding = Decimal("0.01")
        currency.save()
        party = self.model("party.party")(name="示例机电(Tryton)")
        party.save()
        company = self.model("company.company")(party=party, currency=currency)
        company.save()
        user = self.model("res.user")(self.user_id)
        self.model("res.user").write([user], {"companies": [("add", [company.id])], "company": company.id})

    def lay_accounts(self) -> None:
        """Make the chart of accounts from the server's own template, then the year."""
        company = self.found("company.company")
        data = self.model("ir.model.data")
        template = self.model("account.account.template")(data.get_id("account", "account_template_root_en"))
        wizard = self.model("account.create_chart", type="wizard")
        session, _, _ = wizard.create()
        chart = wizard(session)
        chart.account.account_template = template
        chart.account.company = company
        chart.transition_create_account()
        state = chart.states["properties"]
        names = list(chart.properties._fields)
        for name, value in state.get_defaults(chart, "properties", names).items():
            if name in names:
                setattr(chart.properties, name, value)
        account = self.model("account.account")
        for name, kind in (("account_receivable", "receivable"), ("account_payable", "payable")):
            wanted = [
                (f"type.{kind}", "=", True),
                ("party_required", "=", True),
                ("company", "=", company.id),
            ]
            (found,) = account.search(wanted, limit=1)
            setattr(chart.properties, name, found)
        chart.transition_create_properties()
        self._year(company)

    def _year(self, company: Any) -> None:
        kinds = {
            name: self.model("ir.sequence.type").search([("name", "=", name)], limit=1)[0]
            for name in ("Account Move", "Invoice")
        }
        strict = self.model("ir.sequence.strict")
        moves, invoices = strict.create(
            [{"name": name, "sequence_type": kind.id, "company": company.id} for name, kind in kinds.items()]
        )
        strict.write([invoices], {"prefix": "TR-"})
        sequences = self.model("account.fiscalyear.invoice_sequence")()
        for name in ("in_invoice", "in_credit_note", "out_invoice", "out_credit_note"):
            setattr(sequences, f"{name}_sequence", invoices)
        year = self.model("account.fiscalyear")(name="2026", company=company)
        year.start_date, year.end_date = _FIRST_DAY, date(2026, 12, 31)
        year.move_sequence, year.invoice_sequences = moves, [sequences]
        year.save()
        self.model("account.fiscalyear").create_period([year])

    def add_customers(self, count: int) -> None:
        """Make customers with an address each."""
        party = self.model("party.party")
        party.create(
            [
                {
                    "name": f"示例客户{number:05d}有限公司",
                    "code": f"TP{number:05d}",
                    "addresses": [("create", [{}])],
                }
                for number in range(1, count + 1)
            ]
        )
        self.counts["customers"] = len(party.search([("code", "!=", None)]))

    def add_invoices(self, count: int) -> None:
        """Post invoices and a few credit notes for random customers on random days, and pay most of the invoices."""
        invoice_of = self.model("account.invoice")
        parties = self._party_ids()
        made = [
            self._invoice(self._dice.choice(parties), is_credit=place % _CREDIT_EVERY == 0)
            for place in range(1, count + 1)
        ]
        invoice_of.save(made)
        invoice_of.post(made)
        for one in made:
            kind = "invoices" if one.total_amount > 0 else "credit-notes"
            self.counts[kind] += 1
            self.totals[kind] += abs(one.total_amount)
            if kind == "invoices" and self._dice.randrange(100) < _PAID_PERCENT:
                self._pay(one)

    def copy_invoices(self, copies: int) -> None:
        """Copy every row of the pattern so many times; each copy's parties are others."""
        cursor = importlib.import_module("trytond.transaction").Transaction().connection.cursor()
        parties = self._party_ids()
        for table, (pointing, naming, unlike) in _COPIED.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
                [table],
            )
            names = [row[0] for row in cursor.fetchall()]
            wanted = ", ".join(_value(name, (*pointing, "id"), naming, unlike) for name in names)
            listed = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f'INSERT INTO "{table}" ({listed}) SELECT {wanted} FROM "{table}",'
                " generate_series(1, %(copies)s) AS copy WHERE id < %(offset)s",
                {"copies": copies, "offset": _OFFSET, "least": min(parties), "parties": len(parties)},
            )
        for kind in self.totals:
            self.counts[kind] *= copies + 1
            self.totals[kind] *= copies + 1

    def _invoice(self, party_id: int, *, is_credit: bool) -> Any:
        data = self.model("ir.model.data")
        company = self.found("company.company")
        party = self.model("party.party")(party_id)
        day = _FIRST_DAY + timedelta(days=self._dice.randrange(_DAYS))
        invoice = self.model("account.invoice")(company=company, type="out", party=party)
        invoice.on_change_party()
        invoice.currency = company.currency
        invoice.journal = self.model("account.journal")(data.get_id("account", "journal_revenue"))
        invoice.account = party.account_receivable_used
        invoice.invoice_date, invoice.payment_term_date = day, day + timedelta(days=30)
        line = self.model("account.invoice.line")()
        line.description = "示例电机"
        line.quantity = -1 if is_credit else 1
        line.unit_price = Decimal(self._dice.randrange(10_000, 5_000_000)) / 100
        line.account = self._revenue(company)
        line.company, line.currency, line.invoice_type = company, company.currency, "out"
        invoice.lines = [line]
        return invoice

    def _pay(self, invoice: Any) -> None:
        share = Decimal(self._dice.choice((100, 100, 100, 50))) / 100
        amount = (invoice.total_amount * share).quantize(Decimal("0.01"))
        day = invoice.invoice_date + timedelta(days=self._dice.randrange(5, 60))
        invoice.pay_invoice(amount, self._method(), day, "银行回款")
        self.counts["payments"] += 1
        self.totals["payments"] += amount

    def _method(self) -> Any:
        method = self.model("account.invoice.payment.method")
        found = next(iter(method.search([], limit=1)), None)
        if found is not None:
            return found
        company = self.found("company.company")
        data = self.model("ir.model.data")
        wanted = [("company", "=", company.id), ("closed", "!=", True), ("party_required", "!=", True)]
        (cash,) = self.model("account.account").search([*wanted, ("type.statement", "=", "balance")], limit=1)
        made = method(name="银行", company=company)
        made.journal = self.model("account.journal")(data.get_id("account", "journal_cash"))
        made.credit_account = made.debit_account = cash
        made.save()
        return made

    def _revenue(self, company: Any) -> Any:
        wanted = [("type.revenue", "=", True), ("company", "=", company.id), ("closed", "!=", True)]
        (found,) = self.model("account.account").search(wanted, limit=1)
        return found

    def _party_ids(self) -> list[int]:
        found = self.model("party.party").search([("code", "like", "TP%")], order=[("id", "ASC")])
        return [one.id for one in found]


def _value(name: str, pointing: tuple[str, ...], naming: tuple[str, ...], unlike: tuple[str, ...]) -> str:
    """Return what a column of a copy holds, as SQL over its pattern's row."""
    if name in pointing:
        return f'"{name}" + copy * %(offset)s'
    if name in naming:
        moved = f"split_part(\"{name}\", ',', 1) || ',' || (split_part(\"{name}\", ',', 2)::bigint + copy * %(offset)s)"
        return f'CASE WHEN "{name}" LIKE \'%%,%%\' THEN {moved} ELSE "{name}" END'
    if name in unlike:
        return f"\"{name}\" || '-' || copy"
    if name == "party":
        return "%(least)s + (party - %(least)s + copy * 7) %% %(parties)s"
    return f'"{name}"'


def main(config_path: str, database: str, customers: int, invoices: int, seed: int) -> None:
    """Fill the database in a few transactions and print what is in it."""
    importlib.import_module("trytond.config").update_etc(config_path)
    pool_of = importlib.import_module("trytond.pool").Pool
    transaction_of = importlib.import_module("trytond.transaction").Transaction
    pool_of.start()
    pool = pool_of(database)
    pool.init()
    with transaction_of().start(database, 0):
        (admin,) = pool.get("res.user").search([("login", "=", "admin")])
    books = Books(pool, admin.id, random.Random(seed))  # noqa: S311 - invented books
    steps: list[Callable[[], None]] = [
        books.lay_ground,
        books.lay_accounts,
        lambda: books.add_customers(customers),
        lambda: books.add_invoices(min(_PATTERN, invoices)),
        lambda: books.copy_invoices(max(invoices // _PATTERN - 1, 0)),
    ]
    for step in steps:
        _in_transaction(books, database, step)
    totals = {kind: f"{total:f}" for kind, total in books.totals.items()}
    sys.stdout.write(json.dumps({"counts": books.counts, "totals": totals}) + "\n")


def _in_transaction(books: Books, database: str, step: Callable[[], None]) -> None:
    """Run a step; where the server wants a table locked from the beginning it says so, and the step begins again."""
    transactions = importlib.import_module("trytond.transaction")
    extras: dict[str, Any] = {}
    while True:
        before = books.remembered()
        try:
            with transactions.Transaction().start(database, books.user_id, **extras) as transaction:
                context = books.model("res.user").get_preferences(context_only=True)
                with transaction.set_context(**context, _skip_warnings=True):
                    step()
        except transactions.TransactionError as error:
            error.fix(extras)
            books.recall(before)
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))
