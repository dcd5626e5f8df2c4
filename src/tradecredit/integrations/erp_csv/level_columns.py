"""The columns of groups and of exchange rates."""

from __future__ import annotations

from typing import Final

from tradecredit.integrations.erp_csv.vocabulary import COMPANY, CURRENCY, CUSTOMER_CODE, Layout, make

GROUPS: Final = Layout(
    key=("company", "group_code", "customer_code"),
    columns=(
        make(
            "group_code",
            "code",
            "group|group id|credit group|集团编码|组合编码|信用组编码|受控层级编码",
            required=True,
        ),
        make("group_name", "text", "name|集团名称|组合名称|信用组名称|名称"),
        make("group_kind", "text", "kind|type|类型|集团类型|控制对象"),
        make("counts", "text", "value|counts whom|统计对象|取值"),
        CUSTOMER_CODE,
        make("limit", "limit", "credit limit|group limit|额度|集团额度|授信额度|信用额度"),
        CURRENCY,
        make("parent_group", "code", "parent|upper group|上级集团|上级组合|上级编码"),
        make("strength", "text", "control|控制方式|控制强度"),
        make("scope", "text", "companies|entities|统计范围|范围"),
        make("valid_from", "day", "from|effective date|生效日期|开始日期|有效期起"),
        make("valid_to", "day", "to|expiry date|until|到期日期|失效日期|有效期止"),
        COMPANY,
    ),
)
RATES: Final = Layout(
    key=("from_currency", "to_currency", "valid_from"),
    columns=(
        make(
            "from_currency",
            "currency",
            "from|source currency|currency|原币|原币种|源币种|币种",
            required=True,
        ),
        make("to_currency", "currency", "to|target currency|目标币种|折算币种|本位币", required=True),
        make("rate", "amount", "exchange rate|fx rate|汇率|折算汇率|中间价", required=True),
        make("valid_from", "day", "date|rate date|effective date|日期|生效日期|汇率日期"),
        make("source", "text", "origin|data source|来源|数据来源"),
    ),
)
