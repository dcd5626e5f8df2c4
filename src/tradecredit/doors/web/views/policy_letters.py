"""The letters of a draft: a grid of them in both languages, and each as the sheet of paper that it will be."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.analytics.collections import letter_papers
from tradecredit.apps.decisions import policies
from tradecredit.core.collections import letter_changes, letter_fields, letter_grid, letter_sheet, strategy
from tradecredit.core.collections.letter_sheet import Part
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError
from tradecredit.doors.web import acting, drafts_asked, letter_sheets
from tradecredit.flows import permissions
from tradecredit.flows.policy import change_letters, check_policy
from tradecredit.flows.watch import preview_letter
from tradecredit.plumbing import clock, letter_paper

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpRequest

    from tradecredit.apps.decisions.drafts import Draft
    from tradecredit.core.collections.letter_grid import Row
    from tradecredit.flows.watch.preview_letter import Previewed

_ACTION: Final = "draft_policy"
_SECTIONS: Final = ("letters", "dunning")
_LANGUAGES: Final = {"zh": Words(zh="中文", en="Chinese"), "en": Words(zh="英文", en="English")}


@require_GET
@acting.page
def letters(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the letters of a draft in the order in which customers get them."""
    draft = drafts_asked.draft_of(draft_id)
    problem = ""
    rows: tuple[Row, ...] = ()
    try:
        rows = _rows(draft)
    except PolicyError as error:
        problem = str(error)
    mistakes = check_policy.check_policy(document=draft.document)
    context = {
        "draft": draft,
        "rows": rows,
        "problem": problem,
        "mistakes": [one for one in mistakes if one.path.split(".")[0] in _SECTIONS],
        "base": policies.by_id(draft.base_id),
        "may_draft": _may(request, draft),
    }
    return render(request, "web/policy_letters.html", context)


@require_http_methods(["GET", "POST"])
@acting.page
def letter(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Show a letter as a sheet to be typed in, beside what it will look like; take the typed one."""
    draft = drafts_asked.draft_of(draft_id)
    row = _row(draft, key)
    if request.method == "GET":
        return _page(request, draft, row, key, parts=_begun(request, draft, key))
    parts = letter_sheets.posted(request.POST)
    if request.POST.get("act"):
        return _page(request, draft, row, key, parts=letter_sheets.acted(parts, request.POST["act"]))
    return _take(request, draft, row, key, parts)


@require_POST
@acting.page
def try_letter(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Say what is wrong with the letter as it is typed, fill it, and mark what it says otherwise; nothing is saved."""
    draft = drafts_asked.draft_of(draft_id)
    row = _row(draft, key)
    context = _live(request, draft, row, key, letter_sheets.posted(request.POST))
    return render(request, "web/parts/policy_letter_live.html", context)


@require_http_methods(["GET", "POST"])
@acting.page
def letter_pdf(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Answer the typed letter, or the one in the draft, as a PDF."""
    previewed = _previewed(request, draft_id, key)
    paper = letter_papers.trial(previewed.trial)
    response = HttpResponse(letter_paper.as_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{key}.pdf"'
    return response


@require_POST
@acting.page
def pages(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Show the pages of the typed letter's PDF as pictures, within the page."""
    try:
        previewed = _previewed(request, draft_id, key)
    except UnableToError as refusal:
        return render(request, "web/parts/policy_letter_pages.html", {"problem": refusal.words})
    found = letter_paper.as_pictures(letter_papers.trial(previewed.trial))
    pictures = [base64.b64encode(one).decode("ascii") for one in found]
    return render(request, "web/parts/policy_letter_pages.html", {"pictures": pictures})


@require_POST
@acting.page
def remove(request: HttpRequest, draft_id: UUID, key: str) -> HttpResponse:
    """Take a letter that no step uses out of the draft."""
    back = reverse("web:policy_letters", args=[draft_id])

    def effect() -> str:
        change_letters.remove_letter(
            draft_id=draft_id, key=key, version=_version(request), actor=acting.actor_of(request)
        )
        return back

    return acting.act(request, action=_ACTION, effect=effect, back=back)


def _take(request: HttpRequest, draft: Draft, row: Row, key: str, parts: Sequence[Part]) -> HttpResponse:
    """Keep the typed letter; where it cannot be kept, show it as it was typed with the reason at its place."""

    def effect() -> str:
        change_letters.change_letter(
            draft_id=draft.id, key=key, parts=parts, version=_version(request), actor=acting.actor_of(request)
        )
        return f"{reverse('web:policy_letter', args=[draft.id, key])}?saved=1"

    try:
        acting.require(request, _ACTION)
        return redirect(acting.once(request, effect))
    except UnableToError as refusal:
        page = _page(request, draft, row, key, parts=parts, refused=refusal.words)
        page.status_code = refusal.status
        return page


def _page(
    request: HttpRequest, draft: Draft, row: Row, key: str, *, parts: Sequence[Part], refused: Words | None = None
) -> HttpResponse:  # fmt: skip
    texts = letter_grid.texts_of(draft.document)
    in_language = key.rpartition("-")[2]
    other = f"{row.name}-{'en' if in_language == 'zh' else 'zh'}"
    problems = letter_sheet.problems(parts)
    context = {
        "draft": draft,
        "row": row,
        "key": key,
        "in_language": in_language,
        "language_name": _LANGUAGES[in_language],
        "other": other,
        "other_text": texts.get(other, ""),
        "is_new": key not in texts,
        "is_saved": request.GET.get("saved") == "1",
        "refused": refused,
        "parts": letter_sheets.shown(parts, problems, is_sealed=row.is_sealed),
        "blank": letter_sheets.blank(),
        "fields": letter_fields.every(),
        "models": sorted(name for name in texts if name != key),
        "version": request.POST.get("version", draft.version),
        "may_draft": _may(request, draft),
    }
    context |= _live(request, draft, row, key, parts)
    return render(request, "web/policy_letter.html", context)


def _live(request: HttpRequest, draft: Draft, row: Row, key: str, parts: Sequence[Part]) -> dict[str, Any]:
    """Return what is wrong with the parts, what they become, and what they say otherwise than the version before."""
    problems = letter_sheet.problems(parts)
    base = policies.by_id(draft.base_id)
    before = letter_grid.texts_of(base.written).get(key, "")
    after = letter_sheet.rewritten(before, parts, language=key.rpartition("-")[2])
    context: dict[str, Any] = {
        "draft": draft,
        "key": key,
        "row": row,
        "in_language": key.rpartition("-")[2],
        "problems": problems,
        "base": base,
        "is_of_base": bool(before),
        "changed_lines": letter_changes.lines(before, after) if before else (),
    }
    if problems:
        return context
    try:
        return {**context, "previewed": _filled(request, draft, key, parts)}
    except PolicyError as error:
        return {**context, "unread": str(error)}


def _filled(request: HttpRequest, draft: Draft, key: str, parts: Sequence[Part]) -> Previewed:
    company = acting.company_of(request)
    return preview_letter.preview_letter(
        company=company,
        document=draft.document,
        key=key,
        parts=parts,
        as_of=clock.today(company),
        actor=acting.actor_of(request),
    )


def _previewed(request: HttpRequest, draft_id: UUID, key: str) -> Previewed:
    """Fill the typed letter, or without one that of the draft; raises UnableToKeepLetterError for one with mistakes."""
    draft = drafts_asked.draft_of(draft_id)
    _row(draft, key)
    parts: Sequence[Part] = letter_sheets.posted(request.POST)
    if request.method == "GET":
        parts = letter_sheet.read(letter_grid.texts_of(draft.document).get(key, ""))
    if letter_sheet.problems(parts):
        raise change_letters.UnableToKeepLetterError(
            Words(zh="函件还有错误，请先更正。", en="The letter has mistakes; mend them first.")
        )
    try:
        return _filled(request, draft, key, parts)
    except PolicyError as error:
        raise change_letters.UnableToKeepLetterError(Words(zh=str(error), en=str(error))) from error


def _begun(request: HttpRequest, draft: Draft, key: str) -> Sequence[Part]:
    """Return the letter as it stands; or, where one is to be copied, that one, in another language as its outline."""
    texts = letter_grid.texts_of(draft.document)
    in_language = key.rpartition("-")[2]
    model = request.GET.get("copy_of", "")
    if model not in texts:
        return letter_sheet.read(texts.get(key, "")) or (Part("heading", ""), Part("paragraph", ""))
    parts = letter_sheet.read(texts[model])
    if model.endswith(f"-{in_language}"):
        return parts
    return letter_sheet.outline(parts, language=in_language)


def _rows(draft: Draft) -> tuple[Row, ...]:
    return letter_grid.rows(
        strategy=strategy.parse(draft.document["dunning"]),
        texts=letter_grid.texts_of(draft.document),
        before=letter_grid.texts_of(policies.by_id(draft.base_id).written),
    )


def _row(draft: Draft, key: str) -> Row:
    """Return the row in which a letter stands; raises Http404 for one that is neither used nor there."""
    name, _, in_language = key.rpartition("-")
    try:
        found = next((row for row in _rows(draft) if row.name == name), None)
    except PolicyError as error:
        raise change_letters.UnableToKeepLetterError(Words(zh=str(error), en=str(error))) from error
    if found is None or in_language not in _LANGUAGES:
        raise Http404
    return found


def _may(request: HttpRequest, draft: Draft) -> bool:
    company = acting.company_of(request)
    return draft.is_open and permissions.may(acting.actor_of(request), company.pk, _ACTION)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdigit() else 0
