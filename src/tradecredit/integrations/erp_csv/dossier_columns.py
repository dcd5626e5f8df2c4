"""The columns of what is known about customers: master data, contacts, limits, statements, facts."""

from __future__ import annotations

from typing import Final

from tradecredit.integrations.erp_csv.vocabulary import (
    COMPANY,
    CURRENCY,
    CUSTOMER_NAME,
    REGION,
    REQUIRED_CODE,
    SALESPERSON,
    Column,
    Layout,
    make,
)

CUSTOMERS: Final = Layout(
    key=("customer_code",),
    columns=(
        REQUIRED_CODE,
        Column(field="customer_name", content="text", headings=CUSTOMER_NAME.headings, is_required=True),
        make(
            "uscc",
            "code",
            "unified social credit code|credit code|tax number|tax id|税号|统一社会信用代码|社会信用代码|信用代码|"
            "纳税人识别号|统一信用代码|购方税号",
        ),
        make("customer_type", "text", "type|customer category|客户类型|客户类别|客户分类|企业性质|客户性质"),
        make("industry", "text", "sector|branch|行业|所属行业|行业分类|客户行业"),
        REGION,
        SALESPERSON,
        make(
            "customer_since",
            "day",
            "since|first order date|cooperation date|合作开始日期|合作日期|建档日期|开户日期|首次合作日期|合作起始日|客户建立日期",
        ),
        make(
            "parent_code",
            "code",
            "parent|group code|parent customer|上级客户编码|上级编码|母公司编码|集团编码|上级客户|所属集团",
        ),
        CURRENCY,
        COMPANY,
    ),
)
CONTACTS: Final = Layout(
    key=("customer_code", "contact_name"),
    columns=(
        REQUIRED_CODE,
        make("contact_name", "text", "contact|name|person|姓名|联系人|联系人姓名", required=True),
        make("role", "text", "title|position|job title|职务|角色|岗位|职位"),
        make("phone", "code", "mobile|telephone|tel|电话|手机|手机号|手机号码|联系电话|联系方式"),
        make("email", "text", "e-mail|mail|邮箱|电子邮箱|邮件|电子邮件"),
    ),
)
LIMITS: Final = Layout(
    key=("company", "customer_code", "currency", "valid_from"),
    columns=(
        REQUIRED_CODE,
        make(
            "limit",
            "limit",
            "credit limit|credit line|limit amount|amount|授信额度|信用额度|额度|授信金额|额度金额",
            required=True,
        ),
        CURRENCY,
        make(
            "valid_from",
            "day",
            "from|effective date|start date|生效日期|开始日期|有效期起|起始日期|授信起始日|生效日",
        ),
        make(
            "valid_to",
            "day",
            "to|expiry date|end date|until|到期日期|失效日期|截止日期|有效期止|结束日期|授信到期日|到期日",
        ),
        COMPANY,
        make("days", "count", "terms days|credit days|payment days|账期|信用天数|账期天数|信用期|信用期限"),
    ),
)
STATEMENTS: Final = Layout(
    key=("customer_code", "period_end"),
    columns=(
        REQUIRED_CODE,
        make(
            "period_end",
            "period",
            "period|statement date|as of|报表日期|会计期间|期间|截止日期|报告期",
            required=True,
        ),
        make("total_assets", "amount", "assets|资产总计|总资产|资产合计|资产总额"),
        make("total_liabilities", "amount", "liabilities|负债合计|总负债|负债总计|负债总额"),
        make("current_assets", "amount", "流动资产|流动资产合计"),
        make("current_liabilities", "amount", "流动负债|流动负债合计"),
        make("inventory", "amount", "inventories|存货|存货净额"),
        make("receivables", "amount", "accounts receivable|trade receivables|应收账款|应收账款净额"),
        make(
            "equity",
            "amount",
            "total equity|owners equity|shareholders equity|所有者权益|所有者权益合计|净资产|股东权益|股东权益合计",
        ),
        make("revenue", "amount", "sales|net sales|turnover|营业收入|主营业务收入|销售收入|营业总收入"),
        make("cost_of_sales", "amount", "cogs|cost of goods sold|营业成本|主营业务成本|销售成本"),
        make("ebit", "amount", "operating profit|息税前利润|营业利润"),
        make("interest_expense", "amount", "interest|利息费用|利息支出|财务费用"),
        make("net_profit", "amount", "net income|profit|净利润|净利"),
        make(
            "operating_cash_flow",
            "amount",
            "cash flow from operations|ocf|经营活动现金流量净额|经营活动产生的现金流量净额|经营现金流",
        ),
        make("cash", "amount", "cash and cash equivalents|monetary funds|货币资金|现金及现金等价物"),
        make(
            "investing_cash_flow",
            "amount",
            "cash flow from investing|投资活动现金流量净额|投资活动产生的现金流量净额|投资现金流",
        ),
        make(
            "financing_cash_flow",
            "amount",
            "cash flow from financing|筹资活动现金流量净额|筹资活动产生的现金流量净额|筹资现金流",
        ),
        make(
            "net_cash_flow",
            "amount",
            "change in cash|net change in cash|现金净增加额|现金及现金等价物净增加额",
        ),
        make("basis", "text", "consolidated|statement basis|报表口径|合并口径|是否合并|报表类型"),
        CURRENCY,
    ),
)
FACTS: Final = Layout(
    key=("customer_code", "fact", "valid_from"),
    columns=(
        REQUIRED_CODE,
        make("fact", "text", "fact name|indicator|item|事实|指标|项目|信息项|事项", required=True),
        make("value", "text", "fact value|content|值|内容|数值|结果", required=True),
        make("valid_from", "day", "from|since|date|as of|生效日期|起始日期|日期|发生日期"),
        make("valid_to", "day", "to|until|失效日期|截止日期|结束日期"),
        make("source", "text", "data source|来源|数据来源|信息来源"),
        make("evidence", "text", "document|link|proof|凭据|依据|附件|证据|凭证"),
    ),
)
