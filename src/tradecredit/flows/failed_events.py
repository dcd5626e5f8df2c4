"""Events whose reaction fails: tried again later, told to a person, given up at last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock
from tradecredit.plumbing.outbox import draining

if TYPE_CHECKING:
    from tradecredit.plumbing.access.models import Company
    from tradecredit.plumbing.outbox.draining import Happening

# Technical, not of the business: when a person is told about a failing event, and when it is given up.
_ATTEMPTS_UNTIL_TOLD: Final = 3
_ATTEMPTS: Final = 10
_LONGEST_WAIT_MINUTES: Final = 60


def put_off(company: Company, happening: Happening, error: Exception) -> None:
    """Try the event again later, each time after twice as long; after some attempts a person is told, and it is given up."""
    attempts = happening.attempts + 1
    wait = timedelta(minutes=min(2**attempts, _LONGEST_WAIT_MINUTES))
    draining.put_off(
        event_id=happening.id,
        attempts=attempts,
        failure=f"{type(error).__name__}: {error}",
        until=clock.now() + wait if attempts < _ATTEMPTS else None,
    )
    if attempts == _ATTEMPTS_UNTIL_TOLD:
        worklist.make(
            company_id=company.pk,
            tasks=[
                worklist.NewTask(
                    kind="event.failed",
                    role="admin",
                    priority="high",
                    words=Words(
                        zh=f"事件 {happening.name} （序号 {happening.sequence}） 处理失败 {attempts} 次：{error}",
                        en=f"Event {happening.name} (number {happening.sequence}) failed {attempts} times: {error}",
                    ),
                    dedupe_key=f"event-failed:{happening.id}",
                )
            ],
        )
