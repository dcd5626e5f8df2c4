"""What the papers say of the demo's customers: some feeds, a monitor and a handful of stories."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import news
from tradecredit.apps.sources import feeds as kept
from tradecredit.apps.sources.feeds import FeedRecord
from tradecredit.core.dossier.news import Monitor
from tradecredit.flows.news import take_news
from tradecredit.flows.news.feeds import Piece
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_FEEDS: Final = (
    FeedRecord(code="trade-press", label="示例行业快讯", shape="webhook", place="media"),
    FeedRecord(code="suppliers", label="供应商通报", shape="manual", place="network"),
)
_MONITOR: Final = Monitor(
    code="steel", label="钢材行情", any_of=("螺纹钢", "钢价", "产能过剩"), none_of=("广告",)
)
# Feed, days ago, headline and text; {0} and {1} are customers. None speaks against one: the story of the demo is told by
# its books, and a fact from here would change it.
_STORIES: Final = (
    ("trade-press", 3, "{0}中标城市轨道交通设备项目 - 示例行业快讯", "{0}签订大单，年内扩产。"),
    ("suppliers", 2, "{0}中标城市轨道交通设备项目｜供应商通报", "同一消息。"),
    ("trade-press", 2, "{1}否认资金链紧张传闻", "{1}澄清：账户一切正常，不存在逾期。"),
    ("trade-press", 1, "钢价一周连跌，产能过剩隐忧再起", "行业媒体统计，螺纹钢均价下行。"),
)


def tell(*, company: Company, actor: Actor) -> None:
    """Keep the feeds and the monitor, and take the stories as of the sandbox's day."""
    with db.unit_of_work(actor):
        for feed in _FEEDS:
            kept.keep_feed(company_id=company.pk, draft=feed, actor=actor)
        kept.keep_monitor(company_id=company.pk, monitor=_MONITOR, is_active=True, actor=actor)
        names = [name for _, _, name in news.names_of_company(company_id=company.pk)][:2]
        if len(names) < 2:  # noqa: PLR2004 - two customers are spoken of
            return
        for feed in _FEEDS:
            pieces = [
                Piece(
                    title=title.format(*names),
                    text=text.format(*names),
                    key=f"demo-{code}-{days}-{place}",
                    published_at=clock.moment_in(company) - timedelta(days=days),
                )
                for place, (code, days, title, text) in enumerate(_STORIES)
                if code == feed.code
            ]
            taken = take_news.take_news(
                company=company, feed=feed.code, place=feed.place, pieces=pieces, actor=actor
            )
            kept.tried(
                company_id=company.pk,
                code=feed.code,
                created=taken.created,
                failure=None,
                moment=clock.moment_in(company),
            )
