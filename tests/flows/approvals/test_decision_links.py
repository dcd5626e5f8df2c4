"""Notices with links of one's own: told once, filled in as they leave; forged, replayed, forwarded links are refused."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from factories import companies, customers, flows
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest, DecisionLink, FlowStep, RequestNote, Vote
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.approvals import decision_links, tell_deciders
from tradecredit.flows.approvals.decision_links import UnableToUseLinkError
from tradecredit.flows.limits import propose_limit, set_limit
from tradecredit.flows.watch import dispatch_outbox
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TWO = flows.chain(look=flows.person(roles="credit_manager"), decide=flows.person(roles="risk_director"))
URL = "https://credit.example"


class Post:
    """A mail server and a chat that keep what they were given."""

    def __init__(self):
        self.sent = []

    def send(self, *, recipient, subject, body, message_id):
        del message_id
        self.sent.append((recipient, subject, body))


class Scene:
    def __init__(self, company):
        self.company = company
        flows.in_force(company, credit_limit=TWO)
        roles = (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO)
        self.people = {role: companies.person(company, role) for role in roles}
        self.customer = customers.customer(company)

    def ask(self, amount="100000"):
        return propose_limit.propose_limit(
            company=self.company,
            customer_id=self.customer.pk,
            actor=self.people[Role.SALES],
            asked=cny(amount),
        )

    def tell(self, moment=NOON, chats=("wecom",)):
        with clock.at(moment):
            return tell_deciders.tell_deciders(
                company=self.company, actor=SYSTEM, chats=chats, public_url=URL
            )

    def leave(self, moment=NOON, channel="mail"):
        post = Post()
        with clock.at(moment):
            dispatch_outbox.dispatch_outbox(company=self.company, mailer=post, actor=SYSTEM, channel=channel)
        return post.sent

    def token(self, amount="100000"):
        self.ask(amount)
        self.tell()
        ((_, _, body),) = self.leave()
        return re.search(r"/d/(\w+)", body)[1]

    def decide(self, token, who=Role.CREDIT_MANAGER, **said):
        actor = who if isinstance(who, Actor) else self.people[who]
        said = {"approves": True, "reason": "同意", **said}
        return decision_links.decide(token=token, actor=actor, **said)


@pytest.fixture
def scene(company):
    return Scene(company)


def votes():
    with scope.entered(SYSTEM):
        return Vote.objects.count()


def reason_of(call):
    with pytest.raises(UnableToUseLinkError) as refused:
        call()
    return refused.value.facts["reason"]


class TestTellDeciders:
    def test_tells_whom_a_step_asks_once_by_mail_and_chat(self, scene):
        scene.ask()
        assert scene.tell() == 2
        assert scene.tell() == 0
        with scope.entered(SYSTEM):
            told = set(Message.objects.values_list("channel", "recipient"))
        manager = scene.people[Role.CREDIT_MANAGER]
        assert told == {("mail", manager.email), ("wecom", manager.name)}

    def test_the_token_stands_in_what_leaves_and_nowhere_else(self, scene):
        token = scene.token()
        with scope.entered(SYSTEM):
            kept = Message.objects.get(channel="mail")
            link = DecisionLink.objects.get(channel="mail")
        assert "{token}" in kept.body
        assert token not in {kept.body, link.digest}

    def test_a_notice_of_the_night_leaves_in_the_morning(self, scene):
        night = NOON + timedelta(hours=9)
        with clock.at(night):
            scene.ask()
        scene.tell(night)
        assert scene.leave(night) == []
        assert len(scene.leave(NOON + timedelta(days=1))) == 1

    def test_one_whose_step_is_decided_meanwhile_does_not_leave(self, scene):
        proposal = scene.ask()
        scene.tell()
        set_limit.approve_limit(
            company=scene.company, proposal_id=proposal.id, actor=scene.people[Role.CREDIT_MANAGER]
        )
        assert scene.leave() == []
        assert scene.leave(channel="wecom") == []

    def test_a_request_without_a_drawn_flow_is_told_as_well(self, scene):
        flows.in_force(scene.company)
        scene.ask()
        assert scene.tell(chats=()) == 2
        assert {one[0] for one in scene.leave()} == {
            scene.people[Role.RISK_DIRECTOR].email,
            scene.people[Role.CFO].email,
        }


class TestSendDigests:
    def test_one_a_person_a_working_morning(self, scene):
        scene.ask()
        for _ in range(2):
            with clock.at(NOON):
                tell_deciders.send_digests(company=scene.company, actor=SYSTEM, public_url=URL)
        ((recipient, subject, _),) = scene.leave()
        assert (recipient, subject) == (scene.people[Role.CREDIT_MANAGER].email, "今日待办：1 项等待您审批")

    @pytest.mark.parametrize("moment", [NOON - timedelta(hours=4), NOON - timedelta(days=1)])
    def test_none_before_the_morning_and_none_on_sundays(self, scene, moment):
        scene.ask()
        with clock.at(moment):
            assert tell_deciders.send_digests(company=scene.company, actor=SYSTEM) == 0


class TestDecide:
    def test_counts_as_the_persons_vote_and_uses_the_link_up(self, scene):
        token = scene.token()
        assert scene.decide(token) is Standing.PENDING
        with scope.entered(SYSTEM):
            assert FlowStep.objects.get(node_id="look").status == "approved"
        assert reason_of(lambda: scene.decide(token)) == "used"
        assert votes() == 1

    def test_opening_it_changes_nothing(self, scene):
        token = scene.token()
        for _ in range(3):
            opened = decision_links.open_link(token=token, actor=scene.people[Role.CREDIT_MANAGER])
        assert opened.request.amount.text() == "100000.00"
        assert votes() == 0

    def test_forged_is_no_link(self, scene):
        token = scene.token()
        forged = token[:-1] + ("0" if token[-1] != "0" else "1")
        assert reason_of(lambda: scene.decide(forged)) == "unknown"
        assert votes() == 0

    @pytest.mark.parametrize("who", [Role.RISK_DIRECTOR, Role.SALES, Role.CFO])
    def test_forwarded_decides_nothing_and_is_on_record(self, scene, who):
        token = scene.token()
        for _ in range(2):
            assert reason_of(lambda: scene.decide(token, who)) == "another"
        assert votes() == 0
        with scope.entered(SYSTEM):
            assert [one.kind for one in RequestNote.objects.all()] == ["link_refused"]
        assert scene.decide(token) is Standing.PENDING

    def test_of_another_company_is_no_link(self, scene):
        token = scene.token()
        stranger = companies.person(companies.company("OTHER"), Role.CREDIT_MANAGER)
        assert reason_of(lambda: scene.decide(token, stranger)) == "unknown"

    def test_over_decides_nothing(self, scene):
        token = scene.token()
        with scope.entered(SYSTEM):
            DecisionLink.objects.update(expires_at=clock.real_now() - timedelta(seconds=1))
        assert reason_of(lambda: scene.decide(token)) == "over"

    def test_of_a_step_that_is_decided_decides_nothing(self, scene):
        token = scene.token()
        with scope.entered(SYSTEM):
            subject = ApprovalRequest.objects.get().subject_id
        set_limit.approve_limit(
            company=scene.company, proposal_id=subject, actor=scene.people[Role.CREDIT_MANAGER]
        )
        with pytest.raises(UnableToApproveError):
            scene.decide(token)
        assert votes() == 1

    def test_a_large_amount_wants_the_password_and_stays_usable_without(self, scene):
        token = scene.token("200000.01")
        assert reason_of(lambda: scene.decide(token)) == "password"
        assert votes() == 0
        assert scene.decide(token, is_password_given=True) is Standing.PENDING

    def test_a_no_wants_a_reason(self, scene):
        token = scene.token()
        assert reason_of(lambda: scene.decide(token, approves=False, reason=" ")) == "reason"
        assert scene.decide(token, approves=False, reason="资料不全") is Standing.REJECTED

    def test_a_refused_vote_leaves_the_link_as_it_was(self, scene):
        token = scene.token()
        with scope.entered(SYSTEM):
            step = FlowStep.objects.get()
            FlowStep.objects.filter(pk=step.pk).update(reserved_for=scene.people[Role.CFO].user_id)
        with pytest.raises(UnableToError):
            scene.decide(token)
        with scope.entered(SYSTEM):
            assert DecisionLink.objects.filter(used_at__isnull=False).count() == 0
