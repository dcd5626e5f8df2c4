"""Ask for the mail addresses of customers whose letters would have to be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tradecredit.analytics.collections.books import Addressee


def ask_for(*, company_id: UUID, addressees: Iterable[Addressee]) -> None:
    """Make one task for each customer without an address; one that is known is not asked for again."""
    without = {one.customer_id: one for one in addressees if not one.email}
    worklist.make(
        company_id=company_id,
        tasks=[
            worklist.NewTask(
                kind="letter.no_address",
                role="credit_specialist",
                customer_id=customer_id,
                words=Words(
                    zh=f"{one.name}没有邮箱：函件待打印寄送，请补充联系人邮箱",
                    en=f"{one.name} has no mail address: its letters wait to be printed; add a contact",
                ),
                link=f"/customers/{one.code}",
                dedupe_key=f"no-address:{company_id}:{customer_id}",
                due_in_days=3,
            )
            for customer_id, one in without.items()
        ],
    )
