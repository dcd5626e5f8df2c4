"""The stages of a customer's life and the scopes of its consents, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

STAGES: Final[Mapping[str, Words]] = {
    "prospect": Words(zh="潜在客户", en="prospect"),
    "applied": Words(zh="已申请", en="applied"),
    "granted": Words(zh="已授信", en="granted"),
    "trading": Words(zh="交易中", en="trading"),
    "watch": Words(zh="观察", en="on watch"),
    "restricted": Words(zh="受限", en="restricted"),
    "collection": Words(zh="催收", en="in collection"),
    "exit": Words(zh="退出", en="left"),
}
SCOPES: Final[Mapping[str, Words]] = {
    "credit": Words(zh="征信报告", en="credit reports"),
    "bank": Words(zh="银行流水", en="bank statements"),
    "identity": Words(zh="证件号码", en="identity numbers"),
}
