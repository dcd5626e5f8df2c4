"""The frame of every page: menu, company, person, sandbox day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tradecredit.analytics import demo_entrances
from tradecredit.analytics.dashboards import work
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import roles
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows import permissions
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu."""

    name: str
    icon: str
    words: Words
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A heading of the menu with its lines."""

    words: Words
    entries: tuple[Entry, ...]


_MENU: Final = (
    (
        Words(zh="日常", en="Daily work"),
        (
            ("dashboard", "overview", Words(zh="总览", en="Overview")),
            ("tasks", "tasks", Words(zh="待办", en="Tasks")),
            ("held_orders", "hold", Words(zh="被拦订单", en="Held orders")),
            ("order_check", "order", Words(zh="订单检查", en="Order check")),
        ),
    ),
    (
        Words(zh="账款", en="Receivables"),
        (
            ("receivables", "receivables", Words(zh="应收账款", en="Receivables")),
            ("aging", "receivables", Words(zh="账龄与指标", en="Aging and measures")),
            ("contracts", "file", Words(zh="合同", en="Contracts")),
            ("account_statements", "letters", Words(zh="对账单", en="Statements")),
            ("adjustments", "check-circle", Words(zh="调整与结账", en="Adjustments")),
            ("cash_desk", "cash", Words(zh="回款认领", en="Cash desk")),
            ("bank", "cash", Words(zh="银行流水", en="Bank")),
            ("securities", "shield", Words(zh="票据与担保", en="Bills and cover")),
            ("customers", "customers", Words(zh="客户", en="Customers")),
            ("collections", "phone", Words(zh="催收工作台", en="Collection desk")),
            ("letters", "letters", Words(zh="催款函", en="Letters")),
        ),
    ),
    (
        Words(zh="风险", en="Risk"),
        (
            ("ratings", "ratings", Words(zh="信用评级", en="Ratings")),
            ("limits", "limits", Words(zh="信用额度", en="Credit lines")),
            ("levels", "customers", Words(zh="集团与组合", en="Groups and portfolios")),
            ("coverage", "check-circle", Words(zh="检查覆盖", en="Check coverage")),
            ("alerts", "alerts", Words(zh="预警", en="Alerts")),
        ),
    ),
    (
        Words(zh="系统", en="System"),
        (
            ("policies", "shield", Words(zh="信用政策", en="Policy")),
            ("sources", "code", Words(zh="数据源", en="Sources")),
            ("news", "alerts", Words(zh="新闻与舆情", en="News")),
            ("import", "import", Words(zh="导入", en="Import")),
            ("inbox", "file", Words(zh="待处理单据", en="Documents that wait")),
            ("api", "code", Words(zh="接口", en="API")),
            ("settings", "settings", Words(zh="设置", en="Settings")),
        ),
    ),
)
_BOTTOM: Final = ("dashboard", "tasks", "held_orders", "receivables")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return ``shell`` for the templates; it costs nothing on pages that do not show it."""
    if getattr(request, "company", None) is None:
        return {}
    return {"shell": SimpleLazyObject(lambda: _shell(request))}


def name_of(company: Company) -> str:
    """Return the company's name in the language of the page."""
    return company.name if language() == "zh" else company.name_en or company.name


def _shell(request: HttpRequest) -> dict[str, Any]:
    company, actor = request.company, request.actor  # type: ignore[attr-defined] # set by the scope middleware
    waiting = work.counts(company_id=company.pk, actor=actor, day=clock.today(company))
    counts = {
        "tasks": waiting["requests"] + waiting["tasks"],
        "held_orders": waiting["held"],
        "alerts": waiting["alerts"],
    }
    menu = tuple(
        Group(words=words, entries=tuple(_entry(request, *entry, counts) for entry in entries))
        for words, entries in _MENU
    )
    by_name = {entry.name: entry for group in menu for entry in group.entries}
    return {
        "menu": menu,
        "bottom": tuple(by_name[name] for name in _BOTTOM),
        "company_name": name_of(company),
        "companies": [
            {"code": one.code, "name": name_of(one), "is_current": one.pk == company.pk}
            for one in request.companies  # type: ignore[attr-defined] # set by the scope middleware
        ],
        "user_name": actor.name,
        "initial": actor.name.removeprefix("示例")[:1],
        "roles": [roles.name_of(role.value) for role in sorted(actor.roles_in(company.pk))],
        "try_as": _try_as(request) if company.is_sandbox else (),
        "sandbox": company.is_sandbox,
        "today": clock.today(company),
        "may_advance": permissions.may(actor, company.pk, "advance_clock"),
    }


def _entry(request: HttpRequest, name: str, icon: str, words: Words, counts: dict[str, int]) -> Entry:
    match = request.resolver_match
    return Entry(
        name=name,
        icon=icon,
        words=words,
        url=reverse(f"web:{name}"),
        count=counts.get(name, 0),
        is_current=bool(match and match.url_name == name),
    )


def _try_as(request: HttpRequest) -> tuple[dict[str, Any], ...]:
    """Return the entrances of the other demo users, for people who are demo users themselves."""
    if not getattr(request.user, "is_demo", False):
        return ()
    found = []
    for email, path in demo_entrances.entrances().items():
        role = email.partition("@")[0].replace("-", "_")
        if role in roles.NAMES and email != request.user.email:  # type: ignore[union-attr] # a demo user has one
            found.append({"role": role, "url": path, "name": roles.name_of(role).in_language(language())})
    return tuple(found)
