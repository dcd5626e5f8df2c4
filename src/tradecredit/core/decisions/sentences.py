"""The sentences of checks and remedies in both languages, by key; ``{ours}``, ``{limit}`` and ``{gap}`` are filled in."""

from __future__ import annotations

from typing import Final

from tradecredit.core.decisions import outlook_sentences
from tradecredit.core.kernel.reasons import Words

SENTENCES: Final = {
    **outlook_sentences.SENTENCES,
    "rule.other_control_point": Words(zh="此项不检查{ours}环节。", en="This check is not made for {ours}."),
    "rule.small_document": Words(
        zh="金额 {ours} 不超过小额豁免线 {limit}，免检。",
        en="The amount of {ours} is within the small-document line of {limit}: exempt.",
    ),
    "rule.taken_over_line": Words(
        zh="额度为上线前已授予，按其原有条件执行；重新审批后适用本级条件。",
        en="The line was granted before and keeps its own terms until it is approved anew.",
    ),
    "rule.prepaid": Words(
        zh="本次 {ours} 已预付 {limit}，不受此项限制。", en="{ours} is prepaid with {limit}: exempt."
    ),
    "rule.released": Words(
        zh="已由人放行：本次 {ours} 在放行余量 {limit}（含容差）之内，不再拦截。",
        en="Released by people before: {ours} is within the {limit} left of the release, tolerance included.",
    ),
    "rule.excluded": Words(
        zh="该客户自 {ours} 起免于信用检查（至 {limit}），有据可查。",
        en="The customer is excluded from checks since {ours} (until {limit}), on record.",
    ),
    "rule.level_decides": Words(
        zh="由“{level}”的额度决定，不看本账户自身额度。",
        en="The line of {level} decides; the account's own line does not.",
    ),
    "rule.grade_unknown": Words(
        zh="此项只针对 {limit} 级客户，该客户尚无评级，无法判断。",
        en="This check is for grade {limit} only and the customer has no grade yet, so nobody can tell.",
    ),
    "rule.other_grade": Words(
        zh="此项只针对 {limit} 级客户，该客户为 {ours} 级。",
        en="This check is for grade {limit} only; the customer has grade {ours}.",
    ),
    "customer_active.unknown": Words(
        zh="系统中没有这个客户。请先建档。", en="The customer is not known. Record the customer first."
    ),
    "customer_active.passed": Words(
        zh="客户状态为“{ours}”，可以交易。", en="The customer is {ours} and may trade."
    ),
    "customer_active.failed": Words(
        zh="客户状态为“{ours}”，只有“{limit}”状态可以赊销。",
        en="The customer is {ours}; buying on credit is for those who are {limit}.",
    ),
    "line_set.unknown": Words(
        zh="读不到额度，需人工确认。", en="The line could not be read: a person must look."
    ),
    "line_set.failed": Words(
        zh="尚未授信，只能现款。请先申请额度。",
        en="No credit line has been granted: cash only. Apply for a line.",
    ),
    "line_set.passed": Words(zh="已有授信额度。", en="A credit line has been granted."),
    "line_valid.open_ended": Words(zh="额度没有到期日。", en="The line has no end."),
    "line_valid.passed": Words(zh="额度在有效期内。", en="The line is in force."),
    "line_valid.early": Words(zh="额度自 {limit} 起生效，尚未开始。", en="The line begins on {limit}."),
    "line_valid.lapsed": Words(
        zh="额度已于 {limit} 到期，需复审续期。", en="The line lapsed on {limit} and needs a review."
    ),
    "headroom.unknown": Words(
        zh="读不到额度占用，需人工确认。", en="The exposure could not be read: a person must look."
    ),
    "headroom.unlimited": Words(zh="该客户不控制额度。", en="The account is not limited."),
    "headroom.no_line": Words(
        zh="没有额度，无从比较（见“是否授信”）。",
        en="There is no line to compare with; see the check of the line.",
    ),
    "headroom.covered": Words(
        zh="本次 {ours} 由订单放行时占用的 {limit} 覆盖。",
        en="{ours} is covered by the {limit} held since the order was released.",
    ),
    "headroom.nothing_asked": Words(zh="没有新增占用。", en="Nothing new is taken."),
    "headroom.passed": Words(
        zh="本单 {ours} 在可用额度 {limit} 之内。", en="{ours} fits into the headroom of {limit}."
    ),
    "headroom.failed": Words(
        zh="本单 {ours} 超出可用额度 {limit}，差 {gap}。",
        en="{ours} does not fit into the headroom of {limit}; {gap} are missing.",
    ),
    "single_document_maximum.no_figure": Words(
        zh="政策没有规定该币种的单笔上限。", en="The policy names no maximum in this currency."
    ),
    "single_document_maximum.passed": Words(
        zh="本单 {ours} 未超单笔上限 {limit}。",
        en="{ours} is within the maximum of {limit} for one document.",
    ),
    "single_document_maximum.failed": Words(
        zh="本单 {ours} 超过单笔上限 {limit}，超出 {gap}。",
        en="{ours} is above the maximum of {limit} for one document by {gap}.",
    ),
    "order_warning_line.no_figure": Words(
        zh="政策没有规定该币种的订单预警线。", en="The policy names no warning line in this currency."
    ),
    "order_warning_line.passed": Words(
        zh="本单 {ours} 未触发订单预警线 {limit}（或已部分预付）。",
        en="{ours} is within the warning line of {limit}, or a part of it is prepaid.",
    ),
    "order_warning_line.failed": Words(
        zh="本单 {ours} 超过本级订单预警线 {limit}，须再预付 {gap} 或由第三方担保。",
        en="{ours} is above the grade's warning line of {limit}: {gap} are to be prepaid, or guaranteed by others.",
    ),
    "utilisation.no_line": Words(
        zh="没有金额额度，不算使用率。", en="No line with an amount, so no utilisation."
    ),
    "utilisation.passed": Words(
        zh="含本单额度使用率 {ours}，低于 {limit}。",
        en="Utilisation with this document is {ours}, below {limit}.",
    ),
    "utilisation.failed": Words(
        zh="含本单额度使用率 {ours}，达到提醒线 {limit}。",
        en="Utilisation with this document is {ours} and reaches the line of {limit}.",
    ),
    "order_share_of_available.nothing_asked": Words(zh="没有新增占用。", en="Nothing new is taken."),
    "order_share_of_available.no_room": Words(
        zh="已无可用额度。", en="There is no headroom of which it could be a share."
    ),
    "order_share_of_available.passed": Words(
        zh="本单占可用额度 {ours}，未超 {limit}。",
        en="The document takes {ours} of the headroom, at most {limit}.",
    ),
    "order_share_of_available.failed": Words(
        zh="本单占可用额度 {ours}，超过 {limit}。",
        en="The document takes {ours} of the headroom, above {limit}.",
    ),
    "invoice_for_delivered.no_invoice": Words(
        zh="本单不是发票，此项不适用。",
        en="This is no invoice, so there is nothing to compare with what was delivered.",
    ),
    "invoice_for_delivered.passed": Words(
        zh="已发货 {limit}，开票 {ours} 不受限制。",
        en="{limit} have been delivered; an invoice of {ours} is never stopped.",
    ),
    "invoice_for_delivered.failed": Words(
        zh="开票 {ours} 多于已发货 {limit}，多出 {gap}，请核对。",
        en="The invoice of {ours} is {gap} above the {limit} delivered: have a look.",
    ),
    "receivables.unknown": Words(
        zh="读不到应收数据，需人工确认。", en="The receivables could not be read: a person must look."
    ),
    "receivables.pennies": Words(
        zh="逾期 {ours} 不超过忽略线 {limit}，不计。",
        en="{ours} overdue is within the {limit} that is ignored.",
    ),
    "overdue_days.passed": Words(
        zh="最长逾期 {ours}，未超 {limit}。", en="The longest overdue is {ours}, at most {limit} allowed."
    ),
    "overdue_days.failed": Words(
        zh="最长逾期 {ours}，超过允许的 {limit}，超出 {gap}。",
        en="The longest overdue is {ours}; {limit} are allowed, {gap} too many.",
    ),
    "overdue_share.none": Words(zh="没有未清应收。", en="There are no open invoices."),
    "overdue_share.passed": Words(
        zh="逾期占比 {ours}，未超 {limit}。", en="{ours} is overdue, at most {limit}."
    ),
    "overdue_share.failed": Words(
        zh="逾期占比 {ours}，超过 {limit}。", en="{ours} of the open invoices is overdue, above {limit}."
    ),
    "oldest_open_item.none": Words(zh="没有未清项目。", en="Nothing is open."),
    "oldest_open_item.passed": Words(
        zh="最早未清项账龄 {ours}，未超 {limit}。", en="The oldest open item is {ours} old, at most {limit}."
    ),
    "oldest_open_item.failed": Words(
        zh="最早未清项账龄 {ours}，超过 {limit}。", en="The oldest open item is {ours} old, above {limit}."
    ),
    "grade_refused.failed": Words(
        zh="评级 {ours}：按政策不做赊销，只收现款。", en="Grade {ours}: no credit by policy, cash only."
    ),
    "prepayment.none_asked": Words(
        zh="额度和评级都不要求预付款。", en="Neither the line nor the grade asks for a prepayment."
    ),
    "prepayment.passed": Words(
        zh="已预付 {ours}，达到要求的 {limit}。", en="{ours} is prepaid, {limit} is asked."
    ),
    "prepayment.failed": Words(
        zh="须预付 {limit}，已收 {ours}，差 {gap}。",
        en="{limit} must be prepaid, {ours} is, {gap} are missing.",
    ),
    "terms_days.not_asked": Words(
        zh="未要求账期，按额度账期执行。", en="No terms are asked; those of the line apply."
    ),
    "terms_days.unknown": Words(
        zh="要求账期 {ours}，但额度没有约定账期。", en="{ours} are asked and the line names no terms."
    ),
    "terms_days.passed": Words(zh="账期 {ours} 未超 {limit}。", en="Terms of {ours} are within {limit}."),
    "terms_days.failed": Words(
        zh="要求账期 {ours}，允许 {limit}，多 {gap}。",
        en="{ours} are asked, {limit} are granted, {gap} too many.",
    ),
    "rating_present.unknown": Words(
        zh="该客户尚无有效评级，需人工复核。", en="The customer has no rating: a person must look."
    ),
    "rating_present.passed": Words(zh="评级为 {ours}。", en="The grade is {ours}."),
    "rating_present.fresh": Words(
        zh="评级作出已 {ours}，未超 {limit}。", en="Rated {ours} ago, at most {limit}."
    ),
    "rating_present.stale": Words(
        zh="评级已有 {ours}，超过 {limit}，需重新评级。", en="Rated {ours} ago, above {limit}: rate again."
    ),
    "watch.unknown": Words(
        zh="读不到预警数据，需人工确认。", en="Alerts could not be read: a person must look."
    ),
    "freeze.passed": Words(zh="没有冻结。", en="Nothing is frozen."),
    "freeze.failed": Words(zh="该客户已被冻结：{ours}。", en="Frozen for this customer: {ours}."),
    "high_risk.passed": Words(zh="没有高风险标记。", en="There is no high-risk mark."),
    "high_risk.failed": Words(zh="该客户被标记为高风险。", en="The customer is marked as high risk."),
    "alert_level.passed": Words(zh="没有相应级别的预警。", en="No alert of that level is open."),
    "alert_level.failed": Words(zh="有未处理的{ours}预警。", en="There is an open {ours} alert."),
}

REMEDIES: Final = {
    "receive_invoices": Words(zh="先收 {references} {amount}", en="Receive {references}, {amount}"),
    "receive_and_prepay": Words(
        zh="先收 {references} {amount}，并预付 {prepaid}",
        en="Receive {references}, {amount}, and have {prepaid} prepaid",
    ),
    "ship_part": Words(zh="分批：现在可发 {amount}", en="Ship {amount} now"),
    "prepay": Words(zh="客户预付 {amount}", en="Have {amount} prepaid"),
    "temporary_line": Words(
        zh="申请临时额度 {amount}, {days} 天", en="Ask for a temporary line of {amount} for {days} days"
    ),
    "raise_level": Words(
        zh="为“{references}”追加额度 {amount}", en="Raise the limit of {references} by {amount}"
    ),
    "shorten_terms": Words(zh="账期缩短为 {days} 天", en="Shorten the terms to {days} days"),
    "renew_line": Words(zh="复审并续期额度", en="Review and renew the line"),
    "set_line": Words(zh="申请授信额度", en="Apply for a credit line"),
    "get_rating": Words(zh="补齐资料并评级", en="Complete the dossier and rate the customer"),
    "lift_freeze": Words(zh="消除冻结原因后解冻", en="Cure the cause of the freeze and lift it"),
}
