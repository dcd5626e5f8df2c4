"""Who may press which button; how much they may approve is decided by core/approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.plumbing.access import Actor

_CREDIT: Final = (Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR)
_SALES: Final = (Role.SALES, Role.SALES_MANAGER, Role.SALES_DIRECTOR)
_FINANCE: Final = (Role.FINANCE_MANAGER, Role.CFO)

ALLOWED: Final[dict[str, tuple[Role, ...]]] = {
    "check_order": (*_SALES, *_CREDIT, *_FINANCE, Role.ADMIN, Role.MANAGEMENT),
    "keep_control": (*_CREDIT, *_FINANCE, Role.ADMIN),
    "keep_forms": (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, *_FINANCE, Role.ADMIN),
    "waive_verification": (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO),
    "propose_grade": (*_CREDIT, *_FINANCE, Role.SALES_DIRECTOR),
    "take_on_customer": (*_SALES, *_CREDIT, *_FINANCE, Role.ADMIN),
    "propose_limit": (*_SALES, *_CREDIT, *_FINANCE, Role.ADMIN),
    "decide": (*_SALES[1:], *_CREDIT, *_FINANCE, Role.MANAGEMENT, Role.LEGAL),
    "complete_task": tuple(role for role in Role if role is not Role.AUDITOR),
    "respond": (*_CREDIT, *_FINANCE, Role.COLLECTOR, Role.LEGAL, Role.ADMIN),
    "import": (*_CREDIT, *_FINANCE, Role.ADMIN),
    "see_sources": (*_CREDIT, *_FINANCE, Role.MANAGEMENT, Role.AUDITOR, Role.ADMIN, Role.INTEGRATION),
    "keep_sources": (*_FINANCE, Role.CREDIT_MANAGER, Role.ADMIN),
    "see_bank": (*_CREDIT, *_FINANCE, Role.COLLECTOR, Role.MANAGEMENT, Role.AUDITOR, Role.ADMIN),
    "keep_contracts": (*_SALES, *_CREDIT, *_FINANCE, Role.LEGAL, Role.ADMIN),
    "review_contracts": (Role.LEGAL,),
    "send_statements": (*_SALES, *_CREDIT, *_FINANCE, Role.COLLECTOR, Role.ADMIN),
    "dispute": (*_SALES, *_CREDIT, *_FINANCE, Role.COLLECTOR, Role.LEGAL),
    "adjust": (*_SALES[1:], *_CREDIT, *_FINANCE, Role.COLLECTOR, Role.LEGAL),
    "decide_adjustment": (Role.SALES_DIRECTOR, *_FINANCE, Role.MANAGEMENT, Role.LEGAL),
    "collect": (*_SALES, *_CREDIT, *_FINANCE, Role.COLLECTOR, Role.LEGAL),
    "hand_over": (*_CREDIT, *_FINANCE, Role.COLLECTOR, Role.LEGAL),
    "charge_interest": (*_CREDIT, *_FINANCE),
    "close_period": _FINANCE,
    "reopen_period": (Role.CFO,),
    "draft_policy": draft_policy.WRITERS,
    "remark_policy": (*_SALES, *_CREDIT, *_FINANCE, Role.COLLECTOR, Role.LEGAL, Role.MANAGEMENT, Role.ADMIN),
    "advance_clock": (*_CREDIT, *_FINANCE, Role.ADMIN),
    "erase_demo": (*_FINANCE, Role.ADMIN),
    "create_token": (*_FINANCE, Role.CREDIT_MANAGER, Role.ADMIN, Role.INTEGRATION),
}


def may(actor: Actor, company_id: UUID, action: str) -> bool:
    """Tell whether one of the actor's roles in the company may do the action."""
    return actor.has_role(company_id, *ALLOWED[action])
