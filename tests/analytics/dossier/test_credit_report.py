"""The credit report: reproducible as of its date, in both languages, as PDF and as workbook."""

import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from factories import customers, limits, policies, receivables
from tradecredit.analytics.dossier import credit_report
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock, printing
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 20)
THEN = datetime(2026, 3, 10, tzinfo=UTC)
LATER = datetime(2026, 3, 15, tzinfo=UTC)
# A name that would change the page if it were read as the typesetter's own language.
NAME = '示例#panic("x")$甲*有限公司'


@pytest.fixture
def customer(company, system_actor):
    with scope.entered(system_actor):
        with clock.at(THEN):
            policies.published(company)
            found = customers.customer(company, "C001", NAME, region="华东")
            receivables.invoices(company, receivables.invoice_row("INV-1", "300.00"))
            limits.opening(company)
            learn(company, system_actor, "2")
        yield found


def learn(company, actor, value):
    row = FactRow(
        customer_code="C001", fact="pending_lawsuits", value=value, source="erp", valid_from=date(2026, 1, 1)
    )
    record_facts.record_facts(rows=[row], company=company, actor=actor)


def report(company, *, language="zh", known_at=THEN):
    return credit_report.credit_report(
        code="C001", company=company, as_of=DAY, known_at=known_at, language=language
    )


def sheets(paper, language="zh"):
    book = CalamineWorkbook.from_filelike(io.BytesIO(printing.as_workbook(paper, language=language)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


class TestCreditReport:
    def test_is_the_same_after_more_was_learned(self, company, system_actor, customer) -> None:
        before = report(company)
        with clock.at(LATER):
            learn(company, system_actor, "9")
            receivables.invoices(company, receivables.invoice_row("INV-2", "500.00"))
        after, now = report(company), report(company, known_at=LATER)

        assert after == before
        assert printing.as_pdf(after, language="zh") == printing.as_pdf(before, language="zh")
        assert [row[1] for row in sheets(now)["facts"] if row[0] == "未结诉讼数"] == ["9"]
        assert [row[1] for row in sheets(before)["facts"] if row[0] == "未结诉讼数"] == ["2"]

    def test_speaks_both_languages_and_takes_names_as_texts(self, company, customer) -> None:
        english = sheets(report(company, language="en"), "en")

        assert printing.as_pdf(report(company, language="en"), language="en").startswith(b"%PDF-")
        assert ["Grade", "—"] in english["Credit report"]
        assert english["aging"][1][-2] == 300
        assert ["Customer type" in row[0] for row in english["Credit report"]].count(True) == 0

    def test_nobody_is_reported_before_it_was_known(self, company, customer) -> None:
        assert report(company, known_at=datetime(2026, 1, 1, tzinfo=UTC)) is None
