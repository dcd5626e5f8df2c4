"""The columns of documents: invoices, credit notes, payments, orders, deliveries."""

from __future__ import annotations

from typing import Final

from tradecredit.integrations.erp_csv.vocabulary import (
    AMOUNTS,
    COMPANY,
    CURRENCY,
    CUSTOMER_CODE,
    CUSTOMER_NAME,
    INVOICE_NUMBER,
    ORDER_NUMBER,
    REGION,
    REQUIRED_CODE,
    SALESPERSON,
    TERMS_DAYS,
    Column,
    Layout,
    make,
)

INVOICES: Final = Layout(
    key=("company", "invoice_number"),
    either=(("customer_code", "customer_name"), ("due_date", "terms_days")),
    columns=(
        Column(field="invoice_number", content="code", headings=INVOICE_NUMBER.headings, is_required=True),
        CUSTOMER_CODE,
        CUSTOMER_NAME,
        make(
            "invoice_date",
            "day",
            "invoice dt|inv date|billing date|bill date|document date|doc date|posting date|document create date|"
            "issue date|date|开票日期|发票日期|立账日期|应收日期|单据日期|日期|业务日期|出票日期|记账日期",
            required=True,
        ),
        make(
            "due_date",
            "day",
            "due in date|payment due date|due|net due date|maturity date|到期日|到期日期|应收到期日|付款到期日|应付日期|"
            "收款到期日|约定付款日|预计收款日期|应收款日期",
        ),
        TERMS_DAYS,
        make("amount", "amount", AMOUNTS, required=True),
        CURRENCY,
        COMPANY,
        Column(field="order_number", content="code", headings=ORDER_NUMBER.headings[:-2]),
        make("contract_number", "code", "contract no|contract id|contract|合同号|合同编号|合同"),
        make("nature", "text", "invoice nature|应收性质"),
        SALESPERSON,
        REGION,
        make(
            "settled_date",
            "day",
            "clear date|clearing date|cleared date|settlement date|paid date|date paid|augdt|结清日期|核销日期|清账日期|"
            "回款日期|收款日期|实际回款日",
        ),
    ),
)
CONTRACTS: Final = Layout(
    key=("company", "contract_number"),
    columns=(
        make(
            "contract_number", "code", "contract no|contract id|contract|合同号|合同编号|合同", required=True
        ),
        REQUIRED_CODE,
        make("amount", "amount", "contract amount|合同金额|合同总额|签约金额|" + AMOUNTS, required=True),
        CURRENCY,
        make(
            "valid_from", "day", "from|start date|signed on|签订日期|生效日期|生效日|开始日期", required=True
        ),
        make("valid_to", "day", "to|until|end date|expiry|到期日期|到期日|终止日期|结束日期"),
        TERMS_DAYS,
        make("title", "text", "contract name|subject|合同名称|合同标题|项目名称"),
        make("buyer_class", "text", "buyer type|买方类型|客户性质"),
        SALESPERSON,
        COMPANY,
    ),
)
CREDIT_NOTES: Final = Layout(
    key=("company", "credit_note_number"),
    columns=(
        make(
            "credit_note_number",
            "code",
            "credit note no|credit note|credit memo|credit memo number|cn number|红字发票号|红字发票号码|红票号码|贷项单号|"
            "退货单号|单据编号|单号",
            required=True,
        ),
        REQUIRED_CODE,
        make("date", "day", "credit note date|issue date|开票日期|红票日期|日期|单据日期", required=True),
        make("amount", "amount", "credit amount|红字金额|" + AMOUNTS, required=True),
        CURRENCY,
        COMPANY,
        Column(
            field="invoice_number",
            content="code",
            headings=(*INVOICE_NUMBER.headings, "原发票号", "原发票号码", "蓝字发票号码", "对应发票号"),
        ),
    ),
)
PAYMENTS: Final = Layout(
    key=("company", "payment_number", "invoice_number"),
    either=(("customer_code", "customer_name"),),
    columns=(
        make(
            "payment_number",
            "code",
            "payment no|receipt number|receipt no|payment id|transaction id|reference|收款单号|回款单号|收款编号|流水号|"
            "交易流水号|单据编号|单号",
            required=True,
        ),
        CUSTOMER_CODE,
        CUSTOMER_NAME,
        make(
            "payment_date",
            "day",
            "receipt date|date received|value date|date|收款日期|回款日期|到账日期|付款日期|交易日期|日期|入账日期",
            required=True,
        ),
        make(
            "amount",
            "amount",
            "payment amount|received amount|paid amount|收款金额|回款金额|到账金额|付款金额|实收金额|收入金额|"
            + AMOUNTS,
            required=True,
        ),
        CURRENCY,
        COMPANY,
        Column(
            field="invoice_number",
            content="code",
            headings=(*INVOICE_NUMBER.headings, "核销发票号", "对应发票号"),
        ),
        make("order_number", "code", "prepaid order|prepaid order number|预付订单号|预收订单号|对应订单号"),
        make("payer", "text", "payer name|paid by|付款方|付款人|付款户名|付款单位|对方户名|对方单位"),
        make("text", "text", "description|memo|remittance|note|remark|摘要|附言|用途|备注|说明"),
    ),
)
ORDERS: Final = Layout(
    key=("company", "order_number"),
    columns=(
        Column(field="order_number", content="code", headings=ORDER_NUMBER.headings, is_required=True),
        REQUIRED_CODE,
        make("order_date", "day", "date|created|下单日期|订单日期|日期|单据日期|签单日期", required=True),
        make("amount", "amount", "order amount|订单金额|订单总额|未交金额|" + AMOUNTS, required=True),
        CURRENCY,
        make(
            "requested_date",
            "day",
            "requested delivery date|delivery date|交货日期|要求交货日|交期|要货日期|预计发货日期",
        ),
        TERMS_DAYS,
        make("status", "text", "order status|状态|订单状态|单据状态"),
        COMPANY,
    ),
)
DELIVERIES: Final = Layout(
    key=("company", "delivery_number"),
    columns=(
        make(
            "delivery_number",
            "code",
            "delivery no|delivery note|shipment number|shipment no|dn number|发货单号|出库单号|送货单号|交货单号|发货单",
            required=True,
        ),
        Column(field="order_number", content="code", headings=ORDER_NUMBER.headings, is_required=True),
        make(
            "delivery_date",
            "day",
            "date|shipped on|ship date|发货日期|出库日期|交货日期|送货日期|日期",
            required=True,
        ),
        make("amount", "amount", "delivery amount|发货金额|出库金额|交货金额|" + AMOUNTS, required=True),
        CURRENCY,
        COMPANY,
        make("delivery_type", "text", "shipment type|movement type|发货类型|出库类型|业务类型"),
    ),
)
# What a payer lists with its payment: so much for this invoice, so much for that.
ADVICE: Final = Layout(
    key=("invoice_number", "amount"),
    columns=(
        Column(field="invoice_number", content="code", headings=INVOICE_NUMBER.headings, is_required=True),
        make(
            "amount",
            "amount",
            "paid amount|amount paid|payment amount|paid|本次付款|本次付款金额|付款金额|实付金额|核销金额|支付金额|"
            + AMOUNTS,
            required=True,
        ),
    ),
)
