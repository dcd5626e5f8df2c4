"""Set something for the house, a company, a class of customers or one customer: asked by one, decided by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.decisions import setting_operations, setting_queries
from tradecredit.apps.decisions.setting_models import SettingLevel, SettingStatus
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.decisions import settings
from tradecredit.core.decisions.settings import BadSettingError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Role
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.decisions.setting_queries import SettingRecord
    from tradecredit.core.kernel.periods import Validity
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

DECIDERS: Final = (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO, Role.MANAGEMENT)


class UnableToKeepSettingError(UnableToError):
    """The name, the value or the level is none of ours."""

    code = "setting_refused"
    status = 422


class UnableToDecideSettingError(UnableToError):
    """The setting is decided already, is the person's own, or is beyond the person's roles."""

    code = "setting_decision_refused"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingDraft:
    """A setting as somebody asks for it; ``value`` None takes back what the level says."""

    level: str
    name: str
    value: str | None
    validity: Validity
    reason: str
    class_name: str = ""
    customer_code: str = ""


def propose_setting(*, company: Company, draft: SettingDraft, actor: Actor) -> UUID:
    """Ask for a setting; it holds from its day on once a second person approves it.

    Raises UnableToKeepSettingError.
    """
    with db.unit_of_work(actor):
        try:
            # Taking a value back names a setting as well, so the name is looked at in any case.
            checked = settings.check(
                draft.name, _any_value(draft.name) if draft.value is None else draft.value
            )
        except BadSettingError as error:
            raise UnableToKeepSettingError(error.words) from error
        _refuse_level(draft)
        setting_id = setting_operations.ask(
            setting_operations.NewSetting(
                company_id=None if draft.level == SettingLevel.HOUSE else company.pk,
                customer_id=_customer_id(company, draft),
                level=draft.level,
                class_name=draft.class_name,
                name=draft.name,
                value=None if draft.value is None else checked,
                validity=draft.validity,
                reason=draft.reason,
            ),
            actor=actor,
        )
        _log(company, _record(setting_id), verb=("申请", "asked for"), actor=actor)
        return setting_id


def decide_setting(*, company: Company, setting_id: UUID, approves: bool, actor: Actor) -> SettingRecord:
    """Approve or reject a setting that somebody else asked for; raises UnableToDecideSettingError."""
    with db.unit_of_work(actor):
        asked = setting_queries.by_id(setting_id)
        if asked is None or asked.status != SettingStatus.OPEN:
            raise UnableToDecideSettingError(
                Words(zh="没有待决定的这项设置。", en="There is no such setting to decide.")
            )
        if asked.requested_by_id == actor.user_id or not actor.has_role(company.pk, *DECIDERS):
            raise UnableToDecideSettingError(
                Words(
                    zh="须由他人决定：信用经理、风控总监、财务总监或管理层。",
                    en="Somebody else decides: the credit manager, risk director, CFO or management.",
                )
            )
        setting_operations.decide(setting_id=setting_id, approves=approves, actor=actor)
        decided = _record(setting_id)
        verb = ("批准", "approved") if approves else ("驳回", "rejected")
        _log(company, decided, verb=verb, actor=actor)
        return decided


def _any_value(name: str) -> str:
    if name.startswith("strength."):
        return settings.STRENGTHS[0]
    return "no" if name == settings.EXCLUDED else "0"


def _refuse_level(draft: SettingDraft) -> None:
    needs = {SettingLevel.CLASS: draft.class_name, SettingLevel.CUSTOMER: draft.customer_code}
    is_known = draft.level in SettingLevel.values
    has_place = needs.get(SettingLevel(draft.level), "-") if is_known else ""
    if is_known and has_place:
        return
    raise UnableToKeepSettingError(
        Words(
            zh="层级为 house、company、class（写明类别或评级）或 customer（写明客户编码）。",
            en="The level is house, company, class (say which class or grade) or customer (say which code).",
        )
    )


def _customer_id(company: Company, draft: SettingDraft) -> UUID | None:
    if draft.level != SettingLevel.CUSTOMER:
        return None
    customer = dossier.customer_by_code(draft.customer_code)
    if customer is None or company.pk not in customer.company_ids:
        raise UnableToKeepSettingError(
            Words(zh="没有代码为 {code} 的客户。", en="There is no customer {code}.").filled(
                code=draft.customer_code
            )
        )
    return customer.id


def _record(setting_id: UUID) -> SettingRecord:
    record = setting_queries.by_id(setting_id)
    assert record is not None  # noqa: S101 -- it was just written
    return record


def _log(company: Company, record: SettingRecord, *, verb: tuple[str, str], actor: Actor) -> None:
    label = settings.label(record.name)
    value = settings.NOT_SET if record.value is None else record.value
    stream = f"customer:{record.customer_id}" if record.customer_id else f"settings:{company.code}"
    words = Words(
        zh=f"{actor.name} {verb[0]}设置 {label.zh}：{value}（{record.reason}）",
        en=f"{actor.name} {verb[1]} the setting {label.en}: {value} ({record.reason})",
    )
    entry = log.NewEntry(stream=stream, kind=f"setting.{record.status}", words=words)
    log.append(company_id=company.pk, actor=actor, entries=[entry])
