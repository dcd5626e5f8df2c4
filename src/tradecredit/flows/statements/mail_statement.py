"""Put the mail with a statement's link into the outbox; see Note [Links of statements]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.outbox import messages

if TYPE_CHECKING:
    from tradecredit.apps.receivables.confirmation_queries import StatementRecord
    from tradecredit.plumbing.access.models import Company

_SUBJECT: Final = Words(
    zh="{company}：截至 {day} 的对账单 {number}", en="{company}: statement of account {number} as of {day}"
)
_BODY: Final = Words(
    zh="{customer}：\n\n截至 {day}，贵公司与我方往来的净额为 {net}，明细见对账单 {number}。请于 {until} 前打开下面的链接，"
    "逐行确认或提出异议，也可承诺付款日期；无需登录。\n\n{link}\n\n{company}\n",
    en="{customer},\n\nas of {day} the net of our account with you is {net}; the lines stand in statement {number}. Please"
    " open the link below until {until} to confirm them or to object line by line, or to promise a day of payment;"
    " no sign-in is needed.\n\n{link}\n\n{company}\n",
)


def put_mail(*, company: Company, statement: StatementRecord, link: str) -> bool:
    """Put the mail to the statement's recipient; tells whether there is one. ``link`` has ``{token}`` in its place.

    Asked twice for the same link, it leaves once.
    """
    if "@" not in statement.recipient or links.PLACE not in link:
        return False
    customer = dossier.customers_by_id([statement.customer_id])[statement.customer_id]
    language = "zh-hans" if statement.language.startswith("zh") else "en"
    told = {
        "company": company.name if language == "zh-hans" else company.name_en or company.name,
        "customer": customer.name,
        "number": statement.number,
        "day": f"{statement.as_of:%Y-%m-%d}",
        "until": f"{statement.expires_at:%Y-%m-%d}",
        "net": ", ".join(f"{one['net']} {one['currency']}" for one in statement.totals),
        "link": link,
    }
    messages.put(
        company_id=company.pk,
        messages=[
            messages.NewMessage(
                channel="mail",
                recipient=statement.recipient,
                language=language,
                subject=_SUBJECT.in_language(language).format(**told),
                body=_BODY.in_language(language).format(**told),
                dedupe_key=f"statement:{statement.id}:{statement.expires_at.isoformat()}",
                cause_kind=links.CAUSE,
                cause_id=statement.id,
            )
        ],
    )
    return True
