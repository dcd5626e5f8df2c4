from datetime import UTC, date, datetime, timedelta

import pytest

from factories import bureaus as fakes
from factories import customers
from tradecredit.apps.dossier import bureaus as books
from tradecredit.apps.dossier import queries
from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.flows.bureaus import answer_wishes, fetch_reports, record_consent
from tradecredit.flows.bureaus.fetch_reports import UnableToAskBureauError
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.integrations.bureaus.fake import faults
from tradecredit.integrations.bureaus.fake.bureau import FakeBureau
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
NAME = "示例机械甲有限公司"
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def secrets(monkeypatch):
    for name in ("TIANYANCHA_TOKEN", "QICHACHA_KEY", "QICHACHA_SECRET", "GENERIC_TOKEN"):
        monkeypatch.setenv(f"TRADECREDIT_{name}", "hush")
    monkeypatch.setenv("TRADECREDIT_GENERIC_URL", "http://fake.example.com")


@pytest.fixture
def customer(company, system_actor):
    with scope.entered(system_actor):
        yield customers.customer(company, "C1", NAME)


@pytest.fixture
def fetch(customer, company, system_actor):
    def fetch(fake, *, at=START, provider="tianyancha", **more):
        with clock.at(at):
            return fetch_reports.fetch_reports(
                customer_code="C1",
                provider=provider,
                company=company,
                actor=system_actor,
                bureaus=fakes.bureaus(fake),
                **more,
            )

    return fetch


def listed(*numbers):
    return [{"case_number": f"(2025)示01执{n}号", "published_on": date(2025, 5, n)} for n in numbers]


def fake_of(**kinds):
    registry = [{"name": NAME, "status": "存续", "founded_on": date(2016, 3, 2)}]
    return FakeBureau(known=lambda _, kind: kinds.get(kind, registry if kind == "registry" else []))


def in_force(customer, at=START):
    found = queries.facts_in_force(customer_ids=[customer.pk], as_of=at.date(), known_at=at)
    return {name: fact.value for name, fact in found.get(customer.pk, {}).items()}


class TestFetchReports:
    def test_records_findings_and_the_facts_that_follow(self, fetch, customer):
        fetched = fetch(fake_of(dishonest=listed(4, 9)))

        assert fetched.is_done
        facts = queries.facts_in_force(customer_ids=[customer.pk], as_of=START.date())[customer.pk]
        assert facts["dishonest_debtor"].value == "yes"
        assert facts["dishonest_debtor"].valid_from == date(2025, 5, 4)
        assert facts["dishonest_debtor"].source == "tianyancha"
        assert facts["dishonest_debtor"].recorded_at == START
        assert facts["registry_status"].value == "存续"
        assert facts["abnormal_operation"].value == "no"

    def test_young_reports_are_not_paid_for_twice(self, fetch):
        fake = fake_of()
        fetch(fake)
        calls = fake.calls

        again = fetch(fake, at=START + timedelta(days=6))
        later = fetch(fake, at=START + timedelta(days=7))

        assert (again.answers, fake.calls - calls) == ((), len(later.answers))
        assert {answer.kind for answer in later.answers} >= {"dishonest", "enforcement"}
        assert "registry" not in {answer.kind for answer in later.answers}

    def test_what_is_no_longer_listed_has_gone(self, fetch, customer):
        later = START + timedelta(days=8)
        fetch(fake_of(dishonest=listed(4)))
        fetch(fake_of(dishonest=[]), at=later)

        assert in_force(customer, later)["dishonest_debtor"] == "no"
        assert in_force(customer, START)["dishonest_debtor"] == "yes"
        (gone,) = books.findings(customer_id=customer.pk, kinds=["dishonest"])
        assert (gone.is_gone, gone.finding.ended_on) == (True, later.date())

    def test_what_comes_back_is_not_hidden_by_its_older_day(self, fetch, customer):
        fetch(fake_of(dishonest=listed(4)))
        fetch(fake_of(dishonest=[]), at=START + timedelta(days=8))
        fetch(fake_of(dishonest=listed(4)), at=START + timedelta(days=16))

        assert in_force(customer, START + timedelta(days=16))["dishonest_debtor"] == "yes"

    def test_the_worse_of_two_bureaus_counts_until_it_takes_it_back(self, fetch, customer):
        fetch(fake_of(dishonest=listed(4)))
        fetch(fake_of(), provider="qichacha", at=START + timedelta(hours=1))

        assert in_force(customer, START + timedelta(hours=2))["dishonest_debtor"] == "yes"

    def test_a_correction_by_people_stands_until_a_bureau_says_something_new(
        self, fetch, customer, company, system_actor
    ):
        fetch(fake_of(dishonest=listed(4)))
        with clock.at(START + timedelta(hours=1)):
            row = FactRow(customer_code="C1", fact="dishonest_debtor", value="否", source="court letter")
            record_facts.record_facts(rows=[row], company=company, actor=system_actor)
        fetch(fake_of(dishonest=listed(4)), at=START + timedelta(days=8))

        assert in_force(customer, START + timedelta(days=8))["dishonest_debtor"] == "no"

    def test_faulty_answers_lose_no_fact(self, fetch, customer):
        world = {"dishonest": listed(4, 9), "enforcement": listed(3, 5, 7), "restrictions": listed(2)}
        fetch(fake_of(**world))
        known = in_force(customer)
        before = books.findings(customer_id=customer.pk)
        calls, seed, at = 0, 0, START

        while calls < 120:
            seed, at = seed + 1, at + timedelta(days=31)
            wrong = FakeBureau(
                faulty=[fault for fault in faults.FAULTS if fault != "types"],
                rate=1.0,
                seed=seed,
                known=lambda _, kind: world.get(kind) or listed(1, 2, 3),
            )
            fetch(wrong, at=at, is_forced=True, kinds=list(world))
            calls += wrong.calls

        assert in_force(customer, at) == known
        after = books.findings(customer_id=customer.pk)
        assert {one.finding.key for one in before} <= {one.finding.key for one in after if not one.is_gone}

    def test_rests_after_failures_and_goes_on_after_the_pause(self, fetch):
        silent = FakeBureau(faulty=["timeout"], rate=1.0)
        fetched = fetch(silent)
        resting = fetch(fake_of(), at=START + timedelta(minutes=14))
        rested = fetch(fake_of(), at=START + timedelta(minutes=16))

        assert [answer.act for answer in fetched.answers] == [Act.TIMEOUT, Act.TIMEOUT]
        assert len(fetched.left_out) == 12
        assert resting.answers == ()
        assert rested.is_done

    def test_a_refused_account_stops_the_other_questions(self, fetch):
        fake = FakeBureau(faulty=["denied"], rate=1.0)

        fetched = fetch(fake)

        assert fake.calls == 1
        assert fetched.answers[0].act is Act.STOPPED
        assert not fetched.is_done

    def test_costs_are_counted(self, fetch, company):
        fetched = fetch(fake_of())

        begin = datetime(2026, 3, 1, tzinfo=UTC)
        spent = books.spent(
            company_id=company.pk, provider="tianyancha", day_begins=begin, month_begins=begin
        )
        assert spent.calls_today == len(fetched.answers) == 14
        assert f"{spent.cost_this_month:.2f}" == "2.80"

    def test_credit_reports_need_consent(self, fetch, company, system_actor):
        refused = fetch(fake_of(), provider="generic", kinds=["credit_report"])
        with clock.at(START):
            record_consent.record_consent(
                customer_code="C1",
                scope="credit",
                is_granted=True,
                purpose="授信审批",
                evidence="授权书 7",
                valid_from=None,
                valid_to=date(2026, 4, 1),
                company=company,
                actor=system_actor,
            )
        allowed = fetch(fake_of(), provider="generic", kinds=["credit_report"])
        ended = fetch(
            fake_of(),
            provider="generic",
            kinds=["credit_report"],
            is_forced=True,
            at=datetime(2026, 4, 1, 2, tzinfo=UTC),
        )

        assert (refused.answers, "consent" in refused.left_out["credit_report"].en) == ((), True)
        assert [answer.kind for answer in allowed.answers] == ["credit_report"]
        assert ended.answers == ()

    def test_a_bureau_without_credentials_is_not_asked(self, fetch, monkeypatch):
        monkeypatch.delenv("TRADECREDIT_TIANYANCHA_TOKEN")

        with pytest.raises(UnableToAskBureauError, match="no credentials"):
            fetch(fake_of())


class TestConsentOfFacts:
    def test_a_datum_from_a_bank_is_refused_without(self, customer, company, system_actor):
        row = FactRow(customer_code="C1", fact="银行流水流入", value="5000")

        result = record_facts.record_facts(
            rows=[FactRow(customer_code="C1", fact="bank_inflow", value="5000"), row],
            company=company,
            actor=system_actor,
        )

        assert {found.status.value for found in result.rows} == {"refused"}
        assert "consent" in result.rows[0].words.en
        assert in_force(customer) == {}


class TestWishes:
    def test_are_answered_once_in_the_background(self, customer, company, system_actor):
        several = fakes.bureaus(fake_of(dishonest=listed(4)))
        wish = {"customer_code": "C1", "provider": "tianyancha", "company": company, "actor": system_actor}
        with clock.at(START):
            assert answer_wishes.wish_for_reports(**wish, bureaus=several)
            assert not answer_wishes.wish_for_reports(**wish, bureaus=several)

            answered = answer_wishes.answer_wishes(company=company, actor=system_actor, bureaus=several)
            nothing = answer_wishes.answer_wishes(company=company, actor=system_actor, bureaus=several)

        assert (answered, nothing) == (1, 0)
        assert in_force(customer)["dishonest_debtor"] == "yes"

    def test_old_reports_are_wished_for_by_night(self, fetch, company, system_actor):
        several = fakes.bureaus(fake_of())
        fetch(fake_of())

        def refreshed(days):
            with clock.at(START + timedelta(days=days)):
                return answer_wishes.refresh_reports(company=company, actor=system_actor, bureaus=several)

        assert [refreshed(6), refreshed(7), refreshed(7)] == [0, 1, 0]
