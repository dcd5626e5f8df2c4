from datetime import UTC, date, datetime

import pytest

from factories import accounts, customers
from tradecredit.analytics import reports
from tradecredit.analytics.dashboards import lists
from tradecredit.analytics.dashboards.books import Place
from tradecredit.analytics.dossier import own_values
from tradecredit.analytics.reports import ReportRequest
from tradecredit.apps.dossier import queries
from tradecredit.flows.customers import keep_form
from tradecredit.flows.customers.keep_form import UnableToKeepFormError
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
FORM = {
    "components": [
        {
            "type": "number",
            "key": "shop_count",
            "label": {"zh": "门店数", "en": "Shops"},
            "validate": {"min": 0},
        },
        {"type": "checkbox", "key": "often_disputes", "label": "常有争议", "properties": {"tag": "risk"}},
    ]
}
OF_AGENTS = {
    "components": [
        {"type": "textfield", "key": "region_led", "label": "代理区域", "validate": {"required": True}}
    ]
}


@pytest.fixture
def house(company, system_actor):
    with scope.entered(system_actor):
        for code, kind in (("C001", ""), ("C002", "agent")):
            one = customers.customer(company, code, f"示例{code}有限公司", customer_type=kind)
            accounts.account(company, one)
        for kind, form in (("", FORM), ("agent", OF_AGENTS)):
            keep_form.keep_form(
                document=form, customer_type=kind, reason="new", company=company, actor=system_actor
            )
        yield company


def write(company, actor, **values):
    rows = [
        FactRow(customer_code="C002", fact=name, value=text, source="form") for name, text in values.items()
    ]
    return record_facts.record_facts(rows=rows, company=company, actor=actor).rows


def filled(company, code):
    customer = queries.customer_by_code(code)
    return own_values.of_customer(customer=customer, company_id=company.pk, as_of=DAY)


class TestKeepForm:
    def test_a_type_is_asked_for_its_own_fields_as_well(self, house) -> None:
        assert [one.field.name for one in filled(house, "C001")] == ["shop_count", "often_disputes"]
        assert [(one.field.name, one.is_missing) for one in filled(house, "C002")] == [
            ("shop_count", False), ("often_disputes", False), ("region_led", True),
        ]  # fmt: skip

    def test_refuses_a_form_with_every_place_that_is_wrong(self, house, system_actor) -> None:
        bad = {"components": [{"type": "file", "key": "A"}]}

        with pytest.raises(UnableToKeepFormError, match=r"components\[0\].type.*components\[0\].key"):
            keep_form.keep_form(document=bad, customer_type="", reason="", company=house, actor=system_actor)

        assert len(filled(house, "C001")) == 2


class TestValues:
    def test_are_checked_by_the_form_and_found_by_their_label(self, house, system_actor) -> None:
        good, bad = write(house, system_actor, 门店数="12"), write(house, system_actor, shop_count="-1")

        assert (good[0].status.value, good[0].words) == ("created", None)
        assert (bad[0].status.value, bad[0].words.en) == ("refused", "0 or more")
        assert filled(house, "C002")[0].fact.value == "12"

    def test_stand_in_reports_lists_and_as_tags(self, house, system_actor) -> None:
        with clock.at(datetime(2026, 3, 2, tzinfo=UTC)):
            write(house, system_actor, often_disputes="是", shop_count="3")
        place = Place(company_id=house.pk, as_of=DAY)

        table = reports.make(name="customer-fields", request=ReportRequest(as_of=DAY, company_id=house.pk))
        found = lists.customers(place, filters={"own": "often_disputes"})
        none = lists.customers(place, filters={"own": "shop_count=4"})

        assert table.rows == (("C002", "示例C002有限公司", "agent", "3", "yes", ""),)
        assert [row["customer_code"] for row in found.rows] == ["C002"]
        assert none.rows == []
        assert [tag.zh for tag in own_values.tags(filled(house, "C002"))] == ["常有争议"]
        assert own_values.tags(filled(house, "C001")) == ()
