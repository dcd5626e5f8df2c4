"""Durations as people say them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from datetime import timedelta

_HOURS_A_DAY: Final = 24
_SECONDS_AN_HOUR: Final = 3_600


def written(span: timedelta) -> Words:
    """Return a duration as people say it: 30 hours are 1 day 6 h, 20 minutes are 20 min."""
    hours, rest = divmod(max(int(span.total_seconds()), 0), _SECONDS_AN_HOUR)
    days, hours_left = divmod(hours, _HOURS_A_DAY)
    if days:
        return Words(zh=f"{days} 天 {hours_left} 小时", en=f"{days} d {hours_left} h")
    minutes = rest // 60
    if hours:
        return Words(zh=f"{hours} 小时 {minutes} 分", en=f"{hours} h {minutes} min")
    return Words(zh=f"{minutes} 分钟", en=f"{minutes} min")
