"""The sentences of checks of levels above the account, of behaviour and of what lies ahead."""

from __future__ import annotations

from typing import Final

from tradecredit.core.kernel.reasons import Words

SENTENCES: Final = {
    "rule.secured": Words(
        zh="连同本单共欠 {ours}，担保 {limit} 足以覆盖，不受此项限制。",
        en="{ours} owed with this document is covered by {limit}: exempt.",
    ),
    "payment_behaviour.unknown": Words(
        zh="读不到付款记录，需人工确认。", en="Payments could not be read: a person must look."
    ),
    "payment_behaviour.nothing_paid": Words(zh="还没有付款记录。", en="Nothing has been paid yet."),
    "payment_behaviour.passed": Words(
        zh="平均晚付 {ours}，未超 {limit}。", en="Pays {ours} late on average, at most {limit}."
    ),
    "payment_behaviour.failed": Words(
        zh="平均晚付 {ours}，超过 {limit}。", en="Pays {ours} late on average, above {limit}."
    ),
    "dunning_level.unknown": Words(
        zh="读不到催收记录，需人工确认。", en="Reminders could not be read: a person must look."
    ),
    "dunning_level.passed": Words(zh="未清项未到催收阶段 {limit}。", en="No open item has reached {limit}."),
    "dunning_level.failed": Words(zh="未清项已到催收阶段 {ours}。", en="An open item has reached {ours}."),
    "changed_terms.not_changed": Words(zh="账期未变更。", en="The terms are not changed."),
    "changed_terms.passed": Words(zh="账期 {ours}，原为 {limit}。", en="Terms of {ours}; they were {limit}."),
    "changed_terms.failed": Words(
        zh="账期由 {limit} 改为 {ours}，延长 {gap}。",
        en="The terms were {limit} and are now {ours}: {gap} longer.",
    ),
    "dynamic_limit.unknown": Words(
        zh="读不到到期分布，需人工确认。", en="Due dates could not be read: a person must look."
    ),
    "dynamic_limit.no_line": Words(
        zh="没有金额额度，无从比较。", en="There is no line with an amount to compare with."
    ),
    "dynamic_limit.later": Words(
        zh="本单 {ours} 后才要货，超出 {limit} 的展望期，暂不占用。",
        en="Wanted in {ours}, beyond the horizon of {limit}: it does not count yet.",
    ),
    "dynamic_limit.passed": Words(
        zh="本单 {ours} 在展望期内可用的 {limit} 之内。",
        en="{ours} fits into the {limit} left within the horizon.",
    ),
    "dynamic_limit.failed": Words(
        zh="本单 {ours} 超出展望期内可用的 {limit}，差 {gap}。",
        en="{ours} does not fit into the {limit} left within the horizon; {gap} are missing.",
    ),
    "overdue_in_all.no_figure": Words(
        zh="政策没有规定该币种的金额。", en="The policy names no amount in this currency."
    ),
    "overdue_in_all.passed": Words(
        zh="逾期 {ours}：金额、天数、占比未同时超线。",
        en="{ours} overdue: amount, age and share do not all pass their lines.",
    ),
    "overdue_in_all.failed": Words(
        zh="逾期 {ours} 超过 {limit}，且天数与占比也都超线。",
        en="{ours} overdue is above {limit}, and so are its age and share.",
    ),
    "control_nodes.none": Words(zh="不属于任何受控集团或组合。", en="It counts in no group or portfolio."),
    "control_nodes.no_limit": Words(
        zh="“{level}”未设额度，不比较。", en="{level} has no limit to compare with."
    ),
    "control_nodes.unlimited": Words(zh="“{level}”不控制额度。", en="{level} is not limited."),
    "control_nodes.other_level_decides": Words(
        zh="“{level}”不参与：已指定由另一层级单独决定。",
        en="{level} is left out: another level decides alone.",
    ),
    "control_nodes.no_rate": Words(
        zh="“{level}”缺少 {ours} 汇率，无法折算，需人工确认。请录入汇率。",
        en="{level} cannot be added up without a rate for {ours}: record the rate, or a person must look.",
    ),
    "control_nodes.old_rate": Words(
        zh="“{level}”所用汇率已有 {ours}，超过 {limit}，需更新汇率。",
        en="The rate used for {level} is {ours} old, above {limit}: record a newer one.",
    ),
    "control_nodes.covered": Words(
        zh="“{level}”：本次发货由订单放行时的占用覆盖。",
        en="{level}: the room of the released order covers it.",
    ),
    "control_nodes.items_unknown": Words(
        zh="“{level}”按产品统计，而本单没有写明产品明细：请补充订单行。",
        en="{level} counts products, and this document names none: give its lines.",
    ),
    "control_nodes.nothing_asked": Words(zh="“{level}”没有新增占用。", en="Nothing new is taken at {level}."),
    "control_nodes.passed": Words(
        zh="“{level}”：本单 {ours} 在余量 {limit} 之内。",
        en="{level}: {ours} fits into the {limit} that are left.",
    ),
    "control_nodes.failed": Words(
        zh="“{level}”：本单 {ours} 超出余量 {limit}，差 {gap}。",
        en="{level}: {ours} does not fit into the {limit} that are left; {gap} are missing.",
    ),
    "concentration.no_portfolio": Words(
        zh="不属于任何组合，不比较集中度。", en="It counts in no portfolio, so there is no concentration."
    ),
    "concentration.small": Words(
        zh="“{level}”合计 {ours}，未到比较集中度的金额。",
        en="{level} has {ours}: too little to ask for its share of the portfolio.",
    ),
    "concentration.passed": Words(
        zh="“{level}”占组合 {ours}，不超过 {limit}。",
        en="{level} makes up {ours} of the portfolio, at most {limit} allowed.",
    ),
    "concentration.failed": Words(
        zh="“{level}”占组合 {ours}，超过 {limit}：过于集中。",
        en="{level} makes up {ours} of the portfolio, above {limit}: too much with one.",
    ),
    "control_node_utilisation.passed": Words(
        zh="“{level}”含本单使用率 {ours}，低于 {limit}。",
        en="{level}: utilisation with this document is {ours}, below {limit}.",
    ),
    "control_node_utilisation.failed": Words(
        zh="“{level}”含本单使用率 {ours}，达到提醒线 {limit}。",
        en="{level}: utilisation with this document is {ours} and reaches {limit}.",
    ),
}
