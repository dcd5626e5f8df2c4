"""Questions to bureaus and what came back: outcomes, calls and findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.dossier.bureau.schema import Finding


class Act(StrEnum):
    """What an answer asks of us."""

    DONE = "done"
    EMPTY = "empty"  # an answer: there is nothing of the kind
    RETRY = "retry"  # busy, processing, in maintenance: again after a pause
    QUOTA = "quota"  # no more questions today
    STOPPED = "stopped"  # key, payment, permission: somebody must act first
    REFUSED = "refused"  # this question cannot be answered; others can
    TIMEOUT = "timeout"  # no answer in time, or no connection
    GARBAGE = "garbage"  # an answer that is not in the documented shape
    MISMATCH = "mismatch"  # an answer about another company


# What speaks for a provider that is down, as against a question that was wrong.
FAILURES: Final = frozenset({Act.RETRY, Act.TIMEOUT, Act.GARBAGE})

WORDS: Final = {
    Act.DONE: Words(zh="查询成功", en="answered"),
    Act.EMPTY: Words(zh="查询无结果", en="nothing of the kind is on record"),
    Act.RETRY: Words(zh="对方繁忙，请稍后再试", en="the provider is busy; try again later"),
    Act.QUOTA: Words(zh="今日次数已用完，明日自动继续", en="today's calls are used up; it goes on tomorrow"),
    Act.STOPPED: Words(
        zh="账号或权限有问题，请管理员处理", en="the account or its permissions need the administrator"
    ),
    Act.REFUSED: Words(zh="对方不支持这次查询", en="the provider cannot answer this question"),
    Act.TIMEOUT: Words(zh="对方没有及时回答", en="the provider did not answer in time"),
    Act.GARBAGE: Words(
        zh="回答的格式与文档不符，已有资料保持不变",
        en="the answer is not in the documented shape; what was known stays",
    ),
    Act.MISMATCH: Words(
        zh="返回的是另一家公司，未采用", en="the answer is about another company and was not taken"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One report about one company; ``uscc`` is asked for first, then the name."""

    provider: str
    kind: str
    name: str
    uscc: str = ""
    former_names: tuple[str, ...] = ()
    attempts: int = 3

    @property
    def subject(self) -> str:
        """Return what the provider is asked about."""
        return self.uscc or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that was sent, without anything secret: what came of it and whether it counts as paid."""

    path: str
    page: int
    act: Act
    code: str
    words: Words
    is_billed: bool
    milliseconds: int
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider said to a question, over all pages.

    ``is_complete`` is only true when every page came and every item could be read: only then does silence about
    something known mean that it has gone.
    """

    provider: str
    kind: str
    act: Act
    code: str = ""
    words: Words = WORDS[Act.DONE]
    findings: tuple[Finding, ...] = ()
    unreadable: int = 0
    is_complete: bool = False
    calls: tuple[Call, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Tell whether something can be taken from it, if only that there is nothing."""
        return self.act in (Act.DONE, Act.EMPTY)
