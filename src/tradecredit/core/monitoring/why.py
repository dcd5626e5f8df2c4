"""Why an alert was raised, as people read it: each signal by its name, with what it was."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.monitoring import supplied

if TYPE_CHECKING:
    from collections.abc import Mapping

# What alerts of dunning stages carry, which are no signals.
_STAGES: Final = {
    "overdue_days": Words(zh="逾期天数", en="days overdue"),
    "amount": Words(zh="金额", en="amount"),
}
_FLAGS: Final = {"yes": Words(zh="是", en="yes"), "no": Words(zh="否", en="no")}
_LEVELS: Final = {
    "1": Words(zh="黄色", en="yellow"),
    "2": Words(zh="橙色", en="orange"),
    "3": Words(zh="红色", en="red"),
}


def told(facts: Mapping[str, str]) -> tuple[tuple[str, Words, Words], ...]:
    """Return (name, what it is called, its value in words) of each fact; ``0.62`` of a share is 62 %."""
    return tuple(
        (name, _STAGES.get(name) or supplied.words_of(name), _value(name, text))
        for name, text in facts.items()
    )


def sentence(facts: Mapping[str, str]) -> Words:
    """Return all facts as one sentence: ``最长逾期天数 95；股权质押比例 62%``."""
    parts = told(facts)
    return Words(
        zh="；".join(f"{label.zh} {value.zh}" for _, label, value in parts),
        en="; ".join(f"{label.en} {value.en}" for _, label, value in parts),
    )


def _value(name: str, text: str) -> Words:
    if text in _FLAGS:
        return _FLAGS[text]
    if name.endswith("_alert_level") and text in _LEVELS:
        return _LEVELS[text]
    if supplied.kind_of(name) == "share":
        return _share(text)
    return Words(zh=text, en=text)


def _share(text: str) -> Words:
    try:
        percent = (Decimal(text) * 100).normalize()
    except InvalidOperation:
        return Words(zh=text, en=text)
    return Words(zh=f"{percent:f}%", en=f"{percent:f}%")
