"""Letters that speak of interest tell what would be charged that day: by the contract, else by the policy, nothing twice."""

from __future__ import annotations

from decimal import Decimal

from tradecredit.flows.cash import charge_interest, open_dispute
from tradecredit.flows.contracts import save_contract, sign_contract, watch_contracts
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor

SYSTEM = Actor.system("test")
RESERVED = "我们保留依合同和法律主张逾期利息的权利。"


def interest_in(letter):
    (found,) = [
        line for line in letter.body.splitlines() if "利息" in line and line.startswith(("逾期", "我们保留"))
    ]
    return found


def only_letter(scene, stage):
    (found,) = [letter for letter in scene.letters() if letter.stage == stage]
    return found


def test_the_formal_letter_tells_interest_by_the_policy(scene):
    scene.invoice("INV-1", "82000.00")

    scene.dun(8)

    # 8 days at 0.05 % of 82,000.00
    assert interest_in(only_letter(scene, "stage-2")) == (
        "逾期利息：自各笔到期（已计收的，自上次计收）次日起计至2026年3月10日，"
        "按日利率 0.05%（合同未约定利率，依《保障中小企业款项支付条例》）计 CNY 328.00；"
        "利息共计 CNY 328.00，连同上列款项合计 CNY 82,328.00（大写：人民币捌万贰仟叁佰贰拾捌元整）。利息计至款项付清之日。"
    )


def test_the_friendly_letter_does_not(scene):
    scene.invoice("INV-1", "82000.00")

    scene.dun(1)

    assert "利息" not in only_letter(scene, "stage-1").body


def test_what_is_asked_for_stays_the_items(scene):
    scene.invoice("INV-1", "82000.00")

    scene.dun(8)

    letter = only_letter(scene, "stage-2")
    assert letter.total == 82000
    assert [item["amount"] for item in letter.items] == ["82000.00"]


def contract_of(scene, **fields):
    """Save the contract HT-7 with a rate of its own; a draft until somebody signs it."""
    contract = save_contract.ContractRow(
        number="HT-7", customer_code=scene.customer.code, amount=Decimal("82000.00"), currency="CNY",
        valid_from=scene.day(-90), terms_days=30, interest_daily_rate=Decimal("0.0003"), row=1, **fields,
    )  # fmt: skip
    result = save_contract.save_contracts(rows=[contract], company=scene.company, actor=SYSTEM)
    assert not result.refused
    scene.invoice("INV-1", "82000.00", contract_number="HT-7")


def sign(scene, day):
    sign_contract.sign(company=scene.company, number="HT-7", actor=SYSTEM, day=day)


def test_a_contract_names_its_own_rate(scene):
    contract_of(scene)
    sign(scene, scene.day(-90))

    scene.dun(8)

    assert "按合同 HT-7 约定的日利率 0.03% 计 CNY 196.80" in interest_in(only_letter(scene, "stage-2"))


def test_a_contract_holds_on_its_last_day(scene):
    contract_of(scene, valid_to=scene.day(8))
    sign(scene, scene.day(-90))

    scene.dun(8)

    assert "按合同 HT-7 约定的日利率 0.03%" in interest_in(only_letter(scene, "stage-2"))


class TestAContractThatIsNotInForce:
    """Its rate is told nowhere: the policy's holds, 8 days at 0.05 % of 82,000.00."""

    def assert_policy_holds(self, scene):
        scene.dun(8)

        told = interest_in(only_letter(scene, "stage-2"))
        assert "HT-7" not in told
        assert "按日利率 0.05%" in told
        assert "利息共计 CNY 328.00" in told

    def test_a_draft(self, scene):
        contract_of(scene)

        self.assert_policy_holds(scene)

    def test_one_that_will_be_signed_later(self, scene):
        contract_of(scene)
        sign(scene, scene.day(9))

        self.assert_policy_holds(scene)

    def test_one_whose_time_is_over(self, scene):
        contract_of(scene, valid_to=scene.day(7))
        sign(scene, scene.day(-90))

        self.assert_policy_holds(scene)

    def test_one_that_was_ended(self, scene):
        contract_of(scene)
        sign(scene, scene.day(-90))
        with clock.on(scene.company, scene.day(8)):
            watch_contracts.end_contract(company=scene.company, number="HT-7", reason="", actor=SYSTEM)

        self.assert_policy_holds(scene)


def test_a_contract_that_ends_later_still_held_on_the_day(scene):
    contract_of(scene)
    sign(scene, scene.day(-90))
    with clock.on(scene.company, scene.day(9)):
        watch_contracts.end_contract(company=scene.company, number="HT-7", reason="", actor=SYSTEM)

    scene.dun(8)

    assert "按合同 HT-7 约定的日利率 0.03%" in interest_in(only_letter(scene, "stage-2"))


def test_a_payment_in_between_bears_no_interest_from_its_day_on(scene):
    scene.invoice("INV-1", "82000.00")
    scene.pay("42000.00", day=scene.day(5), invoice_number="INV-1")

    scene.dun(8)

    # 4 days on 82,000.00, then 4 on 40,000.00
    assert "利息共计 CNY 244.00" in interest_in(only_letter(scene, "stage-2"))


def test_what_was_charged_already_is_not_told_again(scene):
    scene.invoice("INV-1", "82000.00")
    with clock.on(scene.company, scene.day(5)):
        charge_interest.charge_interest(company=scene.company, actor=SYSTEM, until=scene.day(5))

    scene.dun(8)

    letter = only_letter(scene, "stage-2")
    assert "利息共计 CNY 123.00" in interest_in(letter)


def test_less_than_the_least_of_the_policy_is_not_told(scene):
    scene.invoice("INV-1", "100.00")

    scene.dun(8)

    assert interest_in(only_letter(scene, "stage-2")) == RESERVED


def test_a_line_that_drops_out_before_the_letter_leaves_takes_its_interest_along(scene):
    scene.invoice("INV-1", "82000.00")
    scene.invoice("INV-2", "10000.00")
    scene.dun(8)
    before = only_letter(scene, "stage-2")
    open_dispute.open_dispute(
        company=scene.company, invoice_number="INV-1", reason_code="quality", actor=SYSTEM, as_of=scene.day(8)
    )

    scene.send(8)

    after = only_letter(scene, "stage-2")
    assert "利息共计 CNY 368.00" in interest_in(before)
    assert "利息共计 CNY 40.00" in interest_in(after)
    assert after.content_hash != before.content_hash


def test_the_next_day_the_letter_leaves_as_it_was_written(scene):
    scene.invoice("INV-1", "82000.00")
    scene.dun(8)
    before = only_letter(scene, "stage-2")

    scene.send(9)

    after = only_letter(scene, "stage-2")
    assert after.status == "sent"
    assert (after.body, after.content_hash) == (before.body, before.content_hash)
