"""What is agreed with customers and what they wish: plans, opt-outs, drafted letters, proof, an agency's files."""

from __future__ import annotations

import copy

import pytest

from factories import customers, policies
from tradecredit.analytics.collections import limitations
from tradecredit.apps.collections import agreements
from tradecredit.apps.collections.models import Letter
from tradecredit.core.collections.instalment_plans import Part, Plan, UnableToAgreePlanError
from tradecredit.core.kernel.money import Money
from tradecredit.flows.collections import (
    agency_files,
    agree_plan,
    hand_over,
    keep_letters,
    record_promise,
    strategies,
)
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def cny(amount):
    return Money.of(amount, "CNY")


def agree(owing, *, first=10, second=20, late=3, as_of=2, **fields):
    plan = Plan(
        parts=(
            Part(due_date=owing.day(first), amount=cny("30000.00")),
            Part(due_date=owing.day(second), amount=cny("30000.00")),
        ),
        accelerates_after_days=late,
    )
    return agree_plan.agree_plan(
        company=owing.company,
        customer_id=owing.customer.pk,
        plan=plan,
        actor=SYSTEM,
        as_of=owing.day(as_of),
        **fields,
    )


def letters():
    with scope.entered(SYSTEM):
        return list(Letter.objects.order_by("as_of", "number"))


class TestAgreePlan:
    def test_nobody_writes_while_the_plan_is_kept_and_again_once_it_broke(self, owing):
        owing.invoice()
        agree(owing)

        assert owing.dun(8).letters == 0
        assert owing.dun(13).letters == 0
        assert owing.dun(14).letters == 1

    def test_a_part_paid_in_time_keeps_it_running(self, owing):
        owing.invoice()
        agree(owing)
        owing.pay("30000.00", 10, invoice_number="INV-1")

        assert owing.dun(14).letters == 0
        assert owing.dun(24).letters == 1

    def test_one_runs_at_a_time_and_never_for_more_than_is_owed(self, owing):
        owing.invoice()
        plan_id = agree(owing)

        with pytest.raises(UnableToAgreePlanError):
            agree(owing)
        agree_plan.end_plan(company=owing.company, plan_id=plan_id, because="客户要求", actor=SYSTEM)
        owing.pay("1.00", 3, invoice_number="INV-1")
        with pytest.raises(UnableToAgreePlanError):
            agree(owing)

    @pytest.mark.parametrize(("paid", "because"), [("60000.00", "kept"), ("10.00", "broken")])
    def test_ends_by_itself_when_it_is_kept_or_broken(self, owing, paid, because):
        owing.invoice()
        agree(owing)
        owing.pay(paid, 9)

        owing.follow(30)

        with scope.entered(SYSTEM):
            (found,) = agreements.agreed_plans(company_id=owing.company.pk)
        assert (found.ended_on, found.ended_because) == (owing.day(30), because)


class TestOptOut:
    def test_nobody_writes_and_what_waits_does_not_leave(self, owing):
        owing.invoice()
        owing.dun(1)
        with clock.on(owing.company, owing.day(1)):
            opt_out_id = keep_letters.opt_out(
                company=owing.company, customer_id=owing.customer.pk, reason="集团内部单位", actor=SYSTEM
            )

        assert owing.send(1).dropped == 1
        assert owing.dun(8).letters == 0
        with clock.on(owing.company, owing.day(9)):
            keep_letters.end_opt_out(company=owing.company, opt_out_id=opt_out_id, actor=SYSTEM)
            with pytest.raises(keep_letters.UnableToKeepLetterError):
                keep_letters.end_opt_out(company=owing.company, opt_out_id=opt_out_id, actor=SYSTEM)
        assert owing.dun(9).letters == 1

    def test_is_refused_without_a_reason_or_twice(self, owing):
        who = {"company": owing.company, "customer_id": owing.customer.pk, "actor": SYSTEM}
        with pytest.raises(keep_letters.UnableToKeepLetterError):
            keep_letters.opt_out(reason=" ", **who)
        keep_letters.opt_out(reason="x", **who)
        with pytest.raises(keep_letters.UnableToKeepLetterError):
            keep_letters.opt_out(reason="y", **who)

        with scope.entered(SYSTEM):
            found = agreements.opt_outs(company_id=owing.company.pk, customer_id=owing.customer.pk)
        assert [one.reason for one in found] == ["x"]


class TestWithdrawPromise:
    def test_what_it_covered_is_dunned_again_and_the_reason_is_asked_for(self, owing):
        owing.invoice()
        with clock.on(owing.company, owing.day(1)):
            promise_id = record_promise.record_promise(
                company=owing.company,
                customer_id=owing.customer.pk,
                amount=Money.of("100.00", "CNY"),
                promised_date=owing.day(20),
                actor=SYSTEM,
            )
        whose = {"company": owing.company, "promise_id": promise_id, "actor": SYSTEM}

        kept_back = owing.dun(1).letters
        with clock.on(owing.company, owing.day(2)):
            with pytest.raises(record_promise.UnableToWithdrawPromiseError):
                record_promise.withdraw_promise(reason=" ", **whose)
            customer_id = record_promise.withdraw_promise(reason="客户反悔", **whose)
            with pytest.raises(record_promise.UnableToWithdrawPromiseError):
                record_promise.withdraw_promise(reason="客户反悔", **whose)

        assert (kept_back, owing.dun(2).letters, customer_id) == (0, 1, owing.customer.pk)


class TestGuidedMode:
    def test_letters_wait_until_a_person_lets_them_go_or_keeps_them(self, company, under):
        document = copy.deepcopy(policy_packs.load_pack("five-pillars"))
        document["dunning"]["mode"] = "guided"
        owing = under()
        policies.published(company, document=document)
        owing.invoice()
        owing.dun(1)
        assert (letters()[0].status, owing.send(1).sent) == ("draft", 0)

        keep_letters.release(company=company, letter_id=letters()[0].pk, actor=SYSTEM)
        assert owing.send(1).sent == 1
        with pytest.raises(keep_letters.UnableToKeepLetterError):
            keep_letters.release(company=company, letter_id=letters()[0].pk, actor=SYSTEM)
        owing.dun(8)
        keep_letters.withhold(company=company, letter_id=letters()[1].pk, because="正在谈判", actor=SYSTEM)
        assert (letters()[1].status, letters()[1].dropped_because) == ("dropped", "正在谈判")


class TestProve:
    def test_a_signature_starts_the_limitation_anew_once(self, owing):
        owing.invoice()
        owing.dun(1)
        owing.send(1)
        proof = {
            "company": owing.company,
            "letter_id": letters()[0].pk,
            "kind": "signed",
            "way": "courier",
            "reference": "EMS-1",
            "day": owing.day(4),
            "actor": SYSTEM,
        }

        keep_letters.prove(**proof)

        with pytest.raises(keep_letters.UnableToKeepLetterError):
            keep_letters.prove(**proof)
        with scope.entered(SYSTEM):
            (item,) = limitations.of_customer(
                company_id=owing.company.pk,
                customer_id=owing.customer.pk,
                as_of=owing.day(9),
                policy=strategies.in_force(company_id=owing.company.pk, as_of=owing.day(9)).cases,
            )
        assert (item.clock.since.cause, item.clock.since.reference) == ("demand", letters()[0].number)
        assert item.clock.ends_on == owing.day(4).replace(year=2029)

    def test_a_letter_without_a_mail_address_has_left_once_it_was_handed_to_the_courier(self, owing, company):
        customers.customer(company, "C002", "示例五金乙有限公司")
        owing.invoice("INV-2", customer_code="C002")
        owing.dun(1)
        assert letters()[0].status == "pending"

        keep_letters.prove(
            company=company, letter_id=letters()[0].pk, kind="dispatched", way="courier", actor=SYSTEM
        )

        assert letters()[0].status == "sent"


class TestAgencyFiles:
    def test_what_is_owed_goes_out_and_each_line_of_the_report_comes_in_once(self, owing):
        owing.invoice()
        owing.follow(1)
        case = owing.case()
        hand_over.hand_over(
            company=owing.company,
            case_id=case.id,
            channel="agency",
            receiver="示例清收有限公司",
            actor=SYSTEM,
        )
        with scope.entered(SYSTEM), clock.on(owing.company, owing.day(40)):
            rows = (
                agency_files.export_cases(company=owing.company, language="en")
                .decode("utf-8-sig")
                .splitlines()
            )
        assert (len(rows), case.number in rows[1], "60000.00" in rows[1]) == (2, True, True)
        report = (
            "case,day,outcome,text,promised_amount,promised_date,reference\n"
            f"{case.number},2026-04-11,will_pay,老板答应,60000.00,2026-04-20,R-1\n"
            f"{case.number},2026-04-12,sings,,,,R-2\n"
            "CASE-0,2026-04-12,refuses,,,,R-3\n"
        ).encode()

        first = agency_files.import_report(company=owing.company, content=report, actor=SYSTEM)
        again = agency_files.import_report(company=owing.company, content=report, actor=SYSTEM)

        assert [(found.taken, [one.row for one in found.problems]) for found in (first, again)] == [
            (1, [3, 4]), (1, [3, 4]),
        ]  # fmt: skip
        with scope.entered(SYSTEM):
            promised = agreements.promises(company_id=owing.company.pk, customer_id=owing.customer.pk)
        assert [(one.amount, one.text) for one in promised] == [(cny("60000.00"), "老板答应")]

    def test_a_file_without_its_columns_is_refused(self, owing):
        with pytest.raises(agency_files.UnableToReadAgencyFileError):
            agency_files.import_report(company=owing.company, content=b"a,b\n1,2\n", actor=SYSTEM)
