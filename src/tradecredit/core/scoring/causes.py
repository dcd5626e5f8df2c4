"""Why a customer was rated again: the causes that the house knows, in words."""

from __future__ import annotations

from tradecredit.core.kernel.reasons import Words

_CAUSES = {
    "customer.imported": Words(zh="客户资料导入", en="customer imported"),
    "fact.recorded": Words(zh="新的事实", en="new fact"),
    "statement.recorded": Words(zh="新的财务报表", en="new financial statement"),
    "invoice.recorded": Words(zh="新的发票", en="new invoice"),
    "cash.applied": Words(zh="回款核销", en="payment applied"),
    "cash.unapplied": Words(zh="撤销核销", en="payment unapplied"),
    "payment.returned": Words(zh="退款", en="payment returned"),
    "bill.dishonoured": Words(zh="票据拒付", en="bill dishonoured"),
    "item.overdue": Words(zh="账款逾期", en="item overdue"),
    "consent.ended": Words(zh="授权到期或撤回", en="consent ended"),
    "day.closed": Words(zh="日结扫描", en="scan of the day"),
    "policy.rescored": Words(zh="评分模型更新", en="new rating model"),
    "grade.approved": Words(zh="人工调整等级", en="grade set by people"),
    "grade.ended": Words(zh="人工等级到期", en="a grade set by people ended"),
    "manual": Words(zh="人工发起", en="asked for by a person"),
}


def words_of(cause: str) -> Words:
    """Return the words of a cause; what the house does not know is shown as it was written."""
    return _CAUSES.get(cause, Words(zh=cause, en=cause))
