"""The flows of a policy: one diagram a kind of request, each looked over before it may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals.diagrams import lint, reading
from tradecredit.core.approvals.diagrams.reading import UnableToReadFlowError
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tradecredit.core.approvals.diagrams.lint import Finding

KINDS: Final[Mapping[str, Words]] = {
    "credit_limit": Words(zh="授信额度", en="Credit line"),
    "temporary_line": Words(zh="临时额度", en="Temporary line"),
    "order_release": Words(zh="订单放行", en="Release of an order"),
    "delivery_release": Words(zh="发货放行", en="Release of a delivery"),
    "freeze_lift": Words(zh="解除冻结", en="Lifting of a freeze"),
    "limit_journal": Words(zh="批量额度调整", en="Journal of line changes"),
    "level_limit": Words(zh="集团与组合额度", en="Limit of a group or portfolio"),
    "grade_override": Words(zh="评级调整", en="Override of a grade"),
    "admission": Words(zh="客户准入", en="Admission of a customer"),
    "payment_terms": Words(zh="账期调整", en="Change of payment terms"),
    "legal_action": Words(zh="法律行动", en="Legal action"),
    "exception": Words(zh="特事特办", en="Exception"),
    "policy": Words(zh="政策发布", en="Publication of a policy"),
}


def refuse_unsound(section: Mapping[str, Any], *, tables: Collection[str]) -> None:
    """Do nothing for sound flows; raises PolicyError naming the diagram, the element and the first mistake."""
    for kind, text in Node(section, "flows").entries():
        if kind not in KINDS:
            raise PolicyError(f"flows.{kind}", f"no request is of this kind; there are {', '.join(KINDS)}")
        found = findings(text.text(), tables=tables)
        if found:
            place = f"flows.{kind}.{found[0].element}".removesuffix(".")
            raise PolicyError(place, found[0].words.en)


def findings(text: str, *, tables: Collection[str]) -> tuple[Finding, ...]:
    """Return what is wrong with a diagram, also that it cannot be read."""
    try:
        return lint.look_over(reading.read(text), tables=tables)
    except UnableToReadFlowError as error:
        return (lint.Finding(code="unreadable", element="", words=error.words),)
