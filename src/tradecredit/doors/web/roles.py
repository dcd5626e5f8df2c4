"""The roles as people call them."""

from __future__ import annotations

from typing import Final

from tradecredit.core.kernel.reasons import Words

NAMES: Final = {
    "sales": Words(zh="销售", en="Sales"),
    "sales_manager": Words(zh="销售经理", en="Sales manager"),
    "sales_director": Words(zh="销售总监", en="Sales director"),
    "credit_specialist": Words(zh="信用专员", en="Credit specialist"),
    "credit_manager": Words(zh="信用经理", en="Credit manager"),
    "risk_director": Words(zh="风控总监", en="Risk director"),
    "finance_manager": Words(zh="财务经理", en="Finance manager"),
    "cfo": Words(zh="财务总监", en="CFO"),
    "collector": Words(zh="催收专员", en="Collector"),
    "legal": Words(zh="法务", en="Legal"),
    "management": Words(zh="管理层", en="Management"),
    "admin": Words(zh="系统管理员", en="Administrator"),
    "auditor": Words(zh="审计", en="Auditor"),
    "integration": Words(zh="系统对接", en="Integration"),
}


def name_of(role: str) -> Words:
    """Return a role as people call it."""
    return NAMES.get(role, Words(zh=role, en=role))
