"""What a flow may ask about: facts by name and type, and the policy language over them.

Facts of a running flow are texts (money is never a float), numbers are read as Decimal when an expression asks for
them. ``amount <= 1000000`` holds for the fact ``{"amount": "1000000.00"}``.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.feel import expression, linting
from tradecredit.core.feel.run import UnableToEvaluateError, UnableToParseError
from tradecredit.core.feel.values import kinds
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NUMBER: Final = "number"
TEXT: Final = "string"
FACTS: Final[Mapping[str, tuple[str, Words]]] = {
    "request_kind": (TEXT, Words(zh="申请类型", en="Kind of request")),
    "grade": (TEXT, Words(zh="信用等级（无评级为 unrated）", en="Grade (unrated where there is none)")),
    "amount": (NUMBER, Words(zh="申请金额", en="Amount asked for")),
    "currency": (TEXT, Words(zh="币种", en="Currency")),
    "over": (NUMBER, Words(zh="超出额度", en="Over the line")),
    "current_limit": (NUMBER, Words(zh="现有额度（未授信为空）", en="Line now (null where there is none)")),
    "increase": (NUMBER, Words(zh="增加额", en="Increase")),
    "overdue_amount": (NUMBER, Words(zh="逾期金额", en="Overdue amount")),
    "overdue_days": (NUMBER, Words(zh="最长逾期天数", en="Days of the oldest overdue")),
    "late_ever": (NUMBER, Words(zh="曾逾期张数", en="Invoices ever paid late")),
    "months_known": (NUMBER, Words(zh="合作月数", en="Months as a customer")),
    "on_time_in_row": (NUMBER, Words(zh="连续按时回款笔数", en="Receipts on time in a row")),
    "industry_downturn": (
        TEXT,
        Words(
            zh="行业下行（yes 或 no，按政策所列期间）",
            en="Downturn of the trade (yes or no, by the days of policy)",
        ),
    ),
    "requester_roles": ("list", Words(zh="申请人角色", en="Roles of who asks")),
    "answer": (TEXT, Words(zh="服务应答（ok 或 failed）", en="How a service answered (ok or failed)")),
    "decision": (TEXT, Words(zh="上一步结论", en="What the step before decided")),
}
DECIDED: Final = "decision"
ANSWERED: Final = "answer"
_PLAIN_NUMBER: Final = re.compile(r"-?\d{1,18}(\.\d{1,12})?")
COUNTS: Final = ("agreed", "refused", "voted", "seats")
_KINDS: Final = {
    **{
        name: {NUMBER: kinds.NUMBER, TEXT: kinds.STRING}.get(kind, kinds.ANY)
        for name, (kind, _) in FACTS.items()
    },
    **dict.fromkeys(COUNTS, kinds.NUMBER),
}


class UnableToEvaluateFlowError(UnableToError):
    """An expression of a flow cannot be evaluated on the facts of a request."""

    code = "flow_expression_failed"
    status = 409


def mistake(text: str, *, names: Collection[str]) -> str | None:
    """Return what is wrong with an expression over some names, in English; nothing when it is sound."""
    notes = linting.lint(text, names={name: _KINDS.get(name, kinds.ANY) for name in names})
    return notes[0].words.en if notes else None


def evaluate(text: str, facts: Mapping[str, Any]) -> Any:
    """Return what an expression comes to; raises UnableToEvaluateFlowError naming the expression."""
    try:
        return expression.evaluate(text, typed(facts)).value
    except (UnableToParseError, UnableToEvaluateError) as error:
        raise UnableToEvaluateFlowError(
            Words(
                zh="流程条件“{text}”无法计算：{why}。请修改流程图。",
                en="The flow's expression “{text}” cannot be evaluated: {why}. Mend the diagram.",
            ).filled(text=text, why=error.words.en)
        ) from error


def holds(text: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether a condition is true; null (an unknown fact) is not."""
    return evaluate(text, facts) is True


def typed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts as the language takes them: numbers that were kept as texts as Decimal.

    What a table or a service has answered is a number where its text is one.
    """
    return {name: _typed(name, value) for name, value in facts.items()}


def _typed(name: str, value: Any) -> Any:
    is_number = name not in FACTS and isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value)
    kind = NUMBER if is_number else FACTS.get(name, (TEXT,))[0]
    if kind != NUMBER or not isinstance(value, str):
        return value
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
