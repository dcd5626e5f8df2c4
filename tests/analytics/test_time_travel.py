"""A report of a day, as known at a moment, equals the report of books that never learnt anything later.

The books learn one thing after the other; what every report says is kept from time to time, while nothing later has been
learnt. At the end every report is asked again as known at those moments.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from factories import customers, limits, policies, receivables
from factories.receivables import SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.analytics import reports
from tradecredit.analytics.dossier import profile, relations
from tradecredit.analytics.reports import ReportRequest, UnableToReportError
from tradecredit.apps.scoring.models import RatingOverride
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.flows.cash import open_dispute, unapply_cash
from tradecredit.flows.cash.unapply_cash import UnableToUnapplyCashError
from tradecredit.flows.customers import record_relation
from tradecredit.flows.customers.record_relation import RelationRow
from tradecredit.flows.imports import import_contacts, import_customers, import_statements, record_facts
from tradecredit.flows.imports.import_contacts import ContactRow
from tradecredit.flows.imports.import_customers import CustomerRow
from tradecredit.flows.imports.import_statements import StatementRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.levels import keep_parties
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 10, 8, tzinfo=UTC)
CODES = ("C001", "C002", "C003")
DAYS = (date(2026, 3, 31), date(2026, 5, 15))
GROUPED = {
    "aging": ("customer", "salesperson", "grade"),
    "exposure": ("region", "grade"),
    "grades": ("region",),
    "dso": ("team",),
    "collection-rate": ("industry",),
}
AS_KNOWN = sorted(set(reports.REPORTS) - reports.ONLY_NOW)


class Books:
    """Three customers of a company, to which one thing after the other becomes known."""

    def __init__(self, company, seed: int) -> None:
        self.company = company
        self.rng = random.Random(seed)
        self.numbers: list[str] = []
        self.people = {
            code: customers.customer(company, code, f"示例{code}有限公司", region="华东", salesperson="甲")
            for code in CODES
        }
        self.chores = [
            self.invoice, self.invoice, self.correct, self.pay, self.pay, self.unapply, self.credit, self.dispute,
            self.settle, self.learn, self.learn, self.file, self.grant, self.rate, self.override, self.move,
            self.tie, self.back, self.meet, self.rewrite,
        ]  # fmt: skip

    def code(self) -> str:
        return self.rng.choice(CODES)

    def day(self) -> date:
        return date(2026, 1, 1) + timedelta(days=self.rng.randrange(120))

    def amount(self) -> str:
        return f"{self.rng.randrange(100, 90_000)}.00"

    def invoice(self) -> None:
        number = f"INV-{len(self.numbers)}"
        self.numbers.append(number)
        self.write(number)

    def write(self, number: str) -> None:
        issued, fixed = self.day(), random.Random(number)
        row = invoice_row(
            number, self.amount(), customer_code=fixed.choice(CODES), currency="CNY", invoice_date=issued,
            due_date=issued + timedelta(days=self.rng.randrange(60)),
        )  # fmt: skip
        receivables.invoices(self.company, row)

    def correct(self) -> None:
        if self.numbers:
            self.write(self.rng.choice(self.numbers))

    def pay(self) -> None:
        code, number = self.code(), self.rng.choice([*self.numbers, ""])
        row = payment_row(
            f"PAY-{self.rng.randrange(10**6)}", self.amount(), customer_code=code, payment_date=self.day(),
            invoice_number=number, currency="CNY",
        )  # fmt: skip
        self.paid = row.number
        receivables.payments(self.company, row)

    def unapply(self) -> None:
        try:
            unapply_cash.unapply_cash(
                company=self.company, payment_number=getattr(self, "paid", ""), reason="wrong", actor=SYSTEM
            )
        except UnableToUnapplyCashError:
            return

    def credit(self) -> None:
        number = f"CN-{self.rng.randrange(10**6)}"
        receivables.credits_(
            self.company, credit_row(number, self.amount(), customer_code=self.code(), credit_date=self.day())
        )

    def dispute(self) -> None:
        try:
            open_dispute.open_dispute(
                company=self.company, invoice_number=self.rng.choice([*self.numbers, "none"]), reason_code="price",
                actor=SYSTEM, as_of=self.day(),
            )  # fmt: skip
        except open_dispute.UnableToOpenDisputeError:
            return

    def settle(self) -> None:
        for number in self.numbers:
            try:
                open_dispute.close_dispute(
                    company=self.company,
                    invoice_number=number,
                    resolution="agreed",
                    actor=SYSTEM,
                    as_of=DAYS[0],
                )
            except open_dispute.UnableToCloseDisputeError:
                continue
            return

    def learn(self) -> None:
        name, value = self.rng.choice(
            [("pending_lawsuits", str(self.rng.randrange(5))), ("dishonest_debtor", self.rng.choice(["是", "否"])),
             ("registered_phone", "0571-88880000"), ("bankruptcy", "否")]
        )  # fmt: skip
        source = self.rng.choice(["tianyancha", "qichacha", "erp", ""])
        row = FactRow(customer_code=self.code(), fact=name, value=value, valid_from=self.day(), source=source)
        record_facts.record_facts(rows=[row], company=self.company, actor=SYSTEM)

    def file(self) -> None:
        items = {"total_assets": Decimal(self.amount()), "revenue": Decimal(self.amount())}
        row = StatementRow(customer_code=self.code(), period_end=date(2025, 12, 31), items=items)
        import_statements.import_statements(rows=[row], company=self.company, actor=SYSTEM)

    def grant(self) -> None:
        limits.opening(self.company, self.code(), self.amount(), valid_from=self.day())

    def rate(self) -> None:
        rerate_customer.rerate_customers(
            company=self.company, customer_ids=[self.people[self.code()].pk], cause="test", actor=SYSTEM,
            as_of=self.day(),
        )  # fmt: skip

    def override(self) -> None:
        RatingOverride.objects.create(
            company=self.company, customer=self.people[self.code()], grade=self.rng.choice("ABC"), reason="x",
            valid_from=self.day(), valid_to=date(2026, 12, 31), requested_by_id=self.one.user_id,
            approved_by_id=self.other.user_id, recorded_at=clock.now(),
        )  # fmt: skip

    def move(self) -> None:
        code = self.code()
        draft = CustomerDraft(
            code=code, region=self.rng.choice(["华东", "华北"]), salesperson=self.rng.choice("甲乙丙"),
            industry=self.rng.choice(["机械", ""]), team=self.rng.choice("一二"),
        )  # fmt: skip
        row = CustomerRow(draft=draft, parent_code=self.rng.choice(["", "C001"]) if code != "C001" else None)
        import_customers.import_customers(rows=[row], company=self.company, actor=SYSTEM)

    def tie(self) -> None:
        row = RelationRow(
            customer_code=self.code(), kind="shareholder", party_name="示例控股", share=Decimal("0.6"),
            valid_from=self.day(), valid_to=self.rng.choice([None, date(2026, 5, 1)]), evidence="register",
        )  # fmt: skip
        record_relation.record_relation(row=row, company=self.company, actor=SYSTEM)

    def back(self) -> None:
        keep_parties.keep_party(
            company=self.company, customer_code="C002", role="guarantor",
            party_code=self.rng.choice(["C001", "C003", None]), reason="", actor=SYSTEM, since=self.day(),
        )  # fmt: skip

    def meet(self) -> None:
        row = ContactRow(customer_code=self.code(), name=f"张{self.rng.randrange(10**6)}")
        import_contacts.import_contacts(rows=[row], company=self.company, actor=SYSTEM)

    def rewrite(self) -> None:
        document = dict(policies.published(self.company).document)
        shares = {"a": str(self.rng.randrange(50, 80)), "b": "15"}
        document["receivables"] = {**document["receivables"], "abc": shares}
        policies.published(self.company, document=document, valid_from=self.day())


@pytest.fixture
def books(company, make_person):
    def laid(seed: int) -> Books:
        found = Books(company, seed)
        found.one, found.other = make_person("credit_manager"), make_person("risk_director")
        with clock.at(START):
            policies.published(company)
        return found

    with scope.entered(SYSTEM):
        yield laid


@pytest.fixture
def make_person(company):
    from factories import companies
    from tradecredit.plumbing.access import Role

    return lambda role: companies.person(company, Role(role))


def said(company, day: date, known_at: datetime | None) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in AS_KNOWN:
        request = ReportRequest(as_of=day, known_at=known_at, by=GROUPED.get(name, ()), company_id=company.pk)
        found[name] = reports.make(name=name, request=request)
    for code in CODES:
        found[f"profile {code}"] = profile.profile(
            code=code, company_id=company.pk, as_of=day, known_at=known_at
        )
        tied = relations.relations(code=code, company_id=company.pk, as_of=day, known_at=known_at)
        found[f"relations {code}"] = (
            frozenset(tied.ties), tied.controllers, tied.rings, frozenset(tied.broken), tied.hits, tied.at_risk,
        )  # fmt: skip
    return found


class TestEveryReport:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_says_what_it_said_before_anything_later_was_learnt(self, books, company, seed) -> None:
        known = books(seed)
        chores = list(known.chores)
        known.rng.shuffle(chores)
        kept: dict[datetime, dict[date, dict[str, object]]] = {}
        for step, chore in enumerate([known.invoice, known.invoice, *chores]):
            moment = START + timedelta(days=step + 1)
            with clock.at(moment):
                chore()
                if step % 11 == 5:
                    kept[moment] = {day: said(company, day, None) for day in DAYS}

        for moment, of_days in kept.items():
            for day, then in of_days.items():
                now = said(company, day, moment)
                differing = {name: (then[name], now[name]) for name in then if then[name] != now[name]}
                assert differing == {}, f"as of {day}, known at {moment}"

    def test_that_is_kept_only_as_it_is_now_refuses_to_look_back(self, company) -> None:
        with scope.entered(SYSTEM):
            for name in reports.ONLY_NOW:
                with pytest.raises(UnableToReportError, match="as it is now"):
                    reports.make(name=name, request=ReportRequest(as_of=DAYS[0], known_at=START))
