"""Describe another system, or change how it is described; try whether it answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tradecredit.apps.sources import operations, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.sources import erps as port
from tradecredit.flows.sources.erps import UnableToDescribeSourceError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from tradecredit.apps.sources.queries import ConnectionRecord
    from tradecredit.core.sources.drafts import ConnectionDraft
    from tradecredit.flows.sources.erps import Erps
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,23}")
_LABEL_LENGTH_MAX: Final = 100
_MINUTES_MAX: Final = 24 * 60


class UnableToFindSourceError(UnableToDescribeSourceError):
    """There is no such connection in sight."""

    code = "source_unknown"
    status = 404


def keep_connection(
    *, company: Company, draft: ConnectionDraft, actor: Actor, erps: Erps
) -> ConnectionRecord:
    """Create or change a connection; raises UnableToDescribeSourceError saying what is wrong with it."""
    _check(draft, erps)
    with db.unit_of_work(actor):
        before = queries.connection(company_id=company.pk, code=draft.code)
        operations.keep_connection(company_id=company.pk, draft=draft, actor=actor)
        found = queries.connection(company_id=company.pk, code=draft.code)
        assert found is not None, "it was kept a moment ago"  # noqa: S101 -- cannot happen
        # Opening sends nothing; it reads the description and refuses what it does not understand.
        erps.open(found)
        words = Words(
            zh=f"{'修改' if before else '新增'}数据源 {draft.code}（{draft.system}）{'' if draft.is_active else '：停用'}",
            en=f"source {draft.code} ({draft.system}) {'changed' if before else 'added'}"
            f"{'' if draft.is_active else ': switched off'}",
        )
        entry = log.NewEntry(stream=f"source:{draft.code}", kind="source.kept", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])
    return found


def connection_named(*, company: Company, code: str, actor: Actor) -> ConnectionRecord:
    """Return the connection with the code; raises UnableToFindSourceError."""
    with scope.entered(actor):
        found = queries.connection(company_id=company.pk, code=code)
    if found is None:
        raise UnableToFindSourceError(
            Words(zh=f"没有数据源 {code}。请先新增。", en=f"There is no source {code}; add it first.")
        )
    return found


def check_connection(*, company: Company, code: str, actor: Actor, erps: Erps) -> Words:
    """Sign in to the system and say whom it took us for; raises UnableToReachSourceError with the reason."""
    found = connection_named(company=company, code=code, actor=actor)
    refuse_without_secrets(found, erps)
    told = erps.open(found).check()
    return Words(zh=f"连接成功：{told}", en=f"connected: {told}")


def make_due(*, company: Company, code: str, actor: Actor, from_beginning: bool = False) -> None:
    """Let the worker read the connection at its next look; raises UnableToFindSourceError.

    ``from_beginning`` reads everything once more; what was recorded is recognised and stays.
    """
    found = connection_named(company=company, code=code, actor=actor)
    with db.unit_of_work(actor):
        operations.make_due(connection_id=found.id, from_beginning=from_beginning)
        words = Words(
            zh=f"要求{'从头' if from_beginning else '立即'}读取数据源 {code}",
            en=f"source {code} to be read {'from the beginning' if from_beginning else 'at once'}",
        )
        entry = log.NewEntry(stream=f"source:{code}", kind="source.due", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def refuse_without_secrets(connection: ConnectionRecord, erps: Erps) -> None:
    """Raise UnableToReachSourceError naming the environment variables that are not set."""
    missing = erps.missing_secrets(connection)
    if missing:
        listed = ", ".join(missing)
        raise port.UnableToReachSourceError(
            Words(
                zh=f"尚未配置密钥。请在服务器上设置环境变量 {listed} 后重启。",
                en=f"The credentials are not set. Set {listed} in the server's environment and restart.",
            )
        )


def _check(draft: ConnectionDraft, erps: Erps) -> None:
    systems = erps.systems()
    if not _CODE.fullmatch(draft.code):
        raise _wrong(
            zh="数据源代码须为 2 至 24 个小写字母、数字或连字符，以字母开头，例如 erp-main。",
            en="A source's code is 2 to 24 lower-case letters, digits or hyphens, such as erp-main.",
        )
    if draft.system not in systems:
        known = ", ".join(systems)
        raise _wrong(zh=f"没有系统 {draft.system}；可用：{known}。", en=f"No system {draft.system}: {known}.")
    if not draft.label.strip() or len(draft.label) > _LABEL_LENGTH_MAX:
        raise _wrong(
            zh="请填写名称（不超过 100 字）。", en="Give the source a name (at most 100 characters)."
        )
    if not 1 <= draft.every_minutes <= _MINUTES_MAX:
        raise _wrong(zh="同步间隔为 1 至 1440 分钟。", en="It is read every 1 to 1440 minutes.")
    system = systems[draft.system]
    foreign = [kind for kind in draft.kinds if kind not in system.kinds]
    if foreign or not (draft.kinds or draft.writes_back):
        known = ", ".join(system.kinds)
        raise _wrong(
            zh=f"请选择要读取的内容；{system.label.zh}可读：{known}。",
            en=f"Choose what is read; {system.label.en} offers {known}.",
        )
    if draft.writes_back and not system.can_write:
        raise _wrong(
            zh=f"{system.label.zh}不支持回写冻结与额度。", en=f"{system.label.en} cannot be written to."
        )
    _check_settings(draft, system)


def _check_settings(draft: ConnectionDraft, system: port.System) -> None:
    unknown = sorted(draft.settings.keys() - system.settings.keys())
    missing = [name for name in system.settings if not draft.settings.get(name, "").strip()]
    if unknown or missing:
        names = ", ".join([*unknown, *missing])
        raise _wrong(
            zh=f"设置项不完整或不认识：{names}。需要：{', '.join(system.settings)}。",
            en=f"Settings missing or unknown: {names}. Needed: {', '.join(system.settings)}.",
        )


def _wrong(*, zh: str, en: str) -> UnableToDescribeSourceError:
    return UnableToDescribeSourceError(Words(zh=zh, en=en))
