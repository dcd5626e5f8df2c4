"""The columns we know, by kind of file, with the headings that people and other systems use for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Content = Literal["code", "text", "amount", "day", "count", "currency", "limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One canonical column: its field name, what stands in it, and the headings it goes by, the likeliest first."""

    field: str
    content: Content
    headings: tuple[str, ...]
    is_required: bool = False

    @property
    def title(self) -> str:
        """Return the canonical heading, for example ``customer code``."""
        return self.field.replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a kind; ``key`` identifies a row, ``either`` lists fields of which at least one is needed."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]
    either: tuple[tuple[str, ...], ...] = field(default_factory=tuple)

    def column(self, name: str) -> Column | None:
        """Return the column with the field name or canonical heading."""
        wanted = name.strip().lower().replace(" ", "_").replace("-", "_")
        return next((column for column in self.columns if column.field == wanted), None)


def _column(name: str, content: Content, headings: str, *, required: bool = False) -> Column:
    own = name.replace("_", " ")
    return Column(field=name, content=content, headings=(own, *headings.split("|")), is_required=required)


_CUSTOMER_CODE: Final = _column(
    "customer_code",
    "code",
    "customer number|customer no|customer id|cust number|cust no|cust id|cust code|account number|account no|kunnr|"
    "debtor|debtor number|client id|client code|客户编码|客户代码|客户编号|客户号|客户ID|往来单位编码|往来单位编号|单位编码|"
    "单位编号|购货单位编码|购货单位编号|购货单位代码|客商编码|客商编号|经销商编码|经销商编号|买方编码",
)
_CUSTOMER_NAME: Final = _column(
    "customer_name",
    "text",
    "name customer|cust name|name|customer|account name|company name|client name|debtor name|客户名称|客户|客户全称|公司名称|"
    "企业名称|单位名称|购货单位|购货单位名称|购方名称|购买方名称|往来单位|往来单位名称|客商名称|经销商名称|经销商|买方名称|付款单位名称",
)
_REQUIRED_CODE: Final = Column(
    field="customer_code", content="code", headings=_CUSTOMER_CODE.headings, is_required=True
)
_CURRENCY: Final = _column(
    "currency",
    "currency",
    "invoice currency|currency code|curr|waers|ccy|document currency|币种|货币|币别|货币代码|结算币种|原币币种",
)
_COMPANY: Final = _column(
    "company",
    "code",
    "company code|legal entity|我方公司|公司代码|公司编码|核算主体|销售组织|所属公司|账套|开票公司|销售主体",
)
_SALESPERSON: Final = _column(
    "salesperson",
    "text",
    "sales rep|sales person|account manager|owner|业务员|销售员|销售人员|销售代表|客户经理|业务人员|负责人|销售|跟单员",
)
_REGION: Final = _column(
    "region", "text", "country code|country|sales region|area|state|大区|区域|地区|销售区域|所属区域|省份|片区|国家"
)
_ORDER_NUMBER: Final = _column(
    "order_number",
    "code",
    "order no|sales order|so number|order id|order|订单号|订单编号|销售订单号|销售订单|单据编号|单号|销售单号",
)
_INVOICE_NUMBER: Final = _column(
    "invoice_number",
    "code",
    "invoice no|invoice num|inv no|inv number|bill number|document number|doc number|doc no|doc id|invoice id|vbeln|belnr|"
    "invoice|发票号码|发票号|发票编号|数电票号码|应收单号|应收单据号|单据编号|单据号|单号|凭证号",
)
_TERMS_DAYS: Final = _column(
    "terms_days",
    "count",
    "payment days|credit days|net days|days|payment term days|账期|账期天数|付款天数|信用天数|赊销天数|信用期",
)

_AMOUNTS: Final = (
    "invoice amount|total open amount|open amount|gross amount|total amount|amount due|total|value|dmbtr|wrbtr|"
    "价税合计|发票金额|开票金额|含税金额|应收金额|总金额|金额|合计金额|本币金额|原币金额|应收款|应收余额"
)

_CUSTOMERS: Final = Layout(
    key=("customer_code",),
    columns=(
        _REQUIRED_CODE,
        Column(field="customer_name", content="text", headings=_CUSTOMER_NAME.headings, is_required=True),
        _column(
            "uscc",
            "code",
            "unified social credit code|credit code|tax number|tax id|税号|统一社会信用代码|社会信用代码|信用代码|"
            "纳税人识别号|统一信用代码|购方税号",
        ),
        _column("customer_type", "text", "type|customer category|客户类型|客户类别|客户分类|企业性质|客户性质"),
        _column("industry", "text", "sector|branch|行业|所属行业|行业分类|客户行业"),
        _REGION,
        _SALESPERSON,
        _column(
            "customer_since",
            "day",
            "since|first order date|cooperation date|合作开始日期|合作日期|建档日期|开户日期|首次合作日期|合作起始日|客户建立日期",
        ),
        _column(
            "parent_code",
            "code",
            "parent|group code|parent customer|上级客户编码|上级编码|母公司编码|集团编码|上级客户|所属集团",
        ),
        _CURRENCY,
        _COMPANY,
    ),
)
_CONTACTS: Final = Layout(
    key=("customer_code", "contact_name"),
    columns=(
        _REQUIRED_CODE,
        _column("contact_name", "text", "contact|name|person|姓名|联系人|联系人姓名", required=True),
        _column("role", "text", "title|position|job title|职务|角色|岗位|职位"),
        _column("phone", "code", "mobile|telephone|tel|电话|手机|手机号|手机号码|联系电话|联系方式"),
        _column("email", "text", "e-mail|mail|邮箱|电子邮箱|邮件|电子邮件"),
        _column("id_number", "code", "identity number|身份证号|身份证号码|证件号码"),
    ),
)
_INVOICES: Final = Layout(
    key=("company", "invoice_number"),
    either=(("customer_code", "customer_name"), ("due_date", "terms_days")),
    columns=(
        Column(field="invoice_number", content="code", headings=_INVOICE_NUMBER.headings, is_required=True),
        _CUSTOMER_CODE,
        _CUSTOMER_NAME,
        _column(
            "invoice_date",
            "day",
            "invoice dt|inv date|billing date|bill date|document date|doc date|posting date|document create date|"
            "issue date|date|开票日期|发票日期|立账日期|应收日期|单据日期|日期|业务日期|出票日期|记账日期",
            required=True,
        ),
        _column(
            "due_date",
            "day",
            "due in date|payment due date|due|net due date|maturity date|到期日|到期日期|应收到期日|付款到期日|应付日期|"
            "收款到期日|约定付款日|预计收款日期|应收款日期",
        ),
        _TERMS_DAYS,
        _column("amount", "amount", _AMOUNTS, required=True),
        _CURRENCY,
        _COMPANY,
        Column(field="order_number", content="code", headings=_ORDER_NUMBER.headings[:-2]),
        _column("contract_number", "code", "contract no|contract id|contract|合同号|合同编号|合同"),
        _SALESPERSON,
        _REGION,
        _column(
            "settled_date",
            "day",
            "clear date|clearing date|cleared date|settlement date|paid date|date paid|augdt|结清日期|核销日期|清账日期|"
            "回款日期|收款日期|实际回款日",
        ),
    ),
)
_CREDIT_NOTES: Final = Layout(
    key=("company", "credit_note_number"),
    columns=(
        _column(
            "credit_note_number",
            "code",
            "credit note no|credit note|credit memo|credit memo number|cn number|红字发票号|红字发票号码|红票号码|贷项单号|"
            "退货单号|单据编号|单号",
            required=True,
        ),
        _REQUIRED_CODE,
        _column("date", "day", "credit note date|issue date|开票日期|红票日期|日期|单据日期", required=True),
        _column("amount", "amount", "credit amount|红字金额|" + _AMOUNTS, required=True),
        _CURRENCY,
        _COMPANY,
        Column(
            field="invoice_number",
            content="code",
            headings=(*_INVOICE_NUMBER.headings, "原发票号", "原发票号码", "蓝字发票号码", "对应发票号"),
        ),
    ),
)
_PAYMENTS: Final = Layout(
    key=("company", "payment_number", "invoice_number"),
    either=(("customer_code", "customer_name"),),
    columns=(
        _column(
            "payment_number",
            "code",
            "payment no|receipt number|receipt no|payment id|transaction id|reference|收款单号|回款单号|收款编号|流水号|"
            "交易流水号|单据编号|单号",
            required=True,
        ),
        _CUSTOMER_CODE,
        _CUSTOMER_NAME,
        _column(
            "payment_date",
            "day",
            "receipt date|date received|value date|date|收款日期|回款日期|到账日期|付款日期|交易日期|日期|入账日期",
            required=True,
        ),
        _column(
            "amount",
            "amount",
            "payment amount|received amount|paid amount|收款金额|回款金额|到账金额|付款金额|实收金额|收入金额|" + _AMOUNTS,
            required=True,
        ),
        _CURRENCY,
        _COMPANY,
        Column(
            field="invoice_number", content="code", headings=(*_INVOICE_NUMBER.headings, "核销发票号", "对应发票号")
        ),
        _column("payer", "text", "payer name|paid by|付款方|付款人|付款户名|付款单位|对方户名|对方单位"),
        _column("text", "text", "description|memo|remittance|note|remark|摘要|附言|用途|备注|说明"),
    ),
)
_ORDERS: Final = Layout(
    key=("company", "order_number"),
    columns=(
        Column(field="order_number", content="code", headings=_ORDER_NUMBER.headings, is_required=True),
        _REQUIRED_CODE,
        _column("order_date", "day", "date|created|下单日期|订单日期|日期|单据日期|签单日期", required=True),
        _column("amount", "amount", "order amount|订单金额|订单总额|未交金额|" + _AMOUNTS, required=True),
        _CURRENCY,
        _column("requested_date", "day", "requested delivery date|delivery date|交货日期|要求交货日|交期|要货日期|预计发货日期"),
        _TERMS_DAYS,
        _column("status", "text", "order status|状态|订单状态|单据状态"),
        _COMPANY,
    ),
)
_DELIVERIES: Final = Layout(
    key=("company", "delivery_number"),
    columns=(
        _column(
            "delivery_number",
            "code",
            "delivery no|delivery note|shipment number|shipment no|dn number|发货单号|出库单号|送货单号|交货单号|发货单",
            required=True,
        ),
        Column(field="order_number", content="code", headings=_ORDER_NUMBER.headings, is_required=True),
        _column("delivery_date", "day", "date|shipped on|ship date|发货日期|出库日期|交货日期|送货日期|日期", required=True),
        _column("amount", "amount", "delivery amount|发货金额|出库金额|交货金额|" + _AMOUNTS, required=True),
        _CURRENCY,
        _COMPANY,
    ),
)
_LIMITS: Final = Layout(
    key=("company", "customer_code", "currency", "valid_from"),
    columns=(
        _REQUIRED_CODE,
        _column(
            "limit",
            "limit",
            "credit limit|credit line|limit amount|amount|授信额度|信用额度|额度|授信金额|信用限额|额度金额",
            required=True,
        ),
        _CURRENCY,
        _column("valid_from", "day", "from|effective date|start date|生效日期|开始日期|有效期起|起始日期|授信起始日|生效日"),
        _column("valid_to", "day", "to|expiry date|end date|until|到期日期|失效日期|截止日期|有效期止|结束日期|授信到期日|到期日"),
        _COMPANY,
        _column("days", "count", "terms days|credit days|payment days|账期|信用天数|账期天数|信用期|信用期限"),
    ),
)
_STATEMENTS: Final = Layout(
    key=("customer_code", "period_end"),
    columns=(
        _REQUIRED_CODE,
        _column("period_end", "day", "period|statement date|as of|报表日期|会计期间|期间|截止日期|报告期", required=True),
        _column("total_assets", "amount", "assets|资产总计|总资产|资产合计|资产总额"),
        _column("total_liabilities", "amount", "liabilities|负债合计|总负债|负债总计|负债总额"),
        _column("current_assets", "amount", "流动资产|流动资产合计"),
        _column("current_liabilities", "amount", "流动负债|流动负债合计"),
        _column("inventory", "amount", "inventories|存货|存货净额"),
        _column("receivables", "amount", "accounts receivable|trade receivables|应收账款|应收账款净额"),
        _column("equity", "amount", "total equity|owners equity|shareholders equity|所有者权益|所有者权益合计|净资产|股东权益|股东权益合计"),
        _column("revenue", "amount", "sales|net sales|turnover|营业收入|主营业务收入|销售收入|营业总收入"),
        _column("cost_of_sales", "amount", "cogs|cost of goods sold|营业成本|主营业务成本|销售成本"),
        _column("ebit", "amount", "operating profit|息税前利润|营业利润"),
        _column("interest_expense", "amount", "interest|利息费用|利息支出|财务费用"),
        _column("net_profit", "amount", "net income|profit|净利润|净利"),
        _column("operating_cash_flow", "amount", "cash flow from operations|ocf|经营活动现金流量净额|经营活动产生的现金流量净额|经营现金流"),
        _CURRENCY,
    ),
)
_FACTS: Final = Layout(
    key=("customer_code", "fact", "valid_from"),
    columns=(
        _REQUIRED_CODE,
        _column("fact", "text", "fact name|indicator|item|事实|指标|项目|信息项|事项", required=True),
        _column("value", "text", "fact value|content|值|内容|数值|结果", required=True),
        _column("valid_from", "day", "from|since|date|as of|生效日期|起始日期|日期|发生日期"),
        _column("valid_to", "day", "to|until|失效日期|截止日期|结束日期"),
        _column("source", "text", "data source|来源|数据来源|信息来源"),
        _column("evidence", "text", "document|link|proof|凭据|依据|附件|证据|凭证"),
    ),
)

LAYOUTS: Final[dict[str, Layout]] = {
    "customers": _CUSTOMERS,
    "contacts": _CONTACTS,
    "orders": _ORDERS,
    "deliveries": _DELIVERIES,
    "invoices": _INVOICES,
    "credit-notes": _CREDIT_NOTES,
    "payments": _PAYMENTS,
    "financial-statements": _STATEMENTS,
    "facts": _FACTS,
    "limits": _LIMITS,
}

# Headings that look like one of ours and are not: a guess must never take net for gross or paid for invoiced.
NOT_OURS: Final = frozenset(
    "不含税金额|税额|税率|未税金额|已收金额|已核销金额|未收金额|折扣金额|单价|数量|序号|逾期天数|错误原因|tax amount|net amount|"
    "tax|discount|quantity|unit price|line|row|days late|days to settle|reason|错误原因 / reason".split("|")
)
