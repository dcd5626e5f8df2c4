"""Invented companies: what the fake bureau knows about whomever it is asked, always the same for the same company."""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Item = dict[str, Any]

_COURTS: Final = ("示例市第一人民法院", "示例市高新区人民法院", "示例省高级人民法院")
_OFFICES: Final = ("示例市市场监督管理局", "示例市税务局")
_PEOPLE: Final = ("示例甲", "示例乙", "示例丙", "示例丁", "示例戊")
_REASONS: Final = ("买卖合同纠纷", "承揽合同纠纷", "票据追索权纠纷", "建设工程合同纠纷")
_TODAY: Final = date(2026, 3, 2)


def about(subject: str, kind: str, *, name: str = "") -> Sequence[Item]:
    """Return what is known of a kind about a company, in the words of our own schema."""
    seed = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big")
    dice = random.Random(seed ^ int.from_bytes(kind.encode()[:6], "big"))
    is_troubled = seed % 7 == 0
    if kind == "registry":
        return [_registry(dice, subject, name)]
    maker = _MAKERS.get(kind)
    if maker is None:
        return []
    count = dice.randint(1, 4) if kind in _ALWAYS else (dice.randint(1, 45) if is_troubled else 0)
    found = [maker(dice, name or subject) for _ in range(count)]
    for number, item in enumerate(found):
        if "case_number" in item:
            item["case_number"] = f"{item['case_number']}-{number + 1}"
    return found


def _registry(dice: random.Random, subject: str, name: str) -> Item:
    return {
        "name": name or f"示例{subject[-4:]}有限公司",
        "uscc": subject if len(subject) == 18 and subject.isascii() else "",
        "status": dice.choice(("存续", "在业", "存续（在营、开业、在册）")),
        "legal_representative": dice.choice(_PEOPLE),
        "registered_capital": Decimal(dice.randint(50, 20000)) * 10000,
        "founded_on": _past(dice, years=25),
        "company_type": "有限责任公司(自然人投资或控股)",
        "industry": "通用设备制造业",
        "address": f"示例省示例市示例路{dice.randint(1, 999)}号",
        "phone": f"0571-8{dice.randint(100000, 999999)}",
        "former_names": [f"示例{subject[-4:]}厂"] if dice.random() < 0.2 else [],
        "office": _OFFICES[0],
        "identifier": str(dice.randint(10**6, 10**9)),
    }


def _case(dice: random.Random, name: str) -> Item:
    court = dice.choice(_COURTS)
    year = dice.randint(2022, 2025)
    return {
        "case_number": f"({year})示01民初{dice.randint(100, 9999)}号",
        "court": court,
        "reason": dice.choice(_REASONS),
        "amount": Decimal(dice.randint(1, 500)) * 10000,
        "plaintiffs": ["示例供应商有限公司"],
        "defendants": [name],
        "filed_on": _past(dice, years=2),
        "decided_on": _past(dice, years=2),
        "published_on": _past(dice, years=1),
        "name": name,
        "person": dice.choice(_PEOPLE),
        "performance": "全部未履行",
        "behaviour": "有履行能力而拒不履行生效法律文书确定义务",
        "document_number": f"({year})示仲裁字第{dice.randint(1, 999)}号",
        "identifier": str(dice.randint(10**8, 10**9)),
        "title": f"{name}{dice.choice(_REASONS)}一审民事判决书",
        "begins_on": _past(dice, years=1),
    }


def _listing(dice: random.Random, name: str) -> Item:
    del name
    listed = _past(dice, years=3)
    is_over = dice.random() < 0.5
    return {
        "reason": "未按照规定报送年度报告",
        "listed_on": listed,
        "office": _OFFICES[0],
        "removed_on": min(listed + timedelta(days=200), _TODAY) if is_over else None,
        "removal_reason": "已补报年度报告" if is_over else "",
    }


def _paper(dice: random.Random, name: str) -> Item:
    return {
        "number": f"示{dice.randint(10**6, 10**7)}",
        "reason": "环保设施未验收",
        "result": "罚款",
        "office": _OFFICES[0],
        "decided_on": _past(dice, years=2),
        "registered_on": _past(dice, years=2),
        "begins_on": _past(dice, years=2),
        "published_on": _past(dice, years=1),
        "amount": Decimal(dice.randint(1, 900)) * 10000,
        "status": "有效",
        "pledgor": dice.choice(_PEOPLE),
        "pledgee": "示例银行股份有限公司",
        "name": name,
        "title": f"欠税公告第{dice.randint(1, 99)}期",
        "guarantor": name,
        "debtor": "示例担保对象有限公司",
    }


def _holder(dice: random.Random, name: str) -> Item:
    del name
    return {"name": dice.choice(_PEOPLE) + str(dice.randint(1, 99)), "share": Decimal("0.25")}


def _person(dice: random.Random, name: str) -> Item:
    del name
    return {"person": dice.choice(_PEOPLE), "position": dice.choice(("董事长", "总经理", "监事"))}


def _change(dice: random.Random, name: str) -> Item:
    del name
    item = dice.choice(("法定代表人变更", "住所变更", "注册资本变更", "股东变更"))
    return {"item": item, "before": "示例旧", "after": "示例新", "changed_on": _past(dice, years=4)}


def _past(dice: random.Random, *, years: int) -> date:
    return _TODAY - timedelta(days=dice.randint(1, years * 365))


_ALWAYS: Final = frozenset({"shareholders", "people", "changes", "controller"})
_MAKERS: Final[Mapping[str, Callable[[random.Random, str], Item]]] = {
    **dict.fromkeys(
        ("lawsuits", "filings", "hearings", "enforcement", "dishonest", "restrictions", "bankruptcy"), _case
    ),
    **dict.fromkeys(("abnormal", "violations"), _listing),
    **dict.fromkeys(
        (
            *("penalties", "pledges", "freezes", "mortgages", "tax_arrears", "tax_violations", "guarantees"),
            *("news", "credit_report"),
        ),
        _paper,
    ),
    **dict.fromkeys(("shareholders", "controller"), _holder),
    "people": _person,
    "changes": _change,
}
