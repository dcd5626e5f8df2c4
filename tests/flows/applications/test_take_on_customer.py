"""A customer taken on from a phone: recorded once, looked up, rated where it may be, its admission asked for; or nothing."""

from __future__ import annotations

import pytest
from stdnum.cn import uscc

from factories import bureaus as fakes
from factories import companies, customers, policies
from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.apps.dossier.models import BureauRequest, Customer
from tradecredit.apps.scoring.models import Rating
from tradecredit.core.kernel.money import Money
from tradecredit.flows.applications import take_on_customer
from tradecredit.flows.applications.make_application import UnableToApplyError
from tradecredit.flows.applications.take_on_customer import (
    Admission,
    NewCustomer,
    UnableToTakeOnCustomerError,
)
from tradecredit.flows.bureaus import answer_wishes
from tradecredit.flows.reactions import drain
from tradecredit.integrations.bureaus.fake.bureau import FakeBureau
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
BODY = "91500000MA5X2A3P1"
NUMBER = BODY + uscc.calc_check_digit(BODY)


@pytest.fixture
def seller(company):
    policies.published(company)
    return companies.person(company, Role.SALES)


@pytest.fixture
def fake():
    return FakeBureau(name_of=lambda subject: subject)


def take(company, seller, fake, *, admission=None, **said):
    new = NewCustomer(**{"name": "示例新客五金有限公司", "uscc": NUMBER, **said})
    return take_on_customer.take_on_customer(
        new=new, admission=admission, company=company, actor=seller, bureaus=fakes.bureaus(fake)
    )


class TestTakeOnCustomer:
    def test_is_recorded_as_a_prospect_of_who_met_it_under_its_number(self, company, seller, fake):
        done = take(company, seller, fake)

        with scope.entered(SYSTEM):
            customer = Customer.objects.get(code=NUMBER)
        assert (done.code, done.is_rated, done.asked, done.request_id) == (NUMBER, False, (), None)
        assert (customer.lifecycle, customer.salesperson) == ("prospect", seller.name)

    def test_the_bureaus_that_are_set_up_are_asked_and_their_answer_rates_it(
        self, company, seller, fake, monkeypatch
    ):
        monkeypatch.setenv("TRADECREDIT_TIANYANCHA_TOKEN", "hush")
        done = take(company, seller, fake)
        assert done.asked == ("tianyancha",)

        with clock.visits():
            clock.visit(company)
            answer_wishes.answer_wishes(company=company, actor=SYSTEM, bureaus=fakes.bureaus(fake))
            drain(company=company, actor=SYSTEM)
        with scope.entered(SYSTEM):
            assert Rating.objects.filter(customer__code=NUMBER).exists()

    def test_its_admission_is_asked_for_in_the_same_breath(self, company, seller, fake):
        answers = {"goods": "阀门", "terms": "30 天"}
        done = take(
            company,
            seller,
            fake,
            admission=Admission(amount=Money.of("50000", "CNY"), reason="展会认识", answers=answers),
        )

        with scope.entered(SYSTEM):
            request = ApprovalRequest.objects.get(pk=done.request_id)
        assert (request.kind, request.requested_by_id) == ("admission", seller.user_id)

    def test_what_the_request_refuses_leaves_no_customer_behind(self, company, seller, fake):
        with pytest.raises(UnableToApplyError):
            take(
                company,
                seller,
                fake,
                admission=Admission(amount=None, reason=" ", answers={}),
            )
        with scope.entered(SYSTEM):
            assert not Customer.objects.exists()

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"name": " "}, "name"),
            ({"uscc": ""}, "code"),
            ({"uscc": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "check character"),
        ],
    )
    def test_what_cannot_be_right_is_said_while_its_owner_stands_beside_us(
        self, company, seller, fake, said, told
    ):
        with pytest.raises(UnableToTakeOnCustomerError) as refused:
            take(company, seller, fake, **said)
        assert told in refused.value.words.en
        with scope.entered(SYSTEM):
            assert not BureauRequest.objects.exists()

    def test_a_customer_we_have_is_not_made_twice(self, company, seller, fake):
        customers.customer(company, "C007", "示例新客五金", uscc=NUMBER)
        with pytest.raises(UnableToTakeOnCustomerError) as refused:
            take(company, seller, fake)
        assert refused.value.facts == {"code": "C007"}

    def test_a_customer_of_another_company_of_the_house_becomes_ours_as_it_is(self, company, fake):
        policies.published(company)
        other = companies.company("OTHER", "示例外贸有限公司")
        customers.customer(other, "C007", "示例新客五金", uscc=NUMBER)

        done = take(company, SYSTEM, fake)

        with scope.entered(SYSTEM):
            ours = Customer.objects.get(code="C007")
        assert (done.code, ours.name) == ("C007", "示例新客五金")
        assert set(ours.company_ids) == {other.pk, company.pk}

    def test_one_without_a_credit_code_is_known_by_the_code_it_is_given(self, company, seller, fake):
        assert take(company, seller, fake, uscc="", code="HK-001").code == "HK-001"
