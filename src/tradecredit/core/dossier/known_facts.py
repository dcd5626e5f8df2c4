"""The facts that rules know: their names, what a value looks like, which side speaks against, what needs a consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tradecredit.core.kernel.reasons import Words

Kind = Literal["flag", "count", "number", "share", "word", "identity"]
# Which side of a fact speaks against the customer, where it has one.
Worse = Literal["", "yes", "more"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFact:
    """A fact that rules may ask for: its name, what a value looks like, and what it is called.

    ``worse`` is the side that speaks against the customer; ``consent`` what the customer must have agreed to.
    """

    name: str
    kind: Kind
    label: Words
    worse: Worse = ""
    consent: str = ""


def _known(name: str, kind: Kind, zh: str, en: str, *, worse: Worse = "", consent: str = "") -> KnownFact:
    return KnownFact(name=name, kind=kind, label=Words(zh=zh, en=en), worse=worse, consent=consent)


# What is known from dealing with the customer: how contracts were kept, complaints and after-sales, suppliers' words.
_DEALINGS: Final = (
    _known("contract_fulfilment_rate", "share", "合同履约率", "share of contracts kept"),
    _known("contract_breaches", "count", "合同违约次数", "breaches of contract", worse="more"),
    _known(
        "contract_breach_amount", "number", "合同违约金额", "amount of breaches of contract", worse="more"
    ),
    _known("complaints", "count", "投诉次数", "complaints", worse="more"),
    _known("complaints_open", "count", "未结投诉数", "complaints not settled", worse="more"),
    _known("after_sales_claims", "count", "售后索赔数", "after-sales claims", worse="more"),
    _known(
        "after_sales_claim_amount", "number", "售后索赔金额", "amount of after-sales claims", worse="more"
    ),
    _known("goods_returned_share", "share", "退货比例", "share of goods returned", worse="more"),
    _known("supplier_evaluation", "number", "供应商评价得分", "score given by suppliers"),
    _known("supplier_evaluation_grade", "word", "供应商评价等级", "grade given by suppliers"),
    _known(
        "supplier_payment_dispute",
        "flag",
        "与供应商有付款纠纷",
        "payment dispute with suppliers",
        worse="yes",
    ),
)
DEALINGS: Final = tuple(fact.name for fact in _DEALINGS)

KNOWN: Final = {
    fact.name: fact
    for fact in (
        _known("registry_status", "word", "登记状态", "registry status"),
        _known("pending_lawsuits", "count", "未结诉讼数", "pending lawsuits", worse="more"),
        _known("dishonest_debtor", "flag", "失信被执行人", "dishonest debtor", worse="yes"),
        _known("enforcement_records", "count", "被执行记录数", "enforcement records", worse="more"),
        _known("abnormal_operation", "flag", "经营异常", "abnormal operation", worse="yes"),
        _known("equity_pledge_ratio", "share", "股权质押比例", "equity pledge ratio", worse="more"),
        _known("industry_score", "number", "行业评分", "industry score"),
        _known("years_in_business", "number", "经营年限", "years in business"),
        _known("ownership_type", "word", "所有制类型", "type of ownership"),
        _known("customer_class", "word", "客户类别", "customer class"),
        _known("industry_position", "word", "行业地位", "position in the industry"),
        _known("major_lawsuit", "flag", "重大诉讼", "major lawsuit", worse="yes"),
        _known(
            "pending_lawsuit_amount", "number", "未结诉讼标的额", "amount of pending lawsuits", worse="more"
        ),
        _known("negative_news", "flag", "负面舆情", "negative news", worse="yes"),
        _known("legal_representative_changed", "flag", "法定代表人变更", "legal representative changed"),
        _known("overdue_explained", "flag", "逾期原因已认可", "accepted explanation of the delay"),
        _known("consumption_restricted", "flag", "限制高消费", "restricted consumption", worse="yes"),
        _known("serious_violation", "flag", "严重违法", "serious violation", worse="yes"),
        _known("bankruptcy", "flag", "破产重整", "bankruptcy", worse="yes"),
        _known("tax_violation", "flag", "税收违法", "tax violation", worse="yes"),
        _known("enforcement_amount", "number", "被执行金额", "amount under enforcement", worse="more"),
        _known("administrative_penalties", "count", "行政处罚数", "administrative penalties", worse="more"),
        _known("equity_pledges", "count", "股权出质数", "equity pledges", worse="more"),
        _known("equity_freezes", "count", "股权冻结数", "equity freezes", worse="more"),
        _known("chattel_mortgages", "count", "动产抵押数", "chattel mortgages", worse="more"),
        _known("tax_arrears", "number", "欠税金额", "tax arrears", worse="more"),
        _known("tax_arrears_notices", "count", "欠税公告数", "notices of tax arrears", worse="more"),
        _known("address_changes", "count", "地址变更次数", "changes of address", worse="more"),
        _known("purchaser_changes", "count", "采购人员变更次数", "changes of the purchaser", worse="more"),
        _known("legal_representative", "word", "法定代表人", "legal representative"),
        _known("legal_representative_changed_on", "word", "法定代表人变更日", "representative changed on"),
        _known("shareholders_changed_on", "word", "股东变更日", "shareholders changed on"),
        _known("registered_name", "word", "登记名称", "registered name"),
        _known("registered_number", "word", "登记的统一社会信用代码", "number in the register"),
        _known("registered_address", "word", "登记地址", "registered address"),
        _known("registered_phone", "word", "登记电话", "registered telephone"),
        _known("registered_capital", "word", "注册资本", "registered capital"),
        _known("paid_capital", "word", "实缴资本", "paid-up capital"),
        _known("former_names", "word", "曾用名", "former names"),
        _known("company_type", "word", "企业类型", "type of company"),
        _known("ultimate_controller", "word", "实际控制人", "ultimate controller"),
        _known(
            "legal_representative_id",
            "identity",
            "法定代表人证件号",
            "representative's identity number",
            consent="identity",
        ),
        _known("external_debt", "number", "对外负债", "external debt", worse="more", consent="credit"),
        _known("loans_overdue", "number", "贷款逾期金额", "loans overdue", worse="more", consent="credit"),
        _known("bank_inflow", "number", "银行流水流入", "inflow on bank accounts", consent="bank"),
        _known("bank_outflow", "number", "银行流水流出", "outflow on bank accounts", consent="bank"),
        *_DEALINGS,
    )
}
