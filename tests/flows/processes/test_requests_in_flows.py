"""Requests run by drawn flows: whom they ask, who may answer, and what the database refuses whatever the diagram says."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import companies, customers, flows
from factories.limits import cny
from tradecredit.apps.approvals import delegations, flow_queries
from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.approvals import queries as requests
from tradecredit.apps.approvals.models import ApprovalRequest, FlowInstance, FlowStep, RequestNote
from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.flows.processes import act_on_request, cast_vote, course
from tradecredit.flows.processes.act_on_request import UnableToActOnRequestError
from tradecredit.flows.processes.cast_vote import Answer
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.processes import engine

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)
# Nobody is rated in these tests: the authority table asks the risk director and the CFO to countersign.
RULE = flows.person(who="rule")
MANAGER = flows.person(roles="credit_manager")


class Cast:
    """A company with a customer, a flow in force, and people by role."""

    def __init__(self, company, **flow):
        self.company = company
        self.flow = flow
        self.people = {
            role: companies.person(company, role)
            for role in (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO, Role.SALES_MANAGER)
        }
        self.customer = customers.customer(company, customer_since=date(2024, 3, 2))

    def ask(self, text, *, asked="300000", by=Role.SALES):
        flows.in_force(self.company, credit_limit=text)
        return propose_limit.propose_limit(
            company=self.company, customer_id=self.customer.pk, actor=self.people[by], asked=cny(asked)
        )

    def vote(self, proposal, who, *, approves=True):
        actor = who if isinstance(who, Actor) else self.people[who]
        if approves:
            return set_limit.approve_limit(company=self.company, proposal_id=proposal.id, actor=actor)
        return set_limit.reject_limit(
            company=self.company, proposal_id=proposal.id, actor=actor, reason="风险过高"
        )


@pytest.fixture
def cast(company):
    return Cast(company)


def request_of(proposal):
    with scope.entered(SYSTEM):
        return requests.by_id(ApprovalRequest.objects.get(subject_id=proposal.id).pk)


def steps_of(proposal):
    request = request_of(proposal)
    with scope.entered(SYSTEM):
        return flow_queries.steps_of([request.id]).get(request.id, ())


def standing_of(proposal):
    return [(one.node_id, one.status) for one in steps_of(proposal)]


class TestBegin:
    def test_asks_whom_the_first_step_names_and_is_decided_step_by_step(self, cast):
        proposal = cast.ask(flows.chain(look=MANAGER, decide=RULE))
        assert request_of(proposal).roles == ("credit_manager",)

        assert cast.vote(proposal, Role.CREDIT_MANAGER).standing is Standing.PENDING
        assert request_of(proposal).roles == ("risk_director", "cfo")
        assert cast.vote(proposal, Role.RISK_DIRECTOR).standing is Standing.PENDING
        assert request_of(proposal).roles == ("cfo",)
        done = cast.vote(proposal, Role.CFO)

        assert (done.standing, done.line_id is not None) == (Standing.APPROVED, True)
        assert standing_of(proposal) == [("look", "approved"), ("decide", "approved")]
        assert request_of(proposal).status == "approved"

    def test_stays_with_the_flow_that_it_began_with(self, cast):
        proposal = cast.ask(flows.chain(decide=RULE))
        flows.in_force(cast.company, credit_limit=flows.chain(look=MANAGER, decide=RULE))

        cast.vote(proposal, Role.RISK_DIRECTOR)

        assert cast.vote(proposal, Role.CFO).standing is Standing.APPROVED

    def test_a_flow_that_rejects_at_once_ends_the_proposal(self, cast):
        text = flows.diagram(
            {
                "start": {"type": "startEvent"},
                "risk": {"type": "exclusiveGateway"},
                "decide": RULE,
                "approved": {"type": "endEvent", "outcome": "approved"},
                "no": {"type": "endEvent", "outcome": "rejected"},
            },
            [
                ("start", "risk"),
                ("risk", "no", 'grade = "unrated"'),
                ("risk", "decide"),
                ("decide", "approved"),
            ],
        )
        proposal = cast.ask(text)

        assert (proposal.status, request_of(proposal).status) == ("rejected", "rejected")

    def test_state_kept_in_the_database_goes_on_as_if_it_had_never_stopped(self, cast):
        text = flows.chain(look=MANAGER, decide=RULE, last=flows.person(roles="sales_manager"))
        proposal = cast.ask(text)
        with scope.entered(SYSTEM):
            progress = engine.waiting(
                diagram=text, state=FlowInstance.objects.get().state, evaluate=vocabulary.holds
            )
        seen = []
        for who in (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO, Role.SALES_MANAGER):
            cast.vote(proposal, who)
            with scope.entered(SYSTEM):
                stored = FlowInstance.objects.get().state
            if who is not Role.RISK_DIRECTOR:
                progress = engine.complete(
                    diagram=text,
                    state=progress.state,
                    task_id=progress.waiting[0].task_id,
                    facts={"decision": "approved"},
                    evaluate=vocabulary.holds,
                )
            kept = engine.waiting(diagram=text, state=stored, evaluate=vocabulary.holds)
            seen.append((kept.waiting, kept.ends) == (progress.waiting, progress.ends))
        assert seen == [True] * 4


class TestAuthority:
    def test_a_diagram_that_asks_too_few_is_completed_by_the_authority_table(self, cast):
        proposal = cast.ask(flows.chain(look=MANAGER))

        assert cast.vote(proposal, Role.CREDIT_MANAGER).standing is Standing.PENDING

        assert standing_of(proposal) == [("look", "approved"), ("authority", "open")]
        assert request_of(proposal).roles == ("risk_director", "cfo")
        cast.vote(proposal, Role.RISK_DIRECTOR)
        assert cast.vote(proposal, Role.CFO).standing is Standing.APPROVED

    @pytest.mark.parametrize("who", [Role.SALES, Role.SALES_MANAGER])
    def test_who_is_not_asked_may_not_vote_and_nothing_changes(self, cast, who):
        proposal = cast.ask(flows.chain(look=MANAGER, decide=RULE))

        with pytest.raises(UnableToApproveError):
            cast.vote(proposal, who)

        assert standing_of(proposal) == [("look", "open")]

    def test_nobody_decides_their_own_even_where_the_diagram_names_them(self, cast):
        proposal = cast.ask(flows.chain(decide=flows.person(roles="cfo")), by=Role.CFO)

        with pytest.raises(UnableToApproveError) as refused:
            cast.vote(proposal, Role.CFO)

        assert refused.value.facts["reason"] == "own_request"

    def test_nobody_decides_two_steps(self, cast):
        proposal = cast.ask(flows.chain(one=flows.person(roles="cfo"), two=flows.person(roles="cfo")))
        cast.vote(proposal, Role.CFO)

        with pytest.raises(UnableToApproveError) as refused:
            cast.vote(proposal, Role.CFO)

        assert refused.value.facts["reason"] == "already_voted"

    def test_one_no_ends_it(self, cast):
        proposal = cast.ask(flows.chain(look=MANAGER, decide=RULE))

        assert cast.vote(proposal, Role.CREDIT_MANAGER, approves=False).standing is Standing.REJECTED

        assert request_of(proposal).status == "rejected"

    def test_the_database_refuses_votes_that_nobody_may_give(self, cast):
        proposal = cast.ask(flows.chain(look=MANAGER, decide=RULE))
        request = request_of(proposal)
        (step,) = steps_of(proposal)
        refused = []
        cases = {
            "another role": (cast.people[Role.SALES_MANAGER], {"step_id": step.id}),
            "the requester": (cast.people[Role.SALES], {"step_id": step.id}),
            "outside the flow": (cast.people[Role.CREDIT_MANAGER], {}),
            "without delegation": (
                cast.people[Role.SALES_MANAGER],
                {"step_id": step.id, "behalf_of": (cast.people[Role.CREDIT_MANAGER].user_id, "x")},
            ),
        }
        for name, (actor, fields) in cases.items():
            with db.unit_of_work(SYSTEM), contextlib.suppress(IntegrityError):
                with transaction.atomic():
                    vote = approvals.NewVote(
                        company_id=request.company_id,
                        request_id=request.id,
                        requested_by_id=request.requested_by_id,
                        actor=actor,
                        role="credit_manager",
                        approves=True,
                        reason="x",
                        place=name,
                        **fields,
                    )
                    approvals.record_votes([vote])
                refused.append(name)
        assert refused == []
        assert request_of(proposal).votes == ()

    def test_the_database_approves_nothing_that_nobody_agreed_to(self, cast):
        proposal = cast.ask(flows.chain(look=MANAGER))
        request = request_of(proposal)

        with pytest.raises(IntegrityError), db.unit_of_work(SYSTEM):
            approvals.end([request.id], status="approved")


class TestDelegation:
    def delegated(self, cast, *, days=(0, 5)):
        boss, deputy = cast.people[Role.CREDIT_MANAGER], cast.people[Role.SALES_MANAGER]
        with db.unit_of_work(boss):
            delegations.delegate(
                company_id=cast.company.pk,
                to=(deputy.user_id, deputy.name),
                valid_from=DAY + timedelta(days=days[0]),
                valid_to=DAY + timedelta(days=days[1]),
                reason="出差",
                actor=boss,
            )
        return deputy

    def test_lets_another_decide_in_its_period_and_says_for_whom(self, cast):
        deputy = self.delegated(cast)
        proposal = cast.ask(flows.chain(look=MANAGER, decide=RULE))

        cast.vote(proposal, deputy)

        (vote,) = steps_of(proposal)[0].votes
        assert (vote.actor_name, vote.behalf_of_name) == ("sales_manager", "credit_manager")
        with pytest.raises(UnableToApproveError):
            cast.vote(proposal, Role.CREDIT_MANAGER)

    @pytest.mark.parametrize("days", [(1, 5), (-5, -1)], ids=["not-yet", "over"])
    def test_counts_on_no_other_day(self, cast, days):
        deputy = self.delegated(cast, days=days)
        proposal = cast.ask(flows.chain(look=MANAGER))

        with pytest.raises(UnableToApproveError):
            cast.vote(proposal, deputy)

    def test_is_no_way_to_decide_ones_own(self, cast):
        deputy = self.delegated(cast)
        proposal = cast.ask(flows.chain(look=MANAGER), by=Role.CREDIT_MANAGER)

        with pytest.raises(UnableToApproveError):
            cast.vote(proposal, deputy)


class TestActing:
    @pytest.fixture
    def proposal(self, cast):
        return cast.ask(flows.chain(look=MANAGER, decide=RULE))

    def test_sent_back_takes_its_votes_along_and_is_decided_anew(self, cast, proposal):
        cast.vote(proposal, Role.CREDIT_MANAGER)
        act_on_request.send_back(
            request_id=request_of(proposal).id, node_id="look", reason="再看一次", actor=cast.people[Role.CFO]
        )

        assert standing_of(proposal) == [("look", "returned"), ("decide", "returned"), ("look", "open")]
        for who in (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR):
            cast.vote(proposal, who)
        assert cast.vote(proposal, Role.CFO).standing is Standing.APPROVED

    def test_waits_for_material_and_goes_on_when_it_came(self, cast, proposal):
        act = {"request_id": request_of(proposal).id}
        act_on_request.ask_material(**act, text="最近的报表", actor=cast.people[Role.CREDIT_MANAGER])
        assert steps_of(proposal)[0].material_since is not None
        with pytest.raises(UnableToActOnRequestError):
            act_on_request.give_material(**act, text="给", actor=cast.people[Role.CFO])
        act_on_request.give_material(**act, text="已附", actor=cast.people[Role.SALES])
        assert steps_of(proposal)[0].material_since is None

    def test_a_signer_before_the_step_comes_first(self, cast, proposal):
        manager = cast.people[Role.CREDIT_MANAGER]
        act_on_request.add_signer(
            request_id=request_of(proposal).id,
            email=cast.people[Role.SALES_MANAGER].email,
            added_as="before",
            reason="请先看",
            actor=manager,
        )
        with pytest.raises(UnableToApproveError):
            cast.vote(proposal, Role.CREDIT_MANAGER)
        cast.vote(proposal, Role.SALES_MANAGER)
        cast.vote(proposal, Role.CREDIT_MANAGER)
        assert standing_of(proposal)[-1] == ("decide", "open")

    @pytest.mark.parametrize("added_as", ["after", "parallel"])
    def test_a_step_ends_only_with_the_signer_beside_or_after_it(self, cast, proposal, added_as):
        act_on_request.add_signer(
            request_id=request_of(proposal).id,
            email=cast.people[Role.SALES_MANAGER].email,
            added_as=added_as,
            reason="请看",
            actor=cast.people[Role.CREDIT_MANAGER],
        )
        cast.vote(proposal, Role.CREDIT_MANAGER)
        assert ("look", "open") in standing_of(proposal)
        cast.vote(proposal, Role.SALES_MANAGER)
        assert standing_of(proposal)[-1] == ("decide", "open")

    def test_a_place_is_handed_to_none_without_authority(self, cast, proposal):
        with pytest.raises(UnableToActOnRequestError):
            act_on_request.hand_over(
                request_id=request_of(proposal).id,
                to_email=cast.people[Role.SALES_MANAGER].email,
                reason="请代看",
                actor=cast.people[Role.CREDIT_MANAGER],
            )
        assert steps_of(proposal)[0].reserved_for is None

    def test_who_asked_urges_once_a_day(self, cast, proposal):
        request_id, sales = request_of(proposal).id, cast.people[Role.SALES]
        act_on_request.urge(request_id=request_id, actor=sales)
        with pytest.raises(UnableToActOnRequestError):
            act_on_request.urge(request_id=request_id, actor=sales)
        with scope.entered(SYSTEM):
            assert [one.kind for one in RequestNote.objects.all()] == ["urged"]

    def test_withdrawing_closes_its_steps(self, cast, proposal):
        set_limit.withdraw_limit(company=cast.company, proposal_id=proposal.id, actor=cast.people[Role.SALES])
        with scope.entered(SYSTEM):
            assert [one.status for one in FlowStep.objects.all()] == ["closed"]
            assert [one.status for one in FlowInstance.objects.all()] == ["ended"]


class TestVotes:
    def test_of_several_is_decided_by_its_share_and_one_no_is_an_answer(self, cast):
        board = [companies.person(cast.company, Role.MANAGEMENT, email=f"m{n}@example.com") for n in range(3)]
        together = flows.person(roles="management", mode="ratio", needed="2/3", quorum="3")
        proposal = cast.ask(flows.chain(board=together))
        assert cast.vote(proposal, board[0], approves=False).standing is Standing.PENDING
        assert cast.vote(proposal, board[1]).standing is Standing.PENDING
        cast.vote(proposal, board[2])
        assert standing_of(proposal) == [("board", "approved"), ("authority", "open")]

    def test_are_cast_on_the_request_that_is_locked(self, cast):
        proposal = cast.ask(flows.chain(look=MANAGER, decide=RULE))
        request = request_of(proposal)
        with db.unit_of_work(cast.people[Role.CREDIT_MANAGER]):
            found = cast_vote.cast(
                request,
                authority=course.authority_today(cast.company),
                actor=cast.people[Role.CREDIT_MANAGER],
                answer=Answer(approves=True, reason="同意"),
            )
        assert found is Standing.PENDING
