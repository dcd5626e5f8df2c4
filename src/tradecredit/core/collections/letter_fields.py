"""The fields of letters as people know them: a name, what it stands for, and what it may look like, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import letters
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field; one that ``stands_alone`` fills lines of its own, such as a table, and is no part of a sentence."""

    name: str
    label: Words
    meaning: Words
    example: Words
    stands_alone: bool = False

    @property
    def mark(self) -> str:
        """Return how the field is written in a template: ``{{ pay_by_date }}``."""
        return f"{{{{ {self.name} }}}}"


def _field(
    name: str, label: tuple[str, str], meaning: tuple[str, str], example: tuple[str, str], *, alone: bool = False
) -> Field:  # fmt: skip
    return Field(
        name=name,
        label=Words(*label),
        meaning=Words(*meaning),
        example=Words(*example),
        stands_alone=alone,
    )


_TABLE_ZH: Final = (
    "| 单据号 | 到期日 | 逾期天数 | 应付金额 |\n| --- | --- | ---: | ---: |\n"
    "| INV-1042 | 2026年2月10日 | 20 | CNY 52,000.00 |\n| INV-1051 | 2026年2月18日 | 12 | CNY 30,000.00 |"
)
_TABLE_EN: Final = (
    "| Document | Due date | Days overdue | Amount due |\n| --- | --- | ---: | ---: |\n"
    "| INV-1042 | 10 February 2026 | 20 | CNY 52,000.00 |\n| INV-1051 | 18 February 2026 | 12 | CNY 30,000.00 |"
)
_KNOWN: Final[Mapping[str, Field]] = {
    one.name: one
    for one in (
        _field(
            "customer_name", ("客户名称", "Customer"),
            ("收函客户的名称", "The name of the customer who gets the letter"),
            ("示例五金甲有限公司", "Example Hardware Ltd"),
        ),
        _field(
            "customer_code", ("客户编号", "Customer code"),
            ("客户在我方账上的编号", "The customer's code in our books"), ("C001", "C001"),
        ),
        _field(
            "company_name", ("我方公司", "Our company"),
            ("发函公司的名称，英文函用英文名称", "Who writes; in an English letter by its English name"),
            ("示例机电有限公司", "Example Machinery Ltd"),
        ),
        _field(
            "letter_number", ("函件编号", "Letter number"),
            ("每封函件一个编号，回函请客户注明", "Every letter has its own; customers quote it"),
            ("SLJD-20260302-0001", "SLJD-20260302-0001"),
        ),
        _field(
            "letter_date", ("发函日期", "Day of the letter"),
            ("函件生成的日期", "The day on which the letter is made"), ("2026年3月2日", "2 March 2026"),
        ),
        _field(
            "stage", ("催收阶段", "Stage"),
            ("策略里这一步的名称；感谢函没有", "The name of the step in the strategy; none in a note of thanks"),
            ("正式催款", "Formal demand"),
        ),
        _field(
            "item_table", ("应付明细表", "Table of the items"),
            ("单据号、到期日、逾期天数、应付金额，最早到期的在前", "Document, due day, days overdue, amount; oldest first"),
            (_TABLE_ZH, _TABLE_EN), alone=True,
        ),
        _field(
            "item_count_words", ("笔数（带量词）", "Number of items, with the word"),
            ("明细表里有几笔；英文函只有一笔时写作 1 item", "How many items the table has: 1 item, 2 items"),
            ("2 笔", "2 items"),
        ),
        _field(
            "item_count", ("笔数", "Number of items"),
            ("明细表里有几笔，只有数字", "How many items the table has, the bare number"), ("2", "2"),
        ),
        _field(
            "days_overdue_max_words", ("最长逾期天数（带量词）", "Days overdue, the oldest, with the word"),
            ("其中最早到期的一笔已逾期几天；英文函只有一天时写作 1 day", "By how long the oldest item is late: 1 day, 20 days"),
            ("20 天", "20 days"),
        ),
        _field(
            "days_overdue_max", ("最长逾期天数", "Days overdue, the oldest"),
            ("其中最早到期的一笔已逾期几天，只有数字", "By how many days the oldest item is late, the bare number"),
            ("20", "20"),
        ),
        _field(
            "total_figures", ("合计金额", "Total in figures"),
            ("明细表合计，带币种", "The sum of the table with its currency"), ("CNY 82,000.00", "CNY 82,000.00"),
        ),
        _field(
            "total_capitals", ("合计大写", "Total in capitals"),
            ("合计的中文大写", "The total in Chinese capital numerals"), ("人民币捌万贰仟元整", "人民币捌万贰仟元整"),
        ),
        _field(
            "interest_statement", ("逾期利息说明", "Interest, in words"),
            ("截至发函日的利息、利率及依据；没有利息时写明保留主张的权利",
             "Interest to the day of the letter, its rate and ground; where there is none, that the right to it is reserved"),
            ("逾期利息：自各笔到期次日起计至2026年3月2日，按日利率 0.05% 计 CNY 700.00……",
             "Interest for late payment, from the day after each due date to 2 March 2026: CNY 700.00 at 0.05 % a day …"),
        ),
        _field(
            "interest_figures", ("逾期利息金额", "Interest in figures"),
            ("未计收的利息，带币种", "Interest not charged yet, with its currency"), ("CNY 700.00", "CNY 700.00"),
        ),
        _field(
            "total_with_interest_figures", ("本息合计", "Total with interest"),
            ("明细合计加利息", "The sum of the table and the interest"), ("CNY 82,700.00", "CNY 82,700.00"),
        ),
        _field(
            "total_with_interest_capitals", ("本息合计大写", "Total with interest in capitals"),
            ("本息合计的中文大写", "The total with interest in Chinese capital numerals"),
            ("人民币捌万贰仟柒佰元整", "人民币捌万贰仟柒佰元整"),
        ),
        _field(
            "pay_by_date", ("付款期限", "Pay by"),
            ("请客户最晚哪天付款，由策略的工作日数算出", "The last day to pay, by the working days of the strategy"),
            ("2026年3月9日", "9 March 2026"),
        ),
        _field(
            "bank_account", ("收款账户", "Bank account"),
            ("款项付到哪里", "Where the money goes"),
            ("合同及发票所载的示例机电有限公司收款账户", "The account of Example Machinery Ltd named on the invoice"),
        ),
        _field(
            "earlier_letters", ("此前的函件", "Earlier letters"),
            ("就同样款项发过的函件，一行一封", "Letters about the same items, a line each"),
            ("- 2026年2月11日 友情提醒", "- 11 February 2026 Friendly reminder"), alone=True,
        ),
        _field(
            "contact_name", ("联系人", "Contact"),
            ("客户该找的同事", "The colleague whom the customer asks"), ("示例李明", "Li Ming (example)"),
        ),
        _field(
            "contact_phone", ("联系电话", "Contact's telephone"),
            ("联系人的电话", "The contact's telephone"), ("021-5555 0100", "+86 21 5555 0100"),
        ),
        _field(
            "contact_email", ("联系邮箱", "Contact's mail"),
            ("联系人的邮箱", "The contact's mail address"), ("credit@example.com", "credit@example.com"),
        ),
    )
}  # fmt: skip


def labelled() -> frozenset[str]:
    """Return the names of the fields that have a label of their own."""
    return frozenset(_KNOWN)


def field(name: str) -> Field | None:
    """Return a field; one that letters know and nobody has described yet goes by its name, an unknown one is None."""
    if name not in letters.FIELDS:
        return None
    plain = name.replace("_", " ")
    return _KNOWN.get(name) or Field(
        name=name,
        label=Words(zh=plain, en=plain),
        meaning=Words(zh="由账册填写", en="Filled from the books"),
        example=Words(zh="…", en="…"),
        stands_alone=name.endswith("_table"),
    )


def every() -> tuple[Field, ...]:
    """Return all fields in the order in which a letter usually uses them; those without a label come last."""
    described = [name for name in _KNOWN if name in letters.FIELDS]
    others = sorted(letters.FIELDS - _KNOWN.keys())
    return tuple(found for name in (*described, *others) if (found := field(name)) is not None)
