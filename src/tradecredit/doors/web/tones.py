"""Every status the pages show: its word in both languages, its icon and its colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True)
class Tone:
    """How one status looks; ``colour`` is good, warn, late, bad, info or plain."""

    words: Words
    icon: str
    colour: str


def _tone(zh: str, en: str, icon: str, colour: str) -> Tone:
    return Tone(words=Words(zh=zh, en=en), icon=icon, colour=colour)


_GOOD, _WARN, _BAD = "check-circle", "alert", "cross-circle"

TONES: Final = {
    "outcome": {
        "approve": _tone("通过", "Approved", _GOOD, "good"),
        "warn": _tone("通过(有提示)", "Approved with a warning", _WARN, "warn"),
        "review": _tone("需审批", "Needs approval", "clock", "late"),
        "hold": _tone("拦截", "Held", "hold", "bad"),
        "reject": _tone("拒绝", "Rejected", _BAD, "bad"),
    },
    "row_outcome": {
        "pass": _tone("通过", "Pass", _GOOD, "good"),
        "warn": _tone("提示", "Warn", _WARN, "warn"),
        "review": _tone("转人工审批", "A person decides", "clock", "late"),
        "hold": _tone("拦截", "Hold", "hold", "bad"),
        "refuse": _tone("拒绝", "Refuse", _BAD, "bad"),
    },
    "draft": {
        "open": _tone("起草中", "Being written", "clock", "late"),
        "published": _tone("已发布", "Published", _GOOD, "good"),
        "withdrawn": _tone("已撤回", "Withdrawn", "cross", "plain"),
        "in_force": _tone("现行", "In force", _GOOD, "good"),
    },
    "point": {
        "order": _tone("下单", "order", "order", "plain"),
        "delivery": _tone("发货", "delivery", "forward", "plain"),
        "invoice": _tone("开票", "invoice", "receivables", "plain"),
    },
    "passed": {
        "True": _tone("符合", "Met", _GOOD, "good"),
        "False": _tone("不符合", "Not met", _BAD, "bad"),
        "None": _tone("未知", "Unknown", _WARN, "warn"),
        "": _tone("未知", "Unknown", _WARN, "warn"),
    },
    "contract": {
        "draft": _tone("草稿", "Draft", "file", "plain"),
        "in_review": _tone("法务审核中", "With legal", "clock", "late"),
        "reviewed": _tone("法务已通过", "Cleared by legal", "check", "info"),
        "signed": _tone("已签署", "Signed", _GOOD, "good"),
        "ended": _tone("已终止", "Ended", "cross", "plain"),
    },
    "nature": {
        "sale": _tone("销售发票", "Invoice", "receivables", "plain"),
        "interest": _tone("逾期利息", "Interest", "clock", "plain"),
        "fee": _tone("费用", "Fee", "receivables", "plain"),
        "opening": _tone("期初余额", "Opening balance", "receivables", "plain"),
        "recovery": _tone("坏账收回", "Recovery", "receivables", "plain"),
        "credit": _tone("贷项", "Credit note", "receivables", "plain"),
        "red_letter": _tone("红字发票", "Red-letter invoice", "receivables", "plain"),
        "write_off": _tone("坏账核销", "Write-off", "receivables", "plain"),
        "deduction": _tone("扣款", "Deduction", "receivables", "plain"),
        "set_off": _tone("往来抵销", "Set-off", "receivables", "plain"),
    },
    "account_statement": {
        "sent": _tone("待答复", "Waiting", "clock", "late"),
        "confirmed": _tone("确认无误", "Confirmed", _GOOD, "good"),
        "disagreed": _tone("有异议", "Contested", _WARN, "bad"),
        "withdrawn": _tone("已撤回", "Withdrawn", "cross", "plain"),
    },
    "line_answer": {
        "": _tone("未答复", "No answer", "clock", "plain"),
        "agreed": _tone("认可", "Agreed", "check", "good"),
        "disagreed": _tone("异议", "Contested", _WARN, "bad"),
    },
    "adjustment": {
        "open": _tone("待审批", "Waiting", "clock", "late"),
        "posted": _tone("已入账", "Posted", _GOOD, "good"),
        "rejected": _tone("已驳回", "Rejected", _BAD, "bad"),
    },
    "bill": {
        "held": _tone("库存", "Held", "file", "info"),
        "pledged": _tone("已质押", "Pledged", "file", "info"),
        "endorsed": _tone("已背书", "Endorsed", "forward", "warn"),
        "discounted": _tone("已贴现", "Discounted", "forward", "warn"),
        "sold": _tone("已转让", "Passed on", "forward", "plain"),
        "collected": _tone("已兑付", "Paid", _GOOD, "good"),
        "lapsed": _tone("追索期已过", "Recourse lapsed", "check", "good"),
        "split": _tone("已拆分", "Split", "check", "good"),
        "dishonoured": _tone("拒付", "Dishonoured", _BAD, "bad"),
    },
    "acceptor": {
        "state_bank": _tone("国股行", "State or joint-stock bank", "shield", "plain"),
        "city_bank": _tone("城商行", "City bank", "shield", "plain"),
        "rural_bank": _tone("农商行", "Rural bank", "shield", "plain"),
        "finance_company": _tone("财务公司", "Finance company", "shield", "plain"),
        "commercial": _tone("企业", "Company", "shield", "plain"),
    },
    "cover": {
        "waiting": _tone("待文件", "Waiting for documents", "clock", "warn"),
        "counts": _tone("生效中", "Counts", _GOOD, "good"),
        "outside": _tone("不在有效期", "Outside its validity", "clock", "plain"),
        "active": _tone("生效", "Active", _GOOD, "good"),
        "withdrawn": _tone("已撤销", "Withdrawn", "cross", "plain"),
    },
    "cover_kind": {
        "guarantee": _tone("保证", "Guarantee", "shield", "plain"),
        "insurance": _tone("信用保险", "Insurance", "shield", "plain"),
        "collateral": _tone("抵押", "Collateral", "shield", "plain"),
        "deposit": _tone("保证金", "Deposit", "shield", "plain"),
    },
    "order": {
        "draft": _tone("草稿", "Draft", "file", "plain"),
        "pending": _tone("待检查", "To be checked", "clock", "plain"),
        "open": _tone("执行中", "Open", "order", "info"),
        "held": _tone("被拦", "Held", "hold", "bad"),
        "released": _tone("已放行", "Released", _GOOD, "good"),
        "approved": _tone("已放行", "Released", _GOOD, "good"),
        "delivered": _tone("已发货", "Delivered", "check", "good"),
        "part_delivered": _tone("部分发货", "Partly delivered", "split", "info"),
        "invoiced": _tone("已开票", "Invoiced", "receivables", "info"),
        "rejected": _tone("已驳回", "Rejected", _BAD, "bad"),
        "cancelled": _tone("已取消", "Cancelled", "cross", "plain"),
        "expired": _tone("已过期", "Expired", "clock", "plain"),
        "merged": _tone("已并回原单", "Back in its order", "split", "plain"),
        "closed": _tone("已关闭", "Closed", "check", "plain"),
    },
    "bank_line": {
        "matched": _tone("已核销", "Matched", _GOOD, "good"),
        "suggested": _tone("待选择", "Suggested", "split", "info"),
        "unidentified": _tone("未识别", "Unidentified", _WARN, "warn"),
        "held": _tone("待核对", "Held", "hold", "late"),
        "returned": _tone("已退回", "Went back", "arrow-down", "bad"),
        "refund": _tone("退款", "Refund", "cash", "warn"),
        "outgoing": _tone("付款", "Going out", "up-right", "plain"),
        "dismissed": _tone("已忽略", "Dismissed", "cross", "plain"),
    },
    "balanced": {
        "True": _tone("余额相符", "Adds up", _GOOD, "good"),
        "False": _tone("余额不符", "Does not add up", _BAD, "bad"),
        "": _tone("无余额", "No balances", "info", "plain"),
    },
    "item": {
        "not_due": _tone("未到期", "Not due", "clock", "plain"),
        "overdue": _tone("逾期", "Overdue", _WARN, "bad"),
        "paid": _tone("已结清", "Paid", _GOOD, "good"),
        "disputed": _tone("争议中", "Disputed", "fact", "warn"),
        "open": _tone("未结清", "Open", "receivables", "info"),
    },
    "trend": {
        "slower": _tone("付款变慢", "Paying slower", "arrow-down", "late"),
        "steady": _tone("付款平稳", "Paying as before", "arrow-flat", "plain"),
        "faster": _tone("付款变快", "Paying faster", "arrow-up", "good"),
    },
    "task": {
        "open": _tone("待办", "To do", "clock", "warn"),
        "pending": _tone("待审批", "Awaiting approval", "clock", "warn"),
        "approved": _tone("已同意", "Approved", _GOOD, "good"),
        "rejected": _tone("已驳回", "Rejected", _BAD, "bad"),
        "done": _tone("已办", "Done", _GOOD, "good"),
        "withdrawn": _tone("已撤回", "Withdrawn", "cross", "plain"),
        "cancelled": _tone("已取消", "Cancelled", "cross", "plain"),
        "expired": _tone("已过期", "Expired", "clock", "plain"),
        "superseded": _tone("已被取代", "Superseded", "cross", "plain"),
        "cured": _tone("原因已消除", "Cured", _GOOD, "good"),
    },
    "severity": {
        "red": _tone("红色", "Red", _WARN, "bad"),
        "orange": _tone("橙色", "Orange", _WARN, "late"),
        "yellow": _tone("黄色", "Yellow", _WARN, "warn"),
        "info": _tone("提示", "Notice", "info", "info"),
    },
    "letter": {
        "pending": _tone("待发送", "To be sent", "clock", "warn"),
        "dropped": _tone("已撤下", "Dropped", "cross", "plain"),
        "queued": _tone("待发送", "Queued", "clock", "warn"),
        "draft": _tone("草稿", "Draft", "file", "plain"),
        "sent": _tone("已发送", "Sent", _GOOD, "good"),
        "failed": _tone("发送失败", "Failed", _BAD, "bad"),
        "cancelled": _tone("已取消", "Cancelled", "cross", "plain"),
    },
    "promise": {
        "open": _tone("未到期", "Open", "clock", "warn"),
        "kept": _tone("已兑现", "Kept", _GOOD, "good"),
        "broken": _tone("落空", "Broken", _BAD, "bad"),
    },
    "instalment_plan": {
        "running": _tone("履行中", "Running", "clock", "info"),
        "late": _tone("有一期迟付", "A part is late", _WARN, "late"),
        "broken": _tone("违约", "Broken", _BAD, "bad"),
        "kept": _tone("已履行", "Kept", _GOOD, "good"),
    },
    "plan": {
        "running": _tone("进行中", "Running", "clock", "late"),
        "done": _tone("完成", "Done", _GOOD, "good"),
    },
    "limit": {
        "active": _tone("生效中", "In force", _GOOD, "good"),
        "proposed": _tone("待批准", "Awaiting approval", "clock", "warn"),
        "approved": _tone("已批准", "Approved", _GOOD, "good"),
        "rejected": _tone("已驳回", "Rejected", _BAD, "bad"),
        "expired": _tone("已到期", "Expired", "clock", "plain"),
        "superseded": _tone("已被取代", "Superseded", "cross", "plain"),
        "not_set": _tone("未授信(现款)", "Not granted (cash only)", "info", "plain"),
        "unlimited": _tone("不控制", "Unlimited", "info", "info"),
    },
}


def of(kind: str, value: str) -> Tone:
    """Return how a status looks; an unknown one shows its own name, in plain colour."""
    known = TONES.get(kind, {}).get(value)
    return known or _tone(value or "–", value or "–", "info", "plain")
