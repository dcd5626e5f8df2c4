"""The tag library ``tc``: both languages, amounts, days, icons and small pictures."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from tradecredit.core.dossier import facts
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.limit import Amount, Limit
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import figures, icons, log_entries, papers, roles, tones

if TYPE_CHECKING:
    from tradecredit.core.dossier.facts import RecordedFact

register = template.Library()


def language() -> str:
    """Return ``zh`` or ``en``: the language of the page being rendered."""
    return "zh" if (translation.get_language() or "zh").startswith("zh") else "en"


@register.simple_tag
def t(zh: str, en: str, **values: object) -> str:
    """Return the sentence of the page's language with ``{name}`` places filled."""
    text = zh if language() == "zh" else en
    return text.format(**values) if values else text


@register.filter
def words(value: Words | Mapping[str, str] | str | None) -> str:
    """Return the page's language out of ``Words``, of ``{"zh": …, "en": …}``, or the plain text itself."""
    if value is None:
        return ""
    if isinstance(value, Words):
        return value.in_language(language())
    if isinstance(value, Mapping):
        return str(value.get(language()) or value.get("zh") or value.get("en") or "")
    return str(value)


def _amount_of(value: object, currency: str) -> tuple[Decimal, str] | None:
    if isinstance(value, Money):
        return value.amount, value.currency
    if value is None or value == "":
        return None
    return Decimal(str(value)), currency


def _data(amount: Decimal, currency: str, shown: str) -> SafeString:
    return format_html(
        '<data class="{}" value="{}" title="{} {}">{}</data>',
        "amount is-negative" if amount < 0 else "amount",
        f"{amount:f}",
        figures.exact(amount, currency),
        currency,
        shown,
    )


@register.simple_tag
def money(value: object, currency: str = "", *, sign: bool = False) -> str:
    """Write an amount exactly; a dash for nothing."""
    pair = _amount_of(value, currency)
    if pair is None:
        return "–"
    amount, code = pair
    text = figures.exact(amount, code)
    return _data(amount, code, figures.with_sign(text, code) if sign else text)


@register.simple_tag
def money_short(value: object, currency: str = "", *, sign: bool = True) -> str:
    """Write an amount as cards do (``¥45.60 万``), exact on hover and in the ``value``."""
    pair = _amount_of(value, currency)
    if pair is None:
        return "–"
    amount, code = pair
    text = figures.short(amount, code, language=language())
    return _data(amount, code, figures.with_sign(text, code) if sign else text)


@register.filter
def day(value: date | datetime | str | None) -> str:
    """Write a day; moments are first turned to the server's zone."""
    if isinstance(value, str):
        value = date.fromisoformat(value[:10]) if value else None
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return figures.day(value, language=language())


@register.filter
def moment(value: datetime | str | None) -> str:
    """Write a moment to the minute: ``2026-11-22 14:05``."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if value else None
    if value is None:
        return "–"
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")


@register.filter
def share(part: Decimal | None, whole: Decimal | None) -> str:
    """Write a part of a whole as a percentage."""
    return figures.percent(part, whole)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw a decorative icon; the word beside it carries the meaning."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        css,
        icons.PATHS[name],
    )


@register.simple_tag
def chip(kind: str, value: object) -> SafeString:
    """Write a status as icon, word and colour, for example ``{% chip "outcome" decision.outcome %}``."""
    tone = tones.of(kind, "" if value is None else str(value))
    return format_html(
        '<span class="chip is-{}" data-status="{}">{}<span>{}</span></span>',
        tone.colour,
        "" if value is None else value,
        icon(tone.icon),
        tone.words.in_language(language()),
    )


@register.simple_tag
def label(kind: str, value: object) -> str:
    """Write only the word of a status."""
    return tones.of(kind, str(value or "")).words.in_language(language())


@register.simple_tag
def meter(part: object, whole: object) -> SafeString:
    """Draw how much of a whole is used; over the whole it turns red, and the figure stands beside it."""
    used, limit = Decimal(str(part or 0)), Decimal(str(whole or 0))
    ratio = used * 100 / limit if limit > 0 else Decimal(100 if used > 0 else 0)
    colour = "bad" if ratio > 100 else "warn" if ratio >= 90 else "good"  # noqa: PLR2004 - colours of a picture, not a rule
    width = max(Decimal(0), min(ratio, Decimal(100)))
    return format_html(
        '<svg class="meter is-{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="meter-track" width="100" height="6"/><rect class="meter-fill" width="{}" height="6"/></svg>',
        colour,
        f"{width:.1f}",
    )


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """Return the page's query text with some filters changed; None takes a filter away."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else "?"


@register.simple_tag
def nothing() -> SafeString:
    """Write the dash of an empty cell with a word for those who listen."""
    return mark_safe('<span class="muted">–</span>')


@register.simple_tag
def get_language_code() -> str:
    """Return the ``lang`` of the page: ``zh-CN`` or ``en``."""
    return "zh-CN" if language() == "zh" else "en"


@register.simple_tag
def form_key() -> str:
    """Return a fresh idempotency key: one per rendered form, so a double press has one effect."""
    return str(uuid.uuid4())


@register.simple_tag
def limit_text(limit: Limit) -> str:
    """Write a limit: its amount, or the word for one that is not set or not controlled."""
    if isinstance(limit, Amount):
        return money(limit.money)
    return tones.of("limit", limits.kind_of(limit)).words.in_language(language())


@register.filter
def split_number(document: str) -> str:
    """Return the number of a document without its instalment: ``INV-1#2`` is ``INV-1``."""
    return document.rpartition("#")[0] or document


@register.filter
def split_bar(value: str) -> list[str]:
    """Split a sentence written as ``one|two`` into its points."""
    return value.split("|")


@register.filter
def tone_of(kind: str) -> str:
    """Return the colour of a log entry's kind."""
    return log_entries.look_of(kind).colour


@register.filter
def icon_of(kind: str) -> str:
    """Return the icon of a log entry's kind."""
    return log_entries.look_of(kind).icon


@register.filter
def actor(name: str) -> str:
    """Write who acted: people by name, the system and its runs in the language of the page."""
    return log_entries.actor_name(name).in_language(language())


@register.filter
def role_name(role: str) -> str:
    """Write a role as people call it."""
    return roles.name_of(role).in_language(language())


@register.filter
def cause(text: str) -> str:
    """Write the cause of a rating in the language of the page."""
    return log_entries.cause_of(text).in_language(language())


@register.filter
def fact_value(fact: RecordedFact) -> str:
    """Return the value as everybody may see it; what needs a consent is masked."""
    return facts.masked(fact.name, fact.value)


@register.filter
def fact_label(name: str) -> str:
    """Write a fact's name in the language of the page."""
    known = facts.KNOWN.get(name)
    return known.label.in_language(language()) if known else name


@register.filter
def paper(text: str) -> SafeString:
    """Lay a letter's text out as a page of paper."""
    return papers.page(text)


@register.filter
def sealed_paper(text: str) -> SafeString:
    """Lay a letter's text out as a page of paper with a place for the seal."""
    return papers.page(text, is_sealed=True)


@register.filter
def field_names(text: str) -> SafeString:
    """Write a template's words with its fields by their names."""
    return papers.with_fields(text, language=language())


@register.filter
def figure_text(value: object) -> str:
    """Write a value of a policy shortly: numbers and words as they stand, anything larger cut."""
    text = value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)
    return Truncator(str(text)).chars(80)
