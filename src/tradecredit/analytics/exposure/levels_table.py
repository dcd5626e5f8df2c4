"""The report of levels above accounts: limit, exposure at dated rates, headroom; and of the settings in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import columns
from tradecredit.analytics.exposure import node_standings
from tradecredit.apps.decisions import setting_queries
from tradecredit.apps.exposure import node_queries
from tradecredit.core.decisions import settings
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.access import people, scope
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.setting_queries import SettingRecord


def levels_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return a row a level: what it counts, its limit as a tagged text, and what is left."""
    records = node_queries.nodes(as_of=as_of, company_id=company_id)
    return Table(
        name="levels",
        title=Words(zh=f"集团与组合，截至 {as_of}", en=f"Groups and portfolios as of {as_of}"),
        columns=(
            Column(key="code", label=Words(zh="编码", en="Code")),
            Column(key="name", label=Words(zh="名称", en="Name")),
            Column(key="kind", label=Words(zh="类型", en="Kind")),
            Column(key="counts", label=Words(zh="统计对象", en="Counts")),
            Column(key="parent", label=Words(zh="上级", en="Above")),
            Column(key="strength", label=Words(zh="控制", en="Control")),
            columns.CURRENCY,
            Column(key="limit", label=Words(zh="额度", en="Limit")),
            Column(key="exposure", label=Words(zh="占用", en="Exposure"), kind="amount"),
            Column(key="headroom", label=Words(zh="余量", en="Headroom")),
            Column(key="accounts", label=Words(zh="账户数", en="Accounts"), kind="number"),
            Column(key="missing_rates", label=Words(zh="缺汇率", en="No rate for")),
        ),
        rows=tuple(
            (
                one.record.code,
                one.record.name,
                one.record.kind,
                one.record.value,
                one.record.parent_code,
                one.record.strength,
                one.record.currency,
                limits.text(one.record.limit),
                one.exposure,
                limits.text(one.headroom),
                one.accounts,
                ", ".join(one.missing_rates),
            )
            for one in node_standings.of_nodes(records, as_of=as_of, company_id=company_id)
        ),
    )


def settings_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return a row a setting in force below the policy: where it is set, its value ("not set" is not 0), since when."""
    companies = {one.pk: one.code for one in people.companies_of(scope.current())}
    return Table(
        name="settings",
        title=Words(zh=f"政策之下的设置，截至 {as_of}", en=f"Settings below the policy as of {as_of}"),
        columns=(
            columns.COMPANY,
            Column(key="level", label=Words(zh="层级", en="Level")),
            Column(key="place", label=Words(zh="对象", en="Place")),
            Column(key="name", label=Words(zh="设置", en="Setting")),
            Column(key="value", label=Words(zh="值", en="Value")),
            Column(key="valid_from", label=Words(zh="自", en="Since"), kind="day"),
            Column(key="valid_to", label=Words(zh="至", en="Until"), kind="day"),
            Column(key="reason", label=Words(zh="理由", en="Reason")),
            Column(key="decided_by", label=Words(zh="批准人", en="Approved by")),
        ),
        rows=tuple(
            (
                "" if one.company_id is None else companies.get(one.company_id, ""),
                one.level,
                one.customer_code or one.class_name,
                one.name,
                settings.NOT_SET if one.value is None else one.value,
                one.valid_from,
                one.valid_to,
                one.reason,
                one.decided_by_name,
            )
            for one in _in_force(as_of, [one for one in companies if company_id in (None, one)])
        ),
    )


def _in_force(as_of: date, company_ids: Sequence[UUID]) -> tuple[SettingRecord, ...]:
    records = {
        record.id: record
        for company_id in company_ids
        for record in setting_queries.records(company_id=company_id)
    }
    return tuple(
        one
        for one in records.values()
        if one.status == "approved"
        and one.valid_from <= as_of
        and (one.valid_to is None or one.valid_to > as_of)
    )
