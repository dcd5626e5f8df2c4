"""Remove the demo's data and keep the user's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

if TYPE_CHECKING:
    from uuid import UUID

CONFIRMATION = "清除演示数据"
CONFIRMATION_EN = "remove demo data"


class UnableToEraseDemoError(UnableToError):
    """Not an administrator, or not confirmed in so many words."""

    code = "erase_refused"
    status = 403


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went."""

    customers: int
    invoices: int


def erase_demo(*, actor: Actor, company_id: UUID, confirmation: str) -> Erased:
    """Remove every demo customer with all its documents; raises UnableToEraseDemoError.

    ``confirmation`` is the typed phrase, in either language.
    """
    if not actor.has_role(company_id, Role.ADMIN, Role.FINANCE_MANAGER, Role.CFO):
        raise UnableToEraseDemoError(
            Words(
                zh="清除演示数据需要管理员、财务经理或财务总监角色。",
                en="Removing the demo data needs the role of administrator, finance manager or CFO.",
            )
        )
    if confirmation.strip().lower() not in {CONFIRMATION, CONFIRMATION_EN}:
        raise UnableToEraseDemoError(
            Words(zh=f"请输入“{CONFIRMATION}”以确认。", en=f"Type “{CONFIRMATION_EN}” to confirm.")
        )
    with db.unit_of_work(Actor.system(f"demo removal by {actor.name}")), connection.cursor() as cursor:
        cursor.execute("SELECT erased_customers, erased_invoices FROM erase_demo()")
        customers, invoices = cursor.fetchone()
    return Erased(customers, invoices)
