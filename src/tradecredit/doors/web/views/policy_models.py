"""The files of the DMN standard in a draft: taken out to any editor of the standard, and in again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tradecredit.core.decision_tables import layers, reading
from tradecredit.core.decisions import declared_facts
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, drafts_asked
from tradecredit.doors.web.charts import requirements
from tradecredit.doors.web.templatetags.tc import language
from tradecredit.flows.policy import change_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest

_ACTION: Final = "draft_policy"
_BYTES_MOST: Final = 2_000_000


@require_http_methods(["GET", "POST"])
@acting.page
def model(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Hand out a file of a draft, or take a changed one."""
    draft = drafts_asked.draft_of(draft_id)
    if name not in draft.document.get("tables", {}):
        raise Http404
    if request.method == "GET":
        answer = HttpResponse(draft.document["tables"][name], content_type="application/xml; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.dmn"'
        return answer
    back = reverse("web:policy_draft", args=[draft_id])
    version = request.POST.get("version", "")

    def effect() -> str:
        change_model.change_model(
            draft_id=draft_id,
            name=name,
            text=_uploaded(request),
            version=int(version) if version.isdigit() else 0,
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="已换成新文件。", en="The new file is in the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


def _uploaded(request: HttpRequest) -> str:
    """Return the uploaded text; raises UnableToTakeModelError where there is none, too much of it, or no text."""
    file = request.FILES.get("file")
    if file is None or not 0 < (file.size or 0) <= _BYTES_MOST:
        raise change_model.UnableToTakeModelError(
            Words(zh="请选择一个 .dmn 文件，最大 2 MB。", en="Choose one .dmn file of at most 2 MB.")
        )
    try:
        text: str = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise change_model.UnableToTakeModelError(
            Words(
                zh="文件须为 UTF-8 编码，请另存后再上传。",
                en="The file must be UTF-8: save it so and upload it again.",
            )
        ) from error
    return text


@require_GET
@acting.page
def graph(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """Draw the decisions of a file with what each needs."""
    draft = drafts_asked.draft_of(draft_id)
    if name not in draft.document.get("tables", {}):
        raise Http404
    found = reading.read(draft.document["tables"][name])
    checks = {
        one["table"]["decision"]: reverse("web:policy_table", args=[draft_id, one["code"]])
        for one in draft.document["order_control"]["checks"]
        if (one.get("table") or {}).get("model") == name
    }
    chart = requirements.draw(
        layers.layers(found),
        name_of=lambda one: _name_of(one, draft.document, name),
        url_of=checks,
        title=Words(zh=f"决策关系图：{found.name}", en=f"Graph of decisions: {found.name}"),
        language=language(),
    )
    return render(request, "web/policy_graph.html", {"draft": draft, "name": name, "chart": chart})


def _name_of(name: str, document: Mapping[str, Any], model: str) -> str:
    """Return what an element is called: a fact by its name, a decision by the check that asks it."""
    fact = declared_facts.BY_NAME.get(name)
    if fact is not None:
        return fact.words.in_language(language())
    for check in document["order_control"]["checks"]:
        table = check.get("table") or {}
        if (table.get("model"), table.get("decision")) == (model, name):
            return Words(**check["label"]).in_language(language())
    return name
