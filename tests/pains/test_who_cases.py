"""Who and what is checked: what users of other systems were told, and what they are told here."""

from __future__ import annotations

import copy
import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import accounts, companies, customers, nodes, orders
from factories.credit_facts import section
from tradecredit.analytics.exposure import customer_levels
from tradecredit.analytics.order_checks import coverage as coverage_report
from tradecredit.analytics.order_checks import effective_settings
from tradecredit.core.decisions import coverage, policy
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.flows.levels import keep_parties, move_member
from tradecredit.flows.orders import check_order_credit, move_order, replay_decisions
from tradecredit.flows.policy import keep_settings
from tradecredit.flows.policy.keep_settings import SettingDraft
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


@pytest.fixture
def company(db):
    found = companies.company()
    orders.policy(found)
    return found


@pytest.fixture
def second(db):
    found = companies.company("OTHER", "示例外贸有限公司")
    orders.policy(found)
    return found


def check(company, amount="50000.00", code="C001", *, reference="SO-1", currency="CNY", as_of=None, **fields):
    request = orders.request(company, "1.00", customer_code=code, reference=reference, **fields)
    asked = dataclasses.replace(request, amount=Money.of(amount, currency))
    return check_order_credit.check_order_credit(requests=[asked], actor=SYSTEM, as_of=as_of)[0]


def with_check(company, **check_fields):
    """Publish the policy with one check more."""
    control = copy.deepcopy(section("five-pillars", "order_control"))
    rule = {"code": "extra", "label": {"zh": "附加", "en": "Extra"}, "at": ["order"], "on_fail": "hold"}
    control["checks"].append({**rule, **check_fields})
    return orders.policy(company, order_control=control)


def put(company, level, name, value, until=None, **place):
    asker = companies.person(company, Role.CREDIT_MANAGER, email=f"{level}-{name}-{value}@a.example.com")
    decider = companies.person(company, Role.CFO, email=f"{level}-{name}-{value}@b.example.com")
    draft = SettingDraft(
        level=level, name=name, value=value, validity=Validity(orders.DAY, until), reason="测试", **place
    )
    setting_id = keep_settings.propose_setting(company=company, draft=draft, actor=asker)
    keep_settings.decide_setting(company=company, setting_id=setting_id, approves=True, actor=decider)


def effective(company, customer, name):
    with scope.entered(SYSTEM):
        found = effective_settings.of_customer(
            customer_id=customer.pk, company_id=company.pk, as_of=orders.DAY
        )
    return next((one.value, one.origin) for one in found if one.name == name)


def result(view, code):
    return next(one for one in view.decision.results if one.code == code)


def level(view, code):
    return next(
        (one.finding.state.value, one.finding.limit)
        for one in view.decision.results
        if one.check == "control_nodes" and one.finding.level == code
    )


class TestOverdueByMoreThanACount:
    def test_p12_ten_invoices_of_a_penny_do_not_stop_an_order(self, company):
        """Others counted 10 overdue invoices and blocked; 0.90 in all is pennies here: the order passes."""
        customer = orders.creditworthy(company, billed="0.90", limit="500000.00")
        for number in range(9):
            orders.invoice(company, customer, f"INV-{number}", "0.10", due=orders.DAY - timedelta(days=20))

        view = check(company)

        assert view.decision.outcome.text == "approve"
        assert result(view, "overdue_days").finding.sentence == "receivables.pennies"

    def test_p12_amount_age_and_share_count_together(self, company):
        """Others had one rule for each and false alarms from each; 60,000, 20 days and 60 % together hold here."""
        with_check(company, check="overdue_in_all", amounts={"CNY": "50000.00"}, days=15, share="0.50")
        customer = orders.creditworthy(company, billed="100000.00")
        orders.invoice(company, customer, "INV-OLD", "60000.00", due=orders.DAY - timedelta(days=20))
        orders.invoice(company, customer, "INV-NEW", "40000.00", due=orders.DAY + timedelta(days=20))

        found = result(check(company), "extra").finding

        assert (found.state.value, found.ours, found.gap) == ("failed", "60000.00", "10000.00")

    def test_p12_an_old_penny_and_a_large_fresh_debt_are_not_enough(self, company):
        """60,000 overdue of 400,000 open is 15 % here: the share does not pass its 50 %, so nothing is stopped."""
        with_check(company, check="overdue_in_all", amounts={"CNY": "50000.00"}, days=15, share="0.50")
        customer = orders.creditworthy(company, billed="400000.00")
        orders.invoice(company, customer, "INV-OLD", "60000.00", due=orders.DAY - timedelta(days=20))
        orders.invoice(company, customer, "INV-NEW", "340000.00", due=orders.DAY + timedelta(days=20))

        assert result(check(company), "extra").finding.state.value == "passed"

    def test_p12_payment_behaviour_is_weighted_by_amount(self, company):
        """Others averaged invoices: 1 of 10 days and 1 of 0 gave 5; 90,000 ten days late and 10,000 on time are 9.0."""
        with_check(company, check="payment_behaviour", days=8)
        customer = orders.creditworthy(company, billed="0.00")
        for number, amount, late in (("INV-1", "90000.00", 10), ("INV-2", "10000.00", 0)):
            due = orders.DAY - timedelta(days=60)
            item = orders.invoice(company, customer, number, amount, due=due)
            with scope.entered(SYSTEM):
                type(item).objects.filter(pk=item.pk).update(
                    settled_amount=amount, settled_on=due + timedelta(days=late)
                )

        found = result(check(company), "extra").finding

        assert (found.state.value, found.ours, found.gap) == ("failed", "9.0", "1.0")


class TestInheritedSettings:
    def test_p13_what_the_company_sets_is_felt_by_its_customers(self, company):
        """Elsewhere the group's bypass was stored and ignored: the order stayed blocked. Here it warns, and says why."""
        orders.creditworthy(company)
        put(company, "company", "strength.order", "warn")

        view = check(company, "120000.00")

        assert view.decision.outcome.text == "warn"
        assert (view.facts.settings[0].origin, view.facts.settings[0].place) == ("company", "DEMO")

    def test_p13_the_nearest_level_wins_and_is_named(self, company):
        """Company 30 days, class 10, customer 5: others showed 30 everywhere; the customer's 5 hold here."""
        customer = orders.creditworthy(company, customer_type="经销商")
        put(company, "class", "reservation_days", "10", class_name="经销商")
        put(company, "customer", "reservation_days", "5", customer_code="C001")

        assert effective(company, customer, "reservation_days") == ("5", "customer")

    def test_p14_a_policy_that_checks_nothing_is_found_before_it_holds(self):
        """After an upgrade nobody was checked and nobody knew; three ways without a checkpoint are named here."""
        control = {
            **section("five-pillars", "order_control"),
            "strength": {"order": "warn", "delivery": "none"},
        }

        serious = [gap.path for gap in coverage.gaps(policy.parse(control)) if gap.is_serious]

        assert serious == ["order", "amendment", "reopen", "delivery"]

    def test_p14_no_limit_and_a_limit_of_zero_are_told_apart(self, company):
        """0 meant unlimited in one place and nothing in another; here 0 leaves 0.00 and "not set" says cash only."""
        orders.creditworthy(company, limit="0.00", billed="0.00")
        unset = customers.customer(company, "C002")
        orders.rating(company, unset)

        zero, missing = check(company, "10.00"), check(company, "10.00", "C002", reference="SO-2")

        assert result(zero, "headroom").finding.limit == "0.00"
        assert result(missing, "line_set").finding.sentence == "line_set.failed"
        assert result(missing, "headroom").finding.state.value == "not_applicable"

    def test_p15_an_explicit_zero_does_not_inherit(self, company):
        """A child's 0 was read as "not set" and took the parent's 30 days; here it is 0."""
        customer = orders.creditworthy(company)
        put(company, "company", "reservation_days", "30")
        put(company, "customer", "reservation_days", "0", customer_code="C001")

        assert effective(company, customer, "reservation_days") == ("0", "customer")

    def test_p15_taking_a_value_back_inherits_again(self, company):
        """There was no way back from 0; a row that says "not set" lets the company's 30 hold again."""
        customer = orders.creditworthy(company)
        put(company, "company", "reservation_days", "30")
        put(company, "customer", "reservation_days", "0", customer_code="C001")
        put(company, "customer", "reservation_days", None, customer_code="C001")

        assert effective(company, customer, "reservation_days") == ("30", "company")

    def test_p15_a_small_document_line_of_zero_exempts_nothing(self, company):
        """The customer's 0 replaces policy's 500: an order of 100 is looked at for overdue like any other."""
        customer = orders.creditworthy(company, billed="5000.00")
        orders.invoice(company, customer, "INV-1", "5000.00", due=orders.DAY - timedelta(days=20))
        put(company, "customer", "small_documents.CNY", "0.00", customer_code="C001")

        assert result(check(company, "100.00"), "overdue_days").finding.state.value == "failed"


class TestCompanies:
    def test_p16_the_document_says_which_company_is_checked(self, company, second):
        """The user's active company was summed: 416,000 of DEMO held an order of OTHER, where nothing is owed."""
        customer = orders.creditworthy(company)
        customer.company_ids = [company.pk, second.pk]
        with scope.entered(SYSTEM):
            customer.save()
        orders.line(second, customer, "100000.00")
        orders.rating(second, customer)

        view = check(second, "90000.00")

        assert view.facts.exposure.total == Money.of("0.00", "CNY")
        assert view.lets_through

    def test_p16_a_cap_over_all_companies_counts_each_of_them_once(self, company, second):
        """One active company was counted, or all twice; 100,000 in DEMO and 50,000 in OTHER are 150,000."""
        customer = orders.creditworthy(company, billed="100000.00")
        accounts.account(second, customer, billed="50000.00")
        nodes.node("G", "160000.00", members=(customer,))

        assert level(check(company, "10000.01"), "G") == ("failed", "10000.00")


class TestCurrencies:
    def test_p19_companies_and_currencies_add_up_and_convert_once(self, company, second):
        """Others overwrote instead of adding and converted twice: 7 × 7 × 1,000. Here 1,000 USD at 7 are 7,000."""
        customer = orders.creditworthy(company, billed="1000.00")
        accounts.account(second, customer, currency="USD", billed="1000.00")
        nodes.rate("USD", "CNY", "7.00")
        nodes.node("G", "100000.00", members=(customer,))

        with scope.entered(SYSTEM):
            found = customer_levels.of_customer(
                customer_id=customer.pk, company_id=company.pk, as_of=orders.DAY
            )[0]

        assert (found.exposure.text(), found.headroom) == ("8000.00", Amount(Money.of("92000.00", "CNY")))

    def test_p19_a_delivery_in_part_stays_counted_once_at_every_level(self, company):
        """Order 50,000 with 20,000 delivered counted 70,000 elsewhere; the group counts 50,000 here."""
        from tradecredit.flows.orders import deliver_order

        customer = orders.creditworthy(company, billed="0.00")
        nodes.node("G", "60000.00", members=(customer,))
        check(company, "50000.00")
        deliver_order.deliver_order(
            company=company, reference="SO-1", number="DN-1", amount=Money.of("20000.00", "CNY"), actor=SYSTEM
        )

        assert level(check(company, "10000.01", reference="SO-2"), "G") == ("failed", "10000.00")

    def test_p24_the_limit_and_the_order_are_compared_in_one_currency(self, company):
        """60,000 USD fitted "500,000" as bare numbers; at 9 it is 540,000 CNY and lacks 40,000."""
        orders.creditworthy(company, billed="0.00")
        nodes.rate("USD", "CNY", "9.00")

        view = check(company, "60000.00", currency="USD")

        assert view.decision.outcome.text == "hold"
        assert level(view, "line:CNY") == ("failed", "500000.00")

    def test_p24_the_decision_keeps_the_rate_it_used(self, company):
        """A later rate changed what old decisions seemed to say; the decision here replays with the rate of its day."""
        orders.creditworthy(company, billed="0.00")
        nodes.rate("USD", "CNY", "7.00")
        view = check(company, "60000.00", currency="USD")
        nodes.rate("USD", "CNY", "9.00")

        done = replay_decisions.replay_decision(decision_id=view.id, actor=SYSTEM)

        assert done.identical == 1
        assert view.facts.nodes[0].line_in("USD").rate.rate == Decimal(7)

    def test_p24_no_rate_is_no_yes(self, company):
        """A missing rate counted as 1: 400,000 USD fitted 500,000 CNY. Here a person looks."""
        orders.creditworthy(company, billed="0.00")

        assert check(company, "400000.00", currency="USD").decision.outcome.text == "review"


class TestParentsAndPayers:
    def test_p25_every_ancestor_is_checked(self, company):
        """Only the child's own line was looked at; the family's 100,000 with 90,000 used stops 10,000.01 here."""
        top = customers.customer(company, "TOP")
        accounts.account(company, top, billed="70000.00")
        orders.creditworthy(company, billed="20000.00", parent=top)
        nodes.node("F", "100000.00", kind="family", value="TOP")

        assert level(check(company, "10000.01"), "F") == ("failed", "10000.00")

    def test_p25_a_branch_is_not_skipped(self, company):
        """A contact of a customer was never warned about; a branch that shares the account is held like its parent."""
        orders.creditworthy(company, "PARENT", billed="416000.00")
        customers.customer(company, "C001")
        keep_parties.keep_party(
            company=company,
            customer_code="C001",
            role="account",
            party_code="PARENT",
            reason="",
            actor=SYSTEM,
        )

        view = check(company, "84000.01")

        assert (view.decision.outcome.text, result(view, "headroom").finding.gap) == ("hold", "0.01")

    def test_p25_moving_to_another_group_moves_the_exposure(self, company):
        """The old group kept the balance; after the move it counts 0 and the new one 20,000."""
        child = orders.creditworthy(company, billed="20000.00")
        nodes.node("OLD", "25000.00", members=(child,))
        nodes.node("NEW", "25000.00")
        move_member.move_member(
            company=company, customer_code="C001", to="NEW", leaves=["OLD"], reason="重组", actor=SYSTEM
        )

        view = check(company, "5000.01")

        assert level(view, "NEW") == ("failed", "5000.00")
        assert {one.finding.level for one in view.decision.results if one.finding.level} == {"NEW"}

    def test_p26_the_payer_is_checked_and_not_the_orderer(self, company):
        """The orderer without a line was blocked though its payer has room; the payer's 84,000 pass 50,000 here."""
        orders.creditworthy(company, "PAYER", billed="416000.00")
        customers.customer(company, "C001")
        keep_parties.keep_party(
            company=company, customer_code="C001", role="payer", party_code="PAYER", reason="", actor=SYSTEM
        )

        view = check(company, "50000.00")

        assert view.lets_through
        assert (view.facts.customer.code, view.facts.customer.sold_to) == ("PAYER", "C001")

    def test_p26_a_payer_without_room_stops_an_orderer_that_has_it(self, company):
        """The orderer's own 500,000 let it pass; its payer has 84,000 left, so 84,000.01 is held by one cent."""
        orders.creditworthy(company, "PAYER", billed="416000.00")
        orders.creditworthy(company, "C001", billed="0.00")
        keep_parties.keep_party(
            company=company, customer_code="C001", role="payer", party_code="PAYER", reason="", actor=SYSTEM
        )

        assert result(check(company, "84000.01"), "headroom").finding.gap == "0.01"


class TestExclusionAndPaths:
    def test_p33_an_exclusion_has_a_day_on_which_it_ends(self, company):
        """Removing the role did not stop the checks, and nothing said so; here it holds from the 2nd to the 9th."""
        orders.creditworthy(company)
        put(company, "customer", "excluded_from_checks", "yes", until=date(2026, 3, 10), customer_code="C001")

        during = check(company, "900000.00")
        after = check(company, "900000.00", reference="SO-2", as_of=date(2026, 3, 10))

        assert (during.decision.outcome.text, after.decision.outcome.text) == ("approve", "hold")
        assert during.decision.results[0].finding.limit == "2026-03-10"

    def test_p33_the_report_names_what_passed_while_excluded(self, company):
        """Nobody could tell why an order had passed; the coverage report says: excluded from checks."""
        orders.creditworthy(company)
        put(company, "customer", "excluded_from_checks", "yes", until=date(2026, 3, 10), customer_code="C001")
        check(company, "900000.00")

        with scope.entered(SYSTEM):
            rows = coverage_report.orders(as_of=orders.DAY, company_id=company.pk)

        assert [(row["reference"], row["why"]) for row in rows] == [("SO-1", "excluded")]

    def test_p35_why_a_check_was_not_made_is_said_for_every_check(self, company):
        """A rule at outbound did nothing and said nothing; each of the checks that do not apply gives its reason."""
        orders.creditworthy(company)

        view = check(company, "1000.00", control_point=ControlPoint.DELIVERY)

        silent = [one.code for one in view.decision.results if not one.applies and not one.finding.sentence]
        assert silent == []
        assert result(view, "overdue_days").finding.sentence == "rule.other_control_point"

    def test_p35_a_setting_can_be_changed_again_and_again(self, company):
        """A rule could be enabled once and never changed; three settings in a row each hold in turn."""
        customer = orders.creditworthy(company)
        found = []
        for value in ("warn", "special", "block"):
            put(company, "customer", "strength.order", value, customer_code="C001")
            found.append(effective(company, customer, "strength.order"))

        assert found == [("warn", "customer"), ("special", "customer"), ("block", "customer")]

    def test_p39_amending_and_reopening_pass_the_same_check(self, company):
        """Confirmed by another path, 90,000 were never checked; both paths here lack 6,000 of the 84,000."""
        orders.creditworthy(company)
        check(company, "10000.00")

        amended = move_order.amend_order(
            company=company, reference="SO-1", amount=Money.of("90000.00", "CNY"), actor=SYSTEM
        )
        move_order.cancel_order(company=company, reference="SO-1", actor=SYSTEM)
        reopened = move_order.reopen_order(company=company, reference="SO-1", actor=SYSTEM)

        assert [result(view, "headroom").finding.gap for view in (amended, reopened)] == ["6000.00"] * 2
        assert [view.facts.request.document for view in (amended, reopened)] == ["amendment", "reopen"]

    def test_p39_no_order_is_without_its_decision(self, company):
        """An order on an alternative path had none; every order that came by a check here names its decision."""
        orders.creditworthy(company)
        for number, amount in (("SO-1", "1000.00"), ("SO-2", "900000.00")):
            check(company, amount, reference=number)

        with scope.entered(SYSTEM):
            rows = coverage_report.orders(as_of=orders.DAY, company_id=company.pk)

        assert coverage_report.counts(rows) == {"checked": 2, "excluded": 0, "opening": 0, "hole": 0}

    def test_p39_longer_terms_on_a_known_order_are_looked_at(self, company):
        """Terms were changed from 30 to 60 days after approval, unseen; the check says 30 more here."""
        with_check(company, check="changed_terms")
        orders.creditworthy(company)
        check(company, "1000.00", terms_days=30)

        view = move_order.amend_order(
            company=company, reference="SO-1", amount=Money.of("1000.00", "CNY"), terms_days=60, actor=SYSTEM
        )

        assert result(view, "extra").finding.gap == "30"

    def test_p09_what_falls_due_beyond_the_horizon_leaves_room(self, company):
        """Blanket orders over many months took the limit: 416,000 used, of which 100,000 fall due after 90 days."""
        with_check(company, check="dynamic_limit", days=90)
        customer = orders.creditworthy(company)
        orders.invoice(company, customer, "INV-FAR", "100000.00", due=orders.DAY + timedelta(days=91))
        orders.invoice(company, customer, "INV-NEAR", "316000.00", due=orders.DAY + timedelta(days=90))

        view = check(company, "184000.01")

        found = result(view, "extra").finding
        assert (found.limit, found.gap) == ("184000.00", "0.01")
        assert replay_decisions.replay_decisions(actor=SYSTEM).identical == 1
