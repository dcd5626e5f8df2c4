"""``tradecredit news``: what was said of customers, the feeds that say it, and the words that people look out for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import PairType

if TYPE_CHECKING:
    from tradecredit.apps.dossier.news import ItemRecord
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.news.take_news import Taken

_COMPANY = click.option(
    "--company", "company_code", metavar="CODE", help="The company whose books these are."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


@click.group("news")
def news_command() -> None:
    """Keep feeds of news and monitors, read them, and say what was said of customers."""


@news_command.command("list")
@click.option("--side", default="", help="negative, neutral or positive (default: all)")
@click.option("--most", default=20, show_default=True)
@_COMPANY
@_JSON
@click.pass_obj
def listed(
    installation: Installation, /, *, side: str, most: int, company_code: str | None, as_json: bool
) -> None:
    """Show the latest stories, each once, with whom they name and the words that decided."""
    with installation.awake():
        from tradecredit.apps.dossier import news as records
        from tradecredit.plumbing.access import scope

        company = installations.company_named(company_code)
        with scope.entered(installations.system_actor()):
            items = records.latest(company_id=company.pk, polarity=side, most=most)
    if as_json:
        click.echo(json.dumps({"news": [_item(one) for one in items]}, ensure_ascii=False))
        return
    for one in items:
        click.echo(f"{one.published_at:%Y-%m-%d}  {one.polarity:<8} {one.title}")
        for mention in one.mentions:
            words = ", ".join(f"{word} {points:+d}" for word, points, *_ in mention.words)
            click.echo(f"            {mention.customer_code} {mention.named}: {mention.polarity} [{words}]")


@news_command.command("feeds")
@_COMPANY
@click.pass_obj
def feeds(installation: Installation, /, *, company_code: str | None) -> None:
    """Show every feed with its live status, and the monitors."""
    with installation.awake():
        from tradecredit.apps.sources import feeds as kept
        from tradecredit.plumbing.access import scope

        company = installations.company_named(company_code)
        with scope.entered(installations.system_actor()):
            found, monitors = kept.feeds(company_id=company.pk), kept.monitors(company_id=company.pk)
    language = installations.language()
    for one in found:
        state = one.failure.in_language(language) if one.failure else f"{one.items}"
        click.echo(f"{one.code:<24} {one.shape:<8} {'on ' if one.is_active else 'off'} {state}")
    for entry in monitors:
        click.echo(f"{entry.monitor.code:<24} monitor  {', '.join(entry.monitor.any_of)}")


@news_command.command("read")
@click.argument("code", required=False)
@_COMPANY
@click.pass_obj
def read(installation: Installation, /, *, code: str | None, company_code: str | None) -> None:
    """Read one feed now, or every feed whose time has come, as the worker does by itself."""
    with installation.awake():
        from tradecredit.flows import ports, reactions
        from tradecredit.flows.news import read_feeds
        from tradecredit.flows.news.feeds import Feeds

        company, actor = installations.company_named(company_code), installations.system_actor()
        reader = ports.find(Feeds)
        if code:
            said = _said(read_feeds.read_feed(company=company, code=code, actor=actor, feeds=reader))
        else:
            said = f"created {read_feeds.read_due(company=company, actor=actor, feeds=reader)}"
        reactions.drain(actor=actor, company=company)
    click.echo(said)


@news_command.command("write")
@click.argument("title")
@click.option("--text", default="")
@click.option("--address", default="", metavar="URL")
@click.option("--place", default="media", show_default=True, help="search, media, social or network")
@_COMPANY
@click.pass_obj
def write(installation: Installation, /, title: str, **options: Any) -> None:
    """Record a piece of news that somebody read; it is kept where it names a customer or a monitor looks for it."""
    with installation.awake():
        from tradecredit.flows import reactions
        from tradecredit.flows.news import read_feeds
        from tradecredit.flows.news.feeds import Piece

        company, actor = installations.company_named(options["company_code"]), installations.system_actor()
        piece = Piece(title=title, text=options["text"], address=options["address"])
        taken = read_feeds.write_news(company=company, piece=piece, place=options["place"], actor=actor)
        reactions.drain(actor=actor, company=company)
    click.echo(_said(taken))


@news_command.command("keep-feed")
@click.argument("code")
@click.option("--shape", required=True, help="rss, json, webhook or manual")
@click.option("--place", default="media", show_default=True, help="search, media, social or network")
@click.option("--address", default="", metavar="URL", help="Its host is named in TRADECREDIT_NEWS_HOSTS.")
@click.option("--label", help="Its name on pages (default: the code).")
@click.option(
    "--at",
    "fields",
    multiple=True,
    metavar="NAME=PATH",
    type=PairType(),
    help="Where a field stands in an item.",
)
@click.option("--every", "every_minutes", default=60, show_default=True, help="Minutes between two looks.")
@click.option("--off", "is_off", is_flag=True, help="Do not read it for now.")
@_COMPANY
@click.pass_obj
def keep_feed(installation: Installation, /, code: str, **options: Any) -> None:
    """Describe a feed, or describe it anew."""
    with installation.awake():
        from tradecredit.apps.sources.feeds import FeedRecord
        from tradecredit.flows import ports
        from tradecredit.flows.news import keep_feeds
        from tradecredit.flows.news.feeds import Feeds

        draft = FeedRecord(
            code=code,
            label=options["label"] or code,
            shape=options["shape"],
            place=options["place"],
            address=options["address"],
            fields=dict(options["fields"]),
            every_minutes=options["every_minutes"],
            is_active=not options["is_off"],
        )
        company, actor = installations.company_named(options["company_code"]), installations.system_actor()
        keep_feeds.keep_feed(company=company, draft=draft, actor=actor, feeds=ports.find(Feeds))
    click.echo(code)


@news_command.command("keep-monitor")
@click.argument("code")
@click.option(
    "--any", "any_of", multiple=True, required=True, metavar="WORD", help="One of these is looked for."
)
@click.option("--none", "none_of", multiple=True, metavar="WORD", help="None of these may stand beside it.")
@click.option("--side", default="", help="negative, neutral or positive, whatever the text's own words say")
@click.option("--label", help="Its name on pages (default: the code).")
@click.option("--off", "is_off", is_flag=True, help="Do not look for it any more.")
@_COMPANY
@click.pass_obj
def keep_monitor(installation: Installation, /, code: str, **options: Any) -> None:
    """Keep the words of a monitor; it looks at what comes from now on."""
    with installation.awake():
        from tradecredit.core.dossier.news import Monitor
        from tradecredit.flows.news import keep_feeds

        monitor = Monitor(
            code=code,
            label=options["label"] or code,
            any_of=options["any_of"],
            none_of=options["none_of"],
            polarity=options["side"],
        )
        company, actor = installations.company_named(options["company_code"]), installations.system_actor()
        keep_feeds.keep_monitor(
            company=company, monitor=monitor, is_active=not options["is_off"], actor=actor
        )
    click.echo(code)


def _said(taken: Taken) -> str:
    return f"read {taken.read}, created {taken.created}, mentions {taken.mentions}, negative {taken.negative}"


def _item(item: ItemRecord) -> dict[str, Any]:
    return {
        "feed": item.feed,
        "title": item.title,
        "address": item.address,
        "published_at": item.published_at.isoformat(),
        "polarity": item.polarity,
        "told_again": item.told_again,
        "monitors": list(item.monitors),
        "customers": [
            {
                "code": one.customer_code,
                "named": one.named,
                "polarity": one.polarity,
                "words": list(one.words),
            }
            for one in item.mentions
        ],
    }
