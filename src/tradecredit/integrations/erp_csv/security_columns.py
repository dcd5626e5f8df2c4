"""The columns of bills, covers, and what becomes of goods."""

from __future__ import annotations

from typing import Final

from tradecredit.integrations.erp_csv.vocabulary import (
    AMOUNTS,
    COMPANY,
    CURRENCY,
    REQUIRED_CODE,
    Layout,
    make,
)

BILLS: Final = Layout(
    key=("company", "bill_number"),
    columns=(
        make(
            "bill_number",
            "code",
            "bill no|note number|draft number|票据号码|票据号|票号|汇票号码|票据编号|子票号",
            required=True,
        ),
        REQUIRED_CODE,
        make("kind", "text", "bill kind|bill type|票据种类|票据类型|汇票种类|类型", required=True),
        make("acceptor", "text", "accepted by|drawee|承兑人|承兑行|付款行|承兑人名称", required=True),
        make("acceptor_class", "text", "acceptor type|承兑人类别|承兑行类别|承兑行类型|信用主体"),
        make("drawer", "text", "drawn by|出票人|出票人名称"),
        make(
            "amount", "amount", "bill amount|face amount|票面金额|票据金额|汇票金额|" + AMOUNTS, required=True
        ),
        CURRENCY,
        make("issue_date", "day", "drawn on|date of issue|出票日期|出票日|签发日期", required=True),
        make("due_date", "day", "maturity date|maturity|due|到期日|汇票到期日|到期日期", required=True),
        make("received_on", "day", "received|received date|收票日期|收到日期|收票日|背书日期", required=True),
        make("invoice_number", "code", "invoice no|invoice|发票号码|发票号|核销发票号|对应发票号"),
        make("order_number", "code", "order no|order|订单号|订单编号|对应订单号"),
        make("sub_range", "text", "range|units|子票区间|子票区间号|票据区间"),
        COMPANY,
    ),
)
GOODS_EVENTS: Final = Layout(
    key=("company", "number"),
    columns=(
        make("number", "code", "document number|return number|usage number|退货单号|领用单号|结算单号|单据编号|单号", required=True),
        make("kind", "text", "type|movement|类型|业务类型|单据类型", required=True),
        make("delivery_number", "code", "delivery no|delivery note|发货单号|出库单号|原发货单号|源单号", required=True),
        make("date", "day", "movement date|退货日期|领用日期|结算日期|日期|单据日期", required=True),
        make("amount", "amount", "退货金额|领用金额|结算金额|" + AMOUNTS, required=True),
        COMPANY,
    ),
)  # fmt: skip
COVERS: Final = Layout(
    key=("company", "cover_number"),
    columns=(
        make("cover_number", "code", "policy number|contract number|担保编号|保单号|担保合同号|抵押编号|编号", required=True),
        REQUIRED_CODE,
        make("kind", "text", "cover kind|cover type|担保种类|担保方式|种类|类型", required=True),
        make("provider", "text", "guarantor|insurer|担保人|保险公司|抵押人|提供方", required=True),
        make("amount", "amount", "cover amount|insured amount|担保金额|承保额度|抵押价值|保证金金额|" + AMOUNTS, required=True),
        CURRENCY,
        make("haircut", "amount", "haircut share|discount|折扣率|折算扣减|自留比例"),
        make("valid_from", "day", "from|生效日|生效日期|起始日|开始日期", required=True),
        make("valid_to", "day", "to|until|expiry|失效日|到期日|终止日|结束日期"),
        make("notify_days", "count", "notification days|报损天数|通知天数|报案天数"),
        make("documents", "text", "required documents|所需文件|必备文件|文件清单"),
        make("note", "text", "remark|备注|说明"),
        COMPANY,
    ),
)  # fmt: skip
