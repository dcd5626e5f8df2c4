from decimal import Decimal

import pytest

from factories import bank_files, customers, receivables
from factories.bank_files import camt, csv_file, mt940, ntry, tx
from factories.receivables import DUE, SYSTEM, invoice_row
from tradecredit.analytics.receivables import verification
from tradecredit.apps.cash_application import bank_queries, match_queries
from tradecredit.apps.cash_application.models import (
    Allocation,
    BankAccount,
    BankLine,
    BankSighting,
    BankStatement,
    Payment,
    PaymentReturn,
)
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.receivables.models import Instalment
from tradecredit.apps.worklist.models import Task
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.flows.cash import decide_match, import_bank_statement, settle_bank_line
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.flows.cash.settle_bank_line import UnableToSettleBankLineError
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db

FIRST = "2026-03-02,,100.00,1100.00,示例五金甲有限公司,6200000000000101,货款 INV-1,EX0001"
SECOND = "2026-03-02,,70.00,1170.00,示例五金甲有限公司,6200000000000101,往来款,EX0002"
FEE = "2026-03-03,5.00,,1165.00,,,手续费,EX0003"
STRANGER = "2026-03-03,,33.00,1198.00,示例无名有限公司,6200000000000199,款,EX0004"


@pytest.fixture(autouse=True)
def in_scope():
    with scope.entered(SYSTEM):
        yield


@pytest.fixture
def customer(company):
    return customers.customer(company)


@pytest.fixture
def books(company, customer):
    """Two open invoices of 100.00 and 50.00."""
    receivables.invoices(company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "50.00"))


def take(company, file: BankFile, **more):
    return import_bank_statement.import_bank_statement(
        company=company, file=file, files=bank_files.InThisProcess(), actor=SYSTEM, **more
    )


def statuses() -> dict[str, str]:
    return {line.text: line.status for line in BankLine.objects.order_by("booking_date", "pk")}


def stages(company, customer) -> dict[str, str]:
    key = (company.pk, customer.pk, "CNY")
    account = exposure_queries.accounts_by_key([key])[key]
    return {name: getattr(account, name).text() for name in ("billed", "unapplied")}


def nothing_recorded() -> bool:
    return not any(model.objects.exists() for model in (BankStatement, BankLine, Payment, BankAccount))


class TestImportBankStatement:
    def test_matches_what_is_certain_and_lets_the_rest_wait(self, company, customer, books) -> None:
        report = take(company, csv_file(FIRST, SECOND, FEE, STRANGER))

        assert (report.format, report.profile, report.lines) == ("csv", "corporate", 4)
        assert dict(report.statuses) == {"matched": 1, "suggested": 1, "unidentified": 1, "outgoing": 1}
        assert statuses() == {
            "货款 INV-1": "matched",
            "往来款": "suggested",
            "手续费": "outgoing",
            "款": "unidentified",
        }
        assert stages(company, customer) == {"billed": "50.00", "unapplied": "-70.00"}
        assert BankStatement.objects.get().is_balanced is True
        task = Task.objects.get(kind="bank_lines")
        assert "2 lines wait (1 suggested, 1 unidentified" in task.text_en
        assert verification.verify().differences == ()

    def test_its_task_ends_with_the_last_line_that_waits(self, company, customer, books) -> None:
        take(company, csv_file(FIRST, SECOND, FEE, STRANGER))
        suggested, stranger = (
            BankLine.objects.get(status=status) for status in ("suggested", "unidentified")
        )

        settle_bank_line.dismiss(company=company, line_id=stranger.pk, reason="not ours", actor=SYSTEM)
        after_one = Task.objects.get(kind="bank_lines").done_at
        decide_match.leave_on_account(company=company, line_id=suggested.pk, actor=SYSTEM)

        assert after_one is None
        assert Task.objects.get(kind="bank_lines").done_at is not None

    def test_the_same_file_twice_adds_nothing(self, company, books) -> None:
        take(company, csv_file(FIRST, SECOND, FEE))
        before = Allocation.objects.count()

        again = take(company, csv_file(FIRST, SECOND, FEE, name="again.csv", encoding="utf-16"))

        assert (again.lines, again.duplicates, dict(again.statuses)) == (3, 3, {})
        assert (BankStatement.objects.count(), BankLine.objects.count()) == (1, 3)
        assert (Payment.objects.count(), Allocation.objects.count()) == (2, before)

    def test_an_overlapping_export_adds_only_what_is_new(self, company, books) -> None:
        take(company, csv_file(FIRST, SECOND))

        later = take(company, csv_file(SECOND, FEE, STRANGER))

        assert (later.lines, later.duplicates) == (3, 1)
        assert BankLine.objects.count() == 4
        assert BankSighting.objects.count() == 5

    def test_two_equal_genuine_entries_both_stay(self, company, books) -> None:
        movement = ":61:260302C20,00NTRFNONREF"

        first = take(company, mt940(movement, movement, number="1/1", closing="C260302CNY1040,00"))
        follows = take(
            company, mt940(movement, number="2/1", opening="C260302CNY1040,00", closing="C260302CNY1060,00")
        )

        assert (first.duplicates, follows.duplicates) == (0, 0)
        assert sorted(BankLine.objects.values_list("occurrence", flat=True)) == [1, 2, 3]

    def test_a_regenerated_statement_under_another_number_adds_nothing(self, company, books) -> None:
        movements = (":61:260302C20,00NTRFNONREF", ":61:260302C21,00NTRFNONREF")
        take(company, mt940(*movements, number="1/1", closing="C260302CNY1041,00"))

        again = take(company, mt940(*movements, number="77/1", closing="C260302CNY1041,00"))

        assert (again.lines, again.duplicates) == (2, 2)

    def test_an_intraday_report_and_the_final_statement_are_one(self, company, books) -> None:
        entry = ntry("100.00", tx(payer="示例五金甲有限公司", text="INV-1"), reference="BANKREF001")
        take(company, camt(entry, kind="Rpt", number="R1"))

        final = take(company, camt(entry, ntry("7.00", tx()), opening="0.00", closing="107.00"))

        assert (final.lines, final.duplicates) == (2, 1)
        assert Payment.objects.count() == 1

    def test_holds_a_line_that_a_file_of_another_format_may_have_brought(self, company, books) -> None:
        take(company, csv_file(FIRST))

        other = take(
            company, mt940(":61:260302C100,00NTRFNONREF//OTHERREF1", ":86:INV-1", closing="C260302CNY1100,00")
        )

        assert dict(other.statuses) == {"held": 1}
        assert Payment.objects.count() == 1

    def test_a_statement_that_does_not_add_up_books_nothing_until_accepted(
        self, company, customer, books
    ) -> None:
        file = mt940(":61:260302C100,00NTRFNONREF//REF0001", ":86:INV-1", closing="C260302CNY1999,00")

        report = take(company, file)

        assert [one.recorded.check.difference for one in report.unbalanced] == [Decimal("899.00")]
        assert (dict(report.statuses), Payment.objects.count()) == ({"held": 1}, 0)
        assert Task.objects.get().priority == 2
        booked = settle_bank_line.accept_statement(
            company=company, statement_id=BankStatement.objects.get().pk, actor=SYSTEM
        )
        assert (booked, statuses()) == (1, {"INV-1": "matched"})
        with pytest.raises(UnableToSettleBankLineError):
            settle_bank_line.accept_statement(
                company=company, statement_id=BankStatement.objects.get().pk, actor=SYSTEM
            )

    def test_splits_a_batch_into_its_transactions(self, company, customer, books) -> None:
        customers.customer(company, "C002", "示例五金乙有限公司")
        batch = ntry(
            "150.00",
            tx("100.00", payer="示例五金甲有限公司", text="INV-1"),
            tx("50.00", payer="示例五金乙有限公司", text="prepayment"),
            reference="BATCH0001",
        )

        report = take(company, camt(batch, opening="0.00", closing="150.00"))

        assert report.lines == 2
        assert {line.part: line.amount for line in BankLine.objects.all()} == {1: 100, 2: 50}
        assert set(Payment.objects.values_list("customer__code", "amount")) == {("C001", 100), ("C002", 50)}

    def test_the_details_that_follow_a_batch_are_not_counted_again(self, company, books) -> None:
        whole = ntry("150.00", reference="BATCH0001")
        parts = ntry("150.00", tx("100.00", text="INV-1"), tx("50.00", text="x"), reference="BATCH0001")
        take(company, camt(whole, opening="0.00", closing="150.00"))

        details = take(company, camt(parts, kind="Ntfctn", number="N1"))

        assert BankLine.objects.count() == 1
        assert details.duplicates == details.lines

    def test_understands_a_line_in_a_foreign_currency(self, company, customer) -> None:
        more = "<AmtDtls><InstdAmt><Amt Ccy='USD'>14.00</Amt></InstdAmt></AmtDtls>"
        entry = ntry("100.00", tx(payer="示例五金甲有限公司", more=more), reference="FX00001")

        take(company, camt(entry, opening="0.00", closing="100.00"))

        line = BankLine.objects.get()
        assert (line.currency, line.amount, line.original_currency, line.original_amount) == (
            "CNY",
            100,
            "USD",
            14,
        )

    def test_learns_the_payers_account(self, company, customer) -> None:
        named = "2026-03-02,,10.00,1010.00,示例五金甲有限公司,6200000000000101,款,EX1001"
        nameless = "2026-03-04,,11.00,1021.00,示例集团财务公司,6200000000000101,代付,EX1002"

        take(company, csv_file(named))
        take(company, csv_file(nameless))

        assert set(Payment.objects.values_list("customer__code", flat=True)) == {"C001"}
        assert "has paid for this customer before" in BankLine.objects.get(text="代付").reason_en

    def test_an_invoice_of_one_customer_paid_by_another_waits(self, company, books) -> None:
        customers.customer(company, "C002", "示例五金乙有限公司")
        row = "2026-03-02,,100.00,1100.00,示例五金乙有限公司,6200000000000102,代付 INV-1,EX2001"

        report = take(company, csv_file(row))

        assert dict(report.statuses) == {"unidentified": 1}
        assert "C001, C002" in BankLine.objects.get().reason_en

    def test_tells_how_far_the_statements_reach(self, company, books) -> None:
        take(company, csv_file(FIRST, FEE))

        (account,) = bank_queries.freshness(company_id=company.pk)

        assert (account.account, str(account.booked_until), str(account.first_booked)) == (
            "6200000000000001",
            "2026-03-03",
            "2026-03-02",
        )

    def test_a_shortened_account_number_stands_for_the_whole(self, company, books) -> None:
        take(company, mt940(":61:260302C1,00NTRFNONREF//REF0001", closing="C260302CNY1001,00"))

        take(company, mt940(":61:260302C1,00NTRFNONREF//REF0001", account="6200****0001"))

        assert (BankAccount.objects.count(), BankLine.objects.count()) == (1, 1)


class TestRefusals:
    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (mt940(":61:260302C1,00NTRFNONREF", account=""), "names no account"),
            (BankFile(name="x.csv", data=b"day;what\n1;2"), "No head of a bank statement"),
            (
                BankFile(name="x.xml", data=b"<?xml version='1.0'?><Document><BkToCstmrStmt>"),
                "broken or cut off",
            ),
            (csv_file(FIRST, "2026-13-45,,1.00,1.00,x,y,z,w"), "row 5"),
        ],
    )
    def test_a_bad_file_is_refused_whole(self, company, books, file, message) -> None:
        with pytest.raises(UnableToReadBankFileError, match=message):
            take(company, file)

        assert nothing_recorded()

    def test_a_file_of_another_account_is_refused(self, company, books) -> None:
        file = csv_file(FIRST)

        with pytest.raises(UnableToReadBankFileError, match="is of account 6200000000000001, not of 999"):
            take(company, BankFile(name=file.name, data=file.data, account="99999999999"))

        assert nothing_recorded()


class TestReturns:
    RECEIPT = ntry(
        "100.00", tx(payer="示例五金甲有限公司", text="INV-1", end_to_end="E2E-7"), reference="REC00001"
    )

    def returned(self, end_to_end: str = "E2E-7") -> str:
        details = tx(
            payer="示例五金甲有限公司", text="unpaid", end_to_end=end_to_end, more="<RtrInf><Rsn/></RtrInf>"
        )
        return ntry("100.00", details, sign="DBIT", reference="RET00001", day="2026-03-05")

    def test_a_returned_debit_reopens_the_receivable(self, company, customer, books) -> None:
        take(company, camt(self.RECEIPT, opening="0.00", closing="100.00"))
        assert stages(company, customer) == {"billed": "50.00", "unapplied": "0.00"}

        report = take(company, camt(self.returned(), number="S2", opening="100.00", closing="0.00"))

        assert dict(report.statuses) == {"returned": 1}
        assert stages(company, customer) == {"billed": "150.00", "unapplied": "0.00"}
        assert Instalment.objects.get(invoice__number="INV-1").settled_amount == 0
        back = PaymentReturn.objects.get()
        assert (back.amount, str(back.effective_date)) == (100, "2026-03-05")
        assert Payment.objects.get().returned_amount == 100
        assert verification.verify().differences == ()

    def test_receipt_and_return_in_one_file_cancel_out(self, company, customer, books) -> None:
        report = take(company, camt(self.RECEIPT, self.returned(), opening="5.00", closing="5.00"))

        assert dict(report.statuses) == {"matched": 1, "returned": 1}
        assert stages(company, customer) == {"billed": "150.00", "unapplied": "0.00"}

    def test_a_return_of_which_nobody_knows_the_payment_waits(self, company, customer, books) -> None:
        details = tx(
            payer="示例无名有限公司", text="unpaid", end_to_end="E2E-8", more="<RtrInf><Rsn/></RtrInf>"
        )
        stranger = ntry("100.00", details, sign="DBIT", reference="RET00002", day="2026-03-05")
        take(company, camt(self.RECEIPT, opening="0.00", closing="100.00"))

        report = take(company, camt(stranger, number="S2", opening="100.00", closing="0.00"))

        assert dict(report.statuses) == {"unidentified": 1}
        assert stages(company, customer) == {"billed": "50.00", "unapplied": "0.00"}

    def test_a_person_names_the_payment_of_a_refund(self, company, customer) -> None:
        take(company, csv_file("2026-03-02,,80.00,1080.00,示例五金甲有限公司,6200000000000101,预付,EX5001"))
        take(company, csv_file("2026-03-04,30.00,,1050.00,示例五金甲有限公司,6200000000000101,退款,EX5002"))
        refund = BankLine.objects.get(text="退款")
        assert refund.status == "refund"

        settle_bank_line.name_payment(
            company=company, line_id=refund.pk, payment_number=Payment.objects.get().number, actor=SYSTEM
        )

        assert stages(company, customer) == {"billed": "0.00", "unapplied": "-50.00"}
        assert verification.verify().differences == ()


class TestSettleBankLine:
    def test_a_person_names_who_paid_and_the_account_is_learned(self, company, customer, books) -> None:
        take(company, csv_file(STRANGER))
        line = BankLine.objects.get()

        outcome = settle_bank_line.name_customer(
            company=company, line_id=line.pk, customer_code="C001", actor=SYSTEM
        )

        assert outcome.status == "suggested"
        assert stages(company, customer)["unapplied"] == "-33.00"
        learned = match_queries.learned(
            company_id=company.pk, accounts=["6200000000000199"], payers=["示例无名有限公司"]
        )
        assert learned.accounts == {"6200000000000199": frozenset({str(customer.pk)})}
        assert learned.names == {"示例无名有限公司": frozenset({str(customer.pk)})}
        with pytest.raises(UnableToSettleBankLineError):
            settle_bank_line.name_customer(
                company=company, line_id=line.pk, customer_code="C001", actor=SYSTEM
            )

    def test_dismissing_needs_a_reason(self, company, customer) -> None:
        take(company, csv_file(STRANGER))
        line = BankLine.objects.get()

        with pytest.raises(UnableToSettleBankLineError):
            settle_bank_line.dismiss(company=company, line_id=line.pk, reason=" ", actor=SYSTEM)
        settle_bank_line.dismiss(company=company, line_id=line.pk, reason="own transfer", actor=SYSTEM)

        assert BankLine.objects.get().status == "dismissed"
        assert Payment.objects.count() == 0

    def test_a_held_line_can_be_booked(self, company, books) -> None:
        receivables.invoices(company, invoice_row("INV-3", "100.00"))
        take(company, csv_file(FIRST))
        take(
            company, mt940(":61:260302C100,00NTRFNONREF//OTHERREF1", ":86:INV-3", closing="C260302CNY1100,00")
        )
        held = BankLine.objects.get(status="held")

        outcome = settle_bank_line.book_line(company=company, line_id=held.pk, actor=SYSTEM)

        assert outcome.status == "matched"
        assert Payment.objects.count() == 2


class TestVerify:
    def test_finds_a_statement_whose_lines_do_not_make_its_movements(self, company, customer) -> None:
        take(company, csv_file(FIRST, SECOND))
        BankLine.objects.filter(text="往来款").update(amount=71)

        (difference,) = verification.verify().differences

        assert (difference.check, difference.stored, difference.rebuilt) == ("bank statement lines", 170, 171)


class TestKnownAt:
    def test_an_aging_of_a_past_day_still_counts_the_money_that_went_back_later(
        self, company, customer
    ) -> None:
        from tradecredit.analytics.receivables import ledger_sql

        take(company, csv_file("2026-03-02,,80.00,1080.00,示例五金甲有限公司,6200000000000101,预付,EX5001"))
        take(company, csv_file("2026-03-04,80.00,,1000.00,示例五金甲有限公司,6200000000000101,退汇,EX5002"))

        def unapplied(day) -> Decimal:
            from django.db import connection

            ledger = ledger_sql.Ledger(as_of=day)
            with connection.cursor() as cursor:
                cursor.execute(
                    ledger.sql("SELECT coalesce(sum(open), 0) FROM unapplied", with_payments=True),
                    ledger.values,
                )
                return cursor.fetchone()[0]

        assert DUE.year == 2026
        assert [unapplied(f"2026-03-0{day}") for day in (3, 4)] == [Decimal(80), Decimal(0)]
