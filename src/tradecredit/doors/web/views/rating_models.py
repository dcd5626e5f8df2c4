"""The model editor: weights, bins and cut-offs of a draft beside test customers, and who would move."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tradecredit.apps.decisions import drafts, policies
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.scoring import attributes, model_lines, scorecard_document, weight_typing
from tradecredit.doors.web import acting, drafts_asked
from tradecredit.flows import permissions
from tradecredit.flows.policy import check_policy, draft_policy
from tradecredit.flows.ratings import draft_model, simulate_model, suggest_weights, try_model
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.http import HttpRequest

    from tradecredit.apps.decisions.drafts import Draft

_ACTION: Final = "draft_policy"
_TYPES: Final = {"yaml": "application/yaml", "pmml": "application/xml"}
_MISSING: Final = (
    ("reallocate", Words(zh="权重分摊给其他指标", en="weight goes to the others")),
    ("keep", Words(zh="计 0 分", en="counts 0")),
    ("worst", Words(zh="按最差计", en="counts as the worst")),
    ("neutral", Words(zh="按中性分计", en="counts as neutral")),
    ("block", Words(zh="不能评分", en="no score")),
)
_STEPS: Final = {
    "line": Words(zh="警戒线", en="Warning line"),
    "step": Words(zh="步长", en="Step"),
    "points": Words(zh="每步扣分", en="Points a step"),
    "mode": Words(zh="按整步（floor）或按比例（linear）", en="Whole steps (floor) or a slope (linear)"),
    "unit": Words(zh="百分点（pp）或相对（relative）", en="Points (pp) or a share of the line (relative)"),
    "beyond": Words(zh="高于（above）或低于（below）", en="Above or below the line"),
}


@require_http_methods(["GET", "POST"])
@acting.page
def model(request: HttpRequest) -> HttpResponse:
    """Show the model in force, its drafts and its files, and begin a draft of it."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    if request.method == "POST":
        back = reverse("web:rating_model")
        return acting.act(request, action=_ACTION, effect=lambda: _begin(request), back=back)
    stored = policies.in_force(company_id=company.pk, as_of=clock.today(company))
    context = {
        **_shown(stored.document, request.GET.get("of", "")),
        "stored": stored,
        "drafts": [each for each in drafts.listed(company_id=company.pk) if each.is_open],
        "may_begin": permissions.may(actor, company.pk, _ACTION),
        "tomorrow": clock.today(company) + timedelta(days=1),
    }
    return render(request, "web/rating_model.html", context)


def _begin(request: HttpRequest) -> str:
    company = acting.company_of(request)
    draft = draft_policy.start_draft(
        company=company,
        title=request.POST.get("title", ""),
        reason=request.POST.get("reason", ""),
        valid_from=clock.today(company) + timedelta(days=1),
        actor=acting.actor_of(request),
    )
    return reverse("web:model_draft", args=[draft.id])


@require_http_methods(["GET", "POST"])
@acting.page
def model_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the model of a draft as lines to type in, beside test customers; take typed lines."""
    here = reverse("web:model_draft", args=[draft_id])
    of = request.POST.get("of:model", "")
    if of and not request.POST.get("drop:model"):
        here = f"{here}?{urlencode({'of': of})}"
    if request.method == "POST":
        return _take(request, draft_id, here)
    draft = drafts_asked.draft_of(draft_id)
    company, actor = acting.company_of(request), acting.actor_of(request)
    codes = request.GET.get("customers", "")
    context = {
        **_shown(draft.document, request.GET.get("of", "")),
        "draft": draft,
        "codes": codes,
        "trial": _trial(request, draft.document, draft, codes),
        "may_draft": draft.is_open and permissions.may(actor, company.pk, _ACTION),
        "is_author": actor.user_id == draft.author_id,
        "attributes": _addable(draft.document),
        "units": get_args(attributes.Unit),
    }
    return render(request, "web/rating_model.html", context)


def _take(request: HttpRequest, draft_id: UUID, here: str) -> HttpResponse:
    version = request.POST.get("version", "")

    def effect() -> str:
        draft_model.change_model(
            draft_id=draft_id,
            typed=_typed(request),
            version=int(version) if version.isdigit() else 0,
            actor=acting.actor_of(request),
        )
        return here

    done = Words(zh="已保存。", en="Saved.")
    return acting.act(request, action=_ACTION, effect=effect, back=here, done=done)


@require_POST
@acting.page
def try_typed(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show what the typed lines would change and how the test customers fare, without saving them."""
    draft = drafts_asked.draft_of(draft_id)
    document = {**draft.document, **draft_model.typed_into(draft.document, _typed(request))}
    context = {"trial": _trial(request, document, draft, request.POST.get("customers", ""))}
    return render(request, "web/parts/model_trial.html", context)


@require_GET
@acting.page
def movers(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Rate the whole portfolio under the draft: who moves, from where to where, and why."""
    draft = drafts_asked.draft_of(draft_id)
    context: dict[str, Any] = {"draft": draft}
    try:
        found = simulate_model.simulate_model(
            company=acting.company_of(request), document=draft.document, actor=acting.actor_of(request)
        )
        matrix = found["migration"]
        context |= {
            "found": found,
            "matrix": list(zip(matrix["grades"], matrix["counts"], strict=True)),
        }
    except UnableToError as refusal:
        context["problem"] = refusal.words
    name = "parts/model_movers" if request.headers.get("HX-Request") else "model_movers"
    return render(request, f"web/{name}.html", context)


@require_GET
@acting.page
def weights(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the weights that history suggests beside the draft's; taken over, they are typed into the draft."""
    draft, of = drafts_asked.draft_of(draft_id), request.GET.get("of", "")
    lines = model_lines.lines(draft.document, of=of)
    context: dict[str, Any] = {"draft": draft, "of": lines.name if lines.when else ""}
    try:
        found = suggest_weights.suggest_weights(
            company=acting.company_of(request), actor=acting.actor_of(request), model=lines.name
        )
        suggested = {each["indicator"]: Decimal(each["suggested"]) for each in found["weights"]}
        context |= {
            "found": found,
            "rows": _weight_rows(lines, found["weights"]),
            "typed": weight_typing.typed(lines, weights=suggested),
            "may_draft": draft.is_open
            and permissions.may(acting.actor_of(request), acting.company_of(request).pk, _ACTION),
        }
    except UnableToError as refusal:
        context["problem"] = refusal.words
    return render(request, "web/model_weights.html", context)


def _weight_rows(lines: model_lines.ModelLines, found: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the indicators by dimension with the weight that rated then and the one suggested, in percent of the whole."""
    labels = {one.name: (each.label, one.label) for each in lines.dimensions for one in each.indicators}
    rows = []
    for each in found:
        plain = Words(zh=each["indicator"], en=each["indicator"])
        dimension, label = labels.get(each["indicator"], (plain, plain))
        now, then = Decimal(each["now"]), Decimal(each["suggested"])
        rows.append(
            {"dimension": dimension, "label": label, "now": now, "suggested": then, "apart": then - now}
        )
    return rows


@require_POST
@acting.page
def take_file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Put the model of a file (YAML or PMML) in place of the draft's."""
    here = reverse("web:model_draft", args=[draft_id])
    sent = request.FILES.get("file")
    version = request.POST.get("version", "")

    def effect() -> str:
        text = b"" if sent is None else sent.read()
        draft_model.import_model(
            draft_id=draft_id,
            text=text.decode("utf-8-sig", errors="replace"),
            version=int(version) if version.isdigit() else 0,
            actor=acting.actor_of(request),
        )
        return here

    done = Words(zh="模型已导入草稿。", en="The model was taken into the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=here, done=done)


@require_GET
@acting.page
def model_file(request: HttpRequest, form: str) -> HttpResponse:
    """Hand out the model in force, or that of a draft, as a file."""
    company = acting.company_of(request)
    if form not in _TYPES:
        raise Http404
    asked = request.GET.get("draft", "")
    found = next((each for each in drafts.listed(company_id=company.pk) if str(each.id) == asked), None)
    stored = policies.in_force(company_id=company.pk, as_of=clock.today(company))
    document = stored.document if found is None else found.document
    of = request.GET.get("of", "")
    text = draft_model.written_model(document, form="pmml" if form == "pmml" else "yaml", of=of)
    name = f"model-{stored.number}.{'pmml.xml' if form == 'pmml' else 'yaml'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{_TYPES[form]}; charset=utf-8", headers=headers)


def _shown(document: Mapping[str, Any], of: str) -> dict[str, Any]:
    lines = model_lines.lines(document, of=of)
    return {"model": lines, "of": lines.name if lines.when else "", "missing": _MISSING, "steps": _STEPS}


def _trial(request: HttpRequest, document: Mapping[str, Any], draft: Draft, codes: str) -> dict[str, Any]:
    """Return sums, mistakes, changes in words and the test customers of a document that may not be saved."""
    lines = model_lines.lines(document, of=request.POST.get("of:model", "") or request.GET.get("of", ""))
    mistakes = check_policy.check_policy(document=document)
    found: dict[str, Any] = {
        "sums": _sums(lines),
        "mistakes": mistakes,
        "changes": draft_model.changes_in_words(policies.by_id(draft.base_id).written, document),
    }
    if not mistakes:
        found["tried"] = try_model.try_model(
            company=acting.company_of(request),
            document=document,
            actor=acting.actor_of(request),
            codes=[each for each in codes.replace(",", " ").split() if each],
        )
    return found


def _sums(lines: model_lines.ModelLines) -> list[tuple[Words, str, bool]]:
    """Return what each group of weights sums to, where that is not 100 %."""
    every = [(Words(zh="各维度", en="Dimensions"), lines.dimension_sum)]
    every += [(each.label, each.indicator_sum) for each in lines.dimensions]
    every += [(each.label, each.weight_sum) for each in lines.weight_sets]
    return [
        (label, "?" if found is None else f"{found:f}", model_lines.is_whole(found))
        for label, found in every
        if not model_lines.is_whole(found)
    ]


def _addable(document: Mapping[str, Any]) -> list[tuple[str, Words]]:
    """Return the attributes that a model may look at, by name and label."""
    known = scorecard_document.attributes_of(document["scorecard"])
    return sorted(((each.name, each.label) for each in known.values()), key=lambda each: each[0])


def _typed(request: HttpRequest) -> dict[str, str]:
    """Return the fields that are lines of the model; the others are the form's own."""
    return {name: request.POST[name] for name in request.POST if ":" in name or name == "default_missing"}
