"""Every action on a request × every role × another's, one's own and another company's: who may, and nobody else."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from factories import companies, customers, flows, policies
from factories.limits import cny
from tradecredit.apps.approvals import decision_links as links
from tradecredit.apps.approvals.models import ApprovalRequest, FlowStep
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decide_together, decision_links, keep_files
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.flows.processes import act_on_request, request_forms
from tradecredit.flows.processes.act_on_request import Said
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
THREE = flows.chain(
    first=flows.person(roles="sales_manager"),
    look=flows.person(roles="credit_manager"),
    decide=flows.person(who="rule"),
)
FORM = {"components": [{"type": "textfield", "key": "site", "label": "现场"}]}
# The step that waits asks the credit manager, for whom the pack lets the risk director stand in.
DECIDERS = frozenset({Role.CREDIT_MANAGER, Role.RISK_DIRECTOR})
OF_DECIDERS = frozenset({"approve", "reject", "together", "back", "material", "hand", "sign"})
OF_REQUESTER = frozenset({"give", "urge", "withdraw"})
OF_ANYBODY = frozenset({"comment", "attach"})


class Case:
    """A request by somebody, whose first step is decided, whose second waits for material."""

    def __init__(self, company, asked_by):
        self.company = company
        customer = customers.customer(company)
        proposal = propose_limit.propose_limit(
            company=company, customer_id=customer.pk, actor=asked_by, asked=cny("100000")
        )
        first = companies.person(company, Role.SALES_MANAGER, email="first@example.com")
        set_limit.approve_limit(company=company, proposal_id=proposal.id, actor=first)
        companies.person(company, Role.CREDIT_MANAGER, email="extra@example.com")
        with scope.entered(SYSTEM):
            self.request = ApprovalRequest.objects.get(subject_id=proposal.id)
            step = FlowStep.objects.get(status="open")
            FlowStep.objects.filter(pk=step.pk).update(material_since=clock.now())
        self.step_id = step.pk
        self.actions = {
            **{name: partial(self._act, name) for name in act_on_request.ACTIONS},
            "approve": partial(self._decide, True),
            "reject": partial(self._decide, False),
            "together": self._together,
            "withdraw": self._withdraw,
            "form": self._fill,
            "attach": self._attach,
        }

    def allows(self, actor, action):
        """Whether the action has an effect; whatever it did is undone."""
        with db.unit_of_work(SYSTEM), transaction.atomic():
            try:
                return self.actions[action](actor) is not False
            except UnableToError:
                return False
            finally:
                transaction.set_rollback(True)

    def allowed(self, actor):
        return {action for action in self.actions if self.allows(actor, action)}

    def _act(self, name, actor):
        said = Said(text="x", email="extra@example.com", node="first", place="parallel")
        act_on_request.ACTIONS[name](self.request.pk, said, actor)

    def _decide(self, approves, actor):
        decide_together.decide_one(
            self._now(), company=self.company, approves=approves, reason="x", actor=actor
        )

    def _together(self, actor):
        done = decide_together.decide_together(
            company=self.company, request_ids=[self.request.pk], approves=True, reason="x", actor=actor
        )
        return bool(done.standings)

    def _withdraw(self, actor):
        set_limit.withdraw_limit(company=self.company, proposal_id=self.request.subject_id, actor=actor)

    def _fill(self, actor):
        request_forms.fill(request_id=self.request.pk, given={"site": "x"}, actor=actor)

    def _attach(self, actor):
        keep_files.keep_file(request_id=self.request.pk, name="x.pdf", content=b"%PDF-1.7", actor=actor)

    def _now(self):
        from tradecredit.apps.approvals import queries

        return queries.by_id(self.request.pk)


@pytest.fixture
def ours(company):
    document = {
        **policy_packs.load_pack("five-pillars"),
        "flows": {"credit_limit": THREE},
        "forms": {"credit_limit": FORM},
    }
    policies.published(company, document=document)
    return company


class TestAuthorisationMatrix:
    def test_of_anothers_request_each_role_does_what_is_theirs(self, ours):
        sales = companies.person(ours, Role.SALES)
        case = Case(ours, sales)
        people = {role: sales if role is Role.SALES else companies.person(ours, role) for role in Role}

        found = {role: case.allowed(actor) for role, actor in people.items()}

        expected = {role: set(OF_ANYBODY) for role in Role}
        expected[Role.SALES] |= OF_REQUESTER | {"form"}
        for role in DECIDERS:
            expected[role] |= OF_DECIDERS | {"form"}
        assert found == expected

    @pytest.mark.parametrize("role", sorted(DECIDERS))
    def test_of_their_own_request_deciders_decide_nothing(self, ours, role):
        actor = companies.person(ours, role)
        assert Case(ours, actor).allowed(actor) == OF_REQUESTER | OF_ANYBODY | {"form"}

    def test_of_another_companys_request_nobody_does_anything(self, ours):
        case = Case(ours, companies.person(ours, Role.SALES))
        other = companies.company("OTHER")
        strangers = [
            companies.person(other, role, email=f"{role}@other.example.com") for role in sorted(DECIDERS)
        ]
        assert [case.allowed(one) for one in strangers] == [set(), set()]

    def test_a_link_is_of_use_to_the_person_it_was_made_for_alone(self, ours):
        case = Case(ours, companies.person(ours, Role.SALES))
        people = {role: companies.person(ours, role) for role in Role if role is not Role.SALES}
        ends = clock.real_now().replace(year=clock.real_now().year + 1)
        with db.unit_of_work(SYSTEM):
            (link_id,) = links.make(
                [
                    links.NewLink(
                        company_id=ours.pk,
                        request_id=case.request.pk,
                        step_id=case.step_id,
                        user_id=people[Role.CREDIT_MANAGER].user_id,
                        channel="mail",
                        expires_at=ends,
                    )
                ]
            )
        token = links.token_of(link_id=link_id, expires_at=ends)
        case.actions = {
            "link": lambda actor: decision_links.decide(token=token, approves=True, reason="x", actor=actor)
        }
        assert {role for role, actor in people.items() if case.allowed(actor)} == {Role.CREDIT_MANAGER}
