"""The columns we know, by kind of file, with the headings that people and other systems use for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Content = Literal["code", "text", "amount", "day", "count", "currency", "limit", "period"]


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


def make(name: str, content: Content, headings: str, *, required: bool = False) -> Column:
    own = name.replace("_", " ")
    return Column(field=name, content=content, headings=(own, *headings.split("|")), is_required=required)


CUSTOMER_CODE: Final = make(
    "customer_code",
    "code",
    "customer number|customer no|customer id|cust number|cust no|cust id|cust code|account number|account no|kunnr|"
    "debtor|debtor number|client id|client code|客户编码|客户代码|客户编号|客户号|客户ID|往来单位编码|往来单位编号|单位编码|"
    "单位编号|购货单位编码|购货单位编号|购货单位代码|客商编码|客商编号|经销商编码|经销商编号|买方编码",
)
CUSTOMER_NAME: Final = make(
    "customer_name",
    "text",
    "name customer|cust name|name|customer|account name|company name|client name|debtor name|客户名称|客户|客户全称|公司名称|"
    "企业名称|单位名称|购货单位|购货单位名称|购方名称|购买方名称|往来单位|往来单位名称|客商名称|经销商名称|经销商|买方名称|付款单位名称",
)
REQUIRED_CODE: Final = Column(
    field="customer_code", content="code", headings=CUSTOMER_CODE.headings, is_required=True
)
CURRENCY: Final = make(
    "currency",
    "currency",
    "invoice currency|currency code|curr|waers|ccy|document currency|币种|货币|币别|货币代码|结算币种|原币币种",
)
COMPANY: Final = make(
    "company",
    "code",
    "company code|legal entity|我方公司|公司代码|公司编码|核算主体|销售组织|所属公司|账套|开票公司|销售主体",
)
SALESPERSON: Final = make(
    "salesperson",
    "text",
    "sales rep|sales person|account manager|owner|业务员|销售员|销售人员|销售代表|客户经理|业务人员|负责人|销售|跟单员",
)
REGION: Final = make(
    "region",
    "text",
    "country code|country|sales region|area|state|大区|区域|地区|销售区域|所属区域|省份|片区|国家",
)
ORDER_NUMBER: Final = make(
    "order_number",
    "code",
    "order no|sales order|so number|order id|order|订单号|订单编号|销售订单号|销售订单|单据编号|单号|销售单号",
)
INVOICE_NUMBER: Final = make(
    "invoice_number",
    "code",
    "invoice no|invoice num|inv no|inv number|bill number|document number|doc number|doc no|doc id|invoice id|vbeln|belnr|"
    "invoice|发票号码|发票号|发票编号|数电票号码|应收单号|应收单据号|单据编号|单据号|单号|凭证号",
)
TERMS_DAYS: Final = make(
    "terms_days",
    "count",
    "payment days|credit days|net days|days|payment term days|账期|账期天数|付款天数|信用天数|赊销天数|信用期",
)

AMOUNTS: Final = (
    "invoice amount|total open amount|open amount|gross amount|total amount|amount due|total|value|dmbtr|wrbtr|"
    "价税合计|发票金额|开票金额|含税金额|应收金额|总金额|金额|合计金额|本币金额|原币金额|应收款|应收余额"
)

# Headings that look like one of ours and are not: a guess must never take net for gross or paid for invoiced.
NOT_OURS: Final = frozenset(
    {
        "不含税金额",
        "税额",
        "税率",
        "未税金额",
        "已收金额",
        "已核销金额",
        "未收金额",
        "折扣金额",
        "单价",
        "数量",
        "序号",
        "逾期天数",
        "错误原因",
        "tax amount",
        "net amount",
        "tax",
        "discount",
        "quantity",
        "unit price",
        "line",
        "row",
        "days late",
        "days to settle",
        "reason",
        "错误原因 / reason",
    }
)
