"""The credit report of a customer as a paper: as of a day, as known at a moment, so that it can be made again exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.dossier import credit_report_tables as parts
from tradecredit.analytics.dossier import own_values, profile, relations
from tradecredit.analytics.receivables import reading
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.printing import Paper

if TYPE_CHECKING:
    from datetime import date, datetime

    from tradecredit.analytics.dossier.profile import Profile
    from tradecredit.plumbing.access.models import Company

_EVENTS: Final = """
SELECT recorded_at, text_zh, text_en, actor_name FROM audit_logentry
WHERE stream = %(stream)s AND company_id = %(company)s
    AND (%(known_at)s::timestamptz IS NULL OR recorded_at <= %(known_at)s)
ORDER BY sequence DESC LIMIT 30
"""
_FOOT: Final = Words(
    zh="由 TradeCredit 按截至日与得知时点生成；同样的参数得到同样的报告。",
    en="Made by TradeCredit as of the day and as known at the moment; the same parameters make the same report.",
)


def credit_report(
    *, code: str, company: Company, as_of: date, known_at: datetime, language: str
) -> Paper | None:
    """Return the report; None where the customer was not known at the moment or may not be seen.

    ``known_at`` is asked for always: without it a report could not be made again. Values that need a consent are masked.
    """
    at: dict[str, Any] = {"company_id": company.pk, "as_of": as_of, "known_at": known_at}
    found = profile.profile(code=code, **at)
    if found is None:
        return None
    own = own_values.of_customer(customer=found.customer, **at)
    ties = relations.relations(code=found.customer.code, **at)
    bound = {"stream": f"customer:{found.customer.id}", "company": company.pk, "known_at": known_at}
    events = reading.fetch(_EVENTS, bound)
    return Paper(
        title=Words(zh="客户信用报告", en="Credit report"),
        subtitle=f"{found.customer.name} · {found.customer.code}",
        about=_about(found, company=company, as_of=as_of, known_at=known_at, language=language),
        tables=(
            parts.reasons(found, language=language),
            parts.lines(found),
            parts.aged(found),
            parts.behaviour(found),
            parts.facts(found),
            parts.own(own),
            parts.ratios(found),
            parts.ties(ties),
            parts.warnings(ties),
            parts.missing(found),
            parts.events(events, language=language),
        ),
        foot=_FOOT,
    )


def _about(
    found: Profile, *, company: Company, as_of: date, known_at: datetime, language: str
) -> tuple[tuple[Words, str], ...]:
    customer, rating = found.customer, found.rating
    score = "—" if rating is None or rating.score is None else f"{rating.score:f}"
    return (
        (Words(zh="截至日", en="As of"), as_of.isoformat()),
        (Words(zh="得知时点", en="Known at"), known_at.isoformat(timespec="seconds")),
        (Words(zh="报告单位", en="Company"), company.name),
        (Words(zh="统一社会信用代码", en="Registered number"), customer.uscc or "—"),
        (Words(zh="信用等级", en="Grade"), rating.grade if rating else "—"),
        (Words(zh="得分", en="Score"), score),
        (Words(zh="客户类型", en="Type"), customer.customer_type or "—"),
        (Words(zh="行业", en="Industry"), customer.industry or "—"),
        (Words(zh="区域", en="Region"), customer.region or "—"),
        (Words(zh="业务员", en="Salesperson"), customer.salesperson or "—"),
        (Words(zh="集团", en="Group"), " ← ".join(found.group)),
        (Words(zh="档案完整度", en="Completeness"), f"{found.completeness.percent}%"),
        (Words(zh="语言", en="Language"), language),
        (Words(zh="合作开始", en="Customer since"), str(customer.customer_since or "—")),
    )
