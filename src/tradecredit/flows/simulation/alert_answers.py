"""Let people take up alerts as they would: on the next morning, with a note of what they learned; a few too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.monitoring import queries
from tradecredit.flows.watch import answer_alert
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from random import Random

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MOST: Final = 100
_ONE_IN_FORGOTTEN: Final = 8
_NOTES: Final = (
    "已电话联系客户财务，核实情况，下周上门 / rang the customer's finance department, visiting next week",
    "已通知销售，发货前先复核 / told the salesperson: every delivery is looked at first",
    "查阅公告与裁判文书，暂无新增风险，继续观察 / read the notices and judgments: nothing further, watching on",
    "客户说明为资金安排延后，已要求书面付款计划 / a matter of timing, says the customer; asked for a written plan",
)


def answer_alerts(*, company: Company, actor: Actor, random: Random) -> int:
    """Take up the open alerts that nobody has seen yet, but for one in some; returns how many were taken up."""
    with scope.entered(actor):
        waiting = [
            one
            for one in queries.alerts(company_id=company.pk, is_open=True, limit=_MOST)
            if one.first_response_at is None
        ]
    taken = [one for one in waiting if random.randrange(_ONE_IN_FORGOTTEN)]
    for alert in taken:
        answer_alert.see(company=company, alert_id=alert.id, actor=actor)
        answer_alert.note(company=company, alert_id=alert.id, text=random.choice(_NOTES), actor=actor)
    return len(taken)
