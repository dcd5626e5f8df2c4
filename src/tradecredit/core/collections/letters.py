"""Letters: logic-free templates with named fields, filled from the ledger in the customer's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import capitals, letter_interest, texts
from tradecredit.core.collections.letter_interest import Told
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.collections.customer_books import Line
    from tradecredit.core.collections.strategy import Strategy
    from tradecredit.core.kernel.money import Money

LANGUAGES: Final = ("zh", "en")
FIELDS: Final = frozenset(
    {
        "letter_number", "letter_date", "company_name", "customer_name", "stage", "total_figures", "total_capitals",
        "item_count", "item_count_words", "item_table", "pay_by_date", "days_overdue_max", "days_overdue_max_words",
        "earlier_letters", "bank_account",
        "contact_name", "contact_phone", "contact_email", "customer_code", *letter_interest.FIELDS,
    }
)  # fmt: skip
_PLACE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_NAME: Final = re.compile(r"[a-z][a-z_]*")
_HEADS: Final = {
    "zh": ("单据号", "到期日", "逾期天数", "应付金额"),
    "en": ("Document", "Due date", "Days overdue", "Amount due"),
}
_NOTHING_SAID: Final = {
    "zh": "（此前未就上述款项发函）",
    "en": "(We have not written about these items before.)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes, to whom, and where the money and the questions go."""

    company_name: str
    customer_name: str
    bank_account: str
    contact_name: str
    contact_phone: str
    contact_email: str
    customer_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierLetter:
    """A letter sent before about some of the same items."""

    label: str
    sent_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A finished letter: the subject is the first heading of its template."""

    subject: str
    body: str
    language: str


def check_templates(*, strategy: Strategy, letters: Mapping[str, str]) -> None:
    """Check that every letter of the strategy exists in both languages and uses known fields only.

    Raises PolicyError naming the template, for example ``letters.formal-en``.
    """
    for name in sorted(strategy.letters):
        for language in LANGUAGES:
            template_of(name, language=language, letters=letters)
    for key, template in letters.items():
        check_template(template, path=f"letters.{key}")


def template_of(name: str, *, language: str, letters: Mapping[str, str]) -> str:
    """Return the template's text in the language; raises PolicyError when the policy lacks it."""
    key = f"{name}-{'zh' if language.startswith('zh') else 'en'}"
    template = letters.get(key)
    if not template:
        raise PolicyError(f"letters.{key}", "the strategy uses this letter, but the policy does not hold it")
    return template


def check_template(template: str, *, path: str) -> None:
    """Check one template; raises PolicyError for an unknown field, a stray brace or a missing heading."""
    for match in _PLACE.finditer(template):
        name = match.group(1)
        if not _NAME.fullmatch(name) or name not in FIELDS:
            known = ", ".join(sorted(FIELDS))
            raise PolicyError(path, f"the field {{{{{name}}}}} is not known; known are {known}")
    rest = _PLACE.sub("", template)
    if "{{" in rest or "}}" in rest or "{%" in rest:
        raise PolicyError(path, "a template holds text and {{fields}} only")
    if not template.lstrip().startswith("# "):
        raise PolicyError(path, "the first line is the subject: '# …'")


def render(template: str, *, fields: Mapping[str, str], language: str, path: str) -> Letter:
    """Fill a template; raises PolicyError for a field that is not known or not given."""
    texts_around, names = _parts(template, path)
    missing = sorted(set(names) - fields.keys())
    if missing:
        raise PolicyError(path, f"the field {{{{{missing[0]}}}}} has no value")
    filled = [text + fields[name] for text, name in zip(texts_around, names, strict=False)]
    body = ("".join(filled) + texts_around[-1]).strip() + "\n"
    subject = body.partition("\n")[0].splitlines()[0].removeprefix("# ").strip()
    return Letter(subject=_unmarked(subject), body=body, language=language)


@lru_cache(maxsize=256)
def _parts(template: str, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a checked template's texts and the fields between them: it is the same for thousands of letters."""
    check_template(template, path=path)
    parts = _PLACE.split(template)
    return tuple(parts[::2]), tuple(parts[1::2])


def fields(
    *,
    head: Letterhead,
    number: str,
    stage: str,
    lines: Sequence[Line],
    total: Money,
    letter_date: date,
    pay_by_date: date,
    earlier: Sequence[EarlierLetter] = (),
    interest: Told | None = None,
    language: str,
) -> dict[str, str]:
    """Return the values of all fields for a letter: ¥82,000.00 and 人民币捌万贰仟元整, days as people write them."""
    days_overdue_max = max((line.days_overdue for line in lines), default=0)
    return {
        "letter_number": number,
        "letter_date": texts.day(letter_date, language=language),
        "company_name": texts.plain_text(head.company_name),
        "customer_name": texts.plain_text(head.customer_name),
        "stage": stage,
        "total_figures": texts.figures(total),
        "total_capitals": capitals.in_capitals(total),
        "item_count": str(len(lines)),
        "item_count_words": texts.items(len(lines), language=language),
        "item_table": item_table(lines, language=language),
        "pay_by_date": texts.day(pay_by_date, language=language),
        "days_overdue_max": str(days_overdue_max),
        "days_overdue_max_words": texts.days(days_overdue_max, language=language),
        "earlier_letters": _earlier(earlier, language=language),
        "bank_account": texts.plain_text(head.bank_account),
        "contact_name": texts.plain_text(head.contact_name),
        "contact_phone": texts.plain_text(head.contact_phone),
        "contact_email": texts.plain_text(head.contact_email),
        "customer_code": head.customer_code,
        **letter_interest.fields(interest or Told(until=letter_date), total=total, language=language),
    }


def speaks_of_interest(template: str) -> bool:
    """Tell whether the template has a field that tells interest."""
    return any(match.group(1) in letter_interest.FIELDS for match in _PLACE.finditer(template))


def item_table(lines: Sequence[Line], *, language: str) -> str:
    """Return the items as a table in Markdown, oldest first."""
    rows = [_HEADS[language], ("---", "---", "---:", "---:")]
    rows += [
        (
            texts.plain_text(line.item.document),
            texts.day(line.item.due_date, language=language),
            str(max(line.days_overdue, 0)),
            texts.figures(line.asked),
        )
        for line in lines
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _unmarked(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _earlier(earlier: Sequence[EarlierLetter], *, language: str) -> str:
    if not earlier:
        return _NOTHING_SAID[language]
    ordered = sorted(earlier, key=lambda letter: letter.sent_date)
    return "\n".join(
        f"- {texts.day(letter.sent_date, language=language)} {letter.label}" for letter in ordered
    )
