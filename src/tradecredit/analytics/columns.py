"""Columns that many reports share, so that each is headed the same everywhere."""

from __future__ import annotations

from typing import Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column

COMPANY: Final = Column(key="company", label=Words(zh="公司", en="Company"))
CUSTOMER: Final = Column(key="customer", label=Words(zh="客户", en="Customer"))
CUSTOMER_NAME: Final = Column(key="customer_name", label=Words(zh="客户名称", en="Customer name"))
SALESPERSON: Final = Column(key="salesperson", label=Words(zh="业务员", en="Salesperson"))
CURRENCY: Final = Column(key="currency", label=Words(zh="币种", en="Currency"))
STATUS: Final = Column(key="status", label=Words(zh="状态", en="Status"))
DOCUMENT: Final = Column(key="document", label=Words(zh="单据号", en="Document"))
DOCUMENT_DATE: Final = Column(key="document_date", label=Words(zh="单据日期", en="Date"), kind="day")
DUE_DATE: Final = Column(key="due_date", label=Words(zh="到期日", en="Due date"), kind="day")
AMOUNT: Final = Column(key="amount", label=Words(zh="金额", en="Amount"), kind="amount")
OPEN: Final = Column(key="open", label=Words(zh="未清金额", en="Open"), kind="amount")
OVERDUE: Final = Column(key="overdue", label=Words(zh="其中逾期", en="Of which overdue"), kind="amount")
DISPUTED: Final = Column(key="disputed", label=Words(zh="其中争议", en="Of which disputed"), kind="amount")
