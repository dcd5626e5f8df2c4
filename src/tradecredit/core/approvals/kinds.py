"""The kinds of requests, by the name that policies, diagrams and tables use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final[Mapping[str, Words]] = {
    "credit_limit": Words(zh="授信额度", en="Credit line"),
    "temporary_line": Words(zh="临时额度", en="Temporary line"),
    "order_release": Words(zh="订单放行", en="Release of an order"),
    "delivery_release": Words(zh="发货放行", en="Release of a delivery"),
    "freeze_lift": Words(zh="解除冻结", en="Lifting of a freeze"),
    "limit_journal": Words(zh="批量额度调整", en="Journal of line changes"),
    "level_limit": Words(zh="集团与组合额度", en="Limit of a group or portfolio"),
    "grade_override": Words(zh="评级调整", en="Override of a grade"),
    "write_off": Words(zh="坏账核销", en="Write-off"),
    "deduction": Words(zh="扣款", en="Deduction"),
    "set_off": Words(zh="往来抵销", en="Set-off"),
    "admission": Words(zh="客户准入", en="Admission of a customer"),
    "payment_terms": Words(zh="账期调整", en="Change of payment terms"),
    "legal_action": Words(zh="法律行动", en="Legal action"),
    "exception": Words(zh="特事特办", en="Exception"),
    "policy": Words(zh="政策发布", en="Publication of a policy"),
}
