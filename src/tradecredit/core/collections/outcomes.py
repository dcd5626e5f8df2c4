"""What can come of asking for money, in the words of the person who asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One answer of the customer: what it is called and what is asked along with it."""

    code: str
    words: Words
    script: Words
    asks_for_promise: bool = False
    is_contact: bool = True


OUTCOMES: Final = (
    Outcome(
        code="will_pay",
        words=Words(zh="答应付款", en="Will pay"),
        script=Words(
            zh="请确认付款日期和金额，并请对方付款后发回单。",
            en="Confirm day and amount; ask for the slip afterwards.",
        ),
        asks_for_promise=True,
    ),
    Outcome(
        code="asks_time",
        words=Words(zh="要求分期或延期", en="Asks for time"),
        script=Words(
            zh="请对方提出分期方案，写明每期日期和金额。",
            en="Ask for a plan with a day and an amount a part.",
        ),
    ),
    Outcome(
        code="disputes",
        words=Words(zh="对款项有异议", en="Disputes an item"),
        script=Words(
            zh="请对方指出单据号和原因；该笔暂停催收，其余照常。",
            en="Ask which document and why; that line rests, the others go on.",
        ),
    ),
    Outcome(
        code="says_paid",
        words=Words(zh="称已付款", en="Says it is paid"),
        script=Words(
            zh="请对方提供付款日期、金额和回单，交回款认领查找。",
            en="Ask for day, amount and slip; the cash desk looks for it.",
        ),
    ),
    Outcome(
        code="not_reached",
        words=Words(zh="未联系上", en="Not reached"),
        script=Words(
            zh="换一位联系人或换个时间再联系。", en="Try another person or another time of the day."
        ),
        is_contact=False,
    ),
    Outcome(
        code="refuses",
        words=Words(zh="拒绝付款", en="Refuses to pay"),
        script=Words(
            zh="记录拒付理由；考虑移交委外或法务。", en="Write down why; weigh an agency or legal action."
        ),
    ),
)
CODES: Final = tuple(outcome.code for outcome in OUTCOMES)
_BY_CODE: Final = {outcome.code: outcome for outcome in OUTCOMES}
WAYS: Final = {
    "call": Words(zh="电话", en="Call"),
    "visit": Words(zh="上门走访", en="Visit"),
    "message": Words(zh="即时消息", en="Message"),
    "mail": Words(zh="邮件", en="Mail"),
    "agency": Words(zh="委外机构", en="Agency"),
    "court": Words(zh="法院", en="Court"),
}


def of_code(code: str) -> Outcome | None:
    """Return the outcome with the code."""
    return _BY_CODE.get(code)
