from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from factories import customers, receivables
from tradecredit.analytics.dossier import relations
from tradecredit.apps.dossier.models import Relation
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.levels import keep_parties
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
THEN = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def three(company, system_actor):
    """A answers for B, B for A: a ring; C is below A; B is a dishonest debtor."""
    with scope.entered(system_actor), clock.at(THEN):
        first = customers.customer(company, "A", "示例甲有限公司")
        customers.customer(company, "B", "示例乙有限公司")
        customers.customer(company, "C", "示例丙有限公司", parent=first)
        for customer, party in (("A", "B"), ("B", "A")):
            keep_parties.keep_party(
                company=company,
                customer_code=customer,
                role="guarantor",
                party_code=party,
                reason="",
                actor=system_actor,
                since=date(2026, 1, 1),
            )
        receivables.invoices(company, receivables.invoice_row("I-1", "300.00", customer_code="C"))
        row = FactRow(customer_code="B", fact="失信", value="是", valid_from=date(2026, 1, 5))
        record_facts.record_facts(rows=[row], company=company, actor=system_actor)
        yield first


class TestRelations:
    def test_gathers_ties_rings_and_what_is_at_risk(self, three, company):
        found = relations.relations(code="A", company_id=company.pk, as_of=DAY)

        assert {(tie.source, tie.target, tie.kind) for tie in found.ties} == {
            ("A", "B", "guarantee"),
            ("B", "A", "guarantee"),
            ("A", "C", "parent"),
        }
        assert [ring.parties for ring in found.rings] == [("A", "B")]
        assert found.broken[0].words.en == "who answers is a dishonest debtor"
        assert {hit.party for hit in found.hits} == {"B", "C"}
        assert found.at_risk == {"CNY": Decimal(300)}

    def test_knows_nothing_before_it_was_learned(self, three, company, system_actor):
        Relation.objects.create(
            company=company,
            customer=three,
            party_name="示例控股有限公司",
            kind="shareholder",
            share=Decimal("0.7"),
            valid_from=date(2025, 1, 1),
            source="register",
            recorded_at=THEN,
            recorded_by="test",
        )

        def controllers(known_at):
            found = relations.relations(code="A", company_id=company.pk, as_of=DAY, known_at=known_at)
            return [relations.name_of(party, found.names) for party, _ in found.controllers]

        assert controllers(None) == ["示例控股有限公司"]
        assert controllers(datetime(2026, 1, 31, tzinfo=UTC)) == []
