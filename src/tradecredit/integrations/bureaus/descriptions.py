"""Descriptions of bureaus: where each report lies, how calls are signed, what codes mean; read from the files beside this."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Final = ("tianyancha", "qichacha", "qixinbao", "generic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What one documented code of a provider means for us."""

    act: Act
    words: Words
    is_billed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth:
    """How calls are signed; the names of environment variables stand here, never what they hold."""

    kind: str
    secret: str
    header: str = ""
    prefix: str = ""
    key_name: str = ""
    key_place: str = ""
    key_variable: str = ""
    time_header: str = ""
    is_in_milliseconds: bool = False
    sign_header: str = ""
    is_upper: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How pages are asked for and counted."""

    items: str
    total: str
    size_max: int
    page: str = ""
    size: str = ""
    skip: str = ""
    is_total_in_envelope: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Where one kind of report lies and where its fields stand; a report with a list of its own comes in one page."""

    kind: str
    path: str
    subject: str
    items: str
    is_paged: bool
    places: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One bureau as its file describes it."""

    name: str
    label: Words
    base: str
    auth: Auth
    code: str
    message: str
    result: str
    paging: Paging
    codes: Mapping[str, Code]
    reports: Mapping[str, Report]


@cache
def load(name: str) -> Description:
    """Return the description that ships under the name; raises PolicyError naming the bad place of a file."""
    text = (resources.files(__package__) / "described" / f"{name}.yaml").read_text(encoding="utf-8")
    return parse(yaml_texts.read(text))


def parse(document: Any) -> Description:
    """Read a description; raises PolicyError naming the place of the bad value."""
    node = Node(document, "bureau").only(
        *("name", "label", "base", "auth", "subject", "answer", "paging", "codes", "reports")
    )
    answer = node.child("answer").only("code", "message", "result")
    return Description(
        name=node.child("name").text(),
        label=node.child("label").words(),
        base=str(node.child("base").value or ""),
        auth=_auth(node.child("auth")),
        code=answer.child("code").text(),
        message=answer.child("message").text(),
        result=answer.child("result").text(),
        paging=_paging(node.child("paging")),
        codes={code: _code(row) for code, row in node.child("codes").entries()},
        reports=_reports(node.child("reports"), node.child("subject").text(), node.child("paging")),
    )


def _auth(node: Node) -> Auth:
    node.only("kind", "header", "prefix", "secret", "key", "time", "sign", "fixed")
    kind = node.child("kind").one_of("token", "signed")
    if kind == "token":
        prefix = node.optional("prefix")
        return Auth(
            kind=kind,
            secret=node.child("secret").text(),
            header=node.child("header").text(),
            prefix=str(prefix.value) if prefix else "",
        )
    key, time, sign = node.child("key"), node.child("time"), node.child("sign")
    fixed = node.optional("fixed")
    return Auth(
        kind=kind,
        secret=node.child("secret").text(),
        key_name=key.child("name").text(),
        key_place=key.child("place").one_of("query", "header"),
        key_variable=key.child("secret").text(),
        time_header=time.child("header").text(),
        is_in_milliseconds=time.child("unit").one_of("seconds", "milliseconds") == "milliseconds",
        sign_header=sign.child("header").text(),
        is_upper=sign.child("upper").flag(),
        fixed={name: value.text() for name, value in fixed.entries()} if fixed else {},
    )


def _paging(node: Node) -> Paging:
    node.only("page", "size", "size_max", "skip", "items", "total", "total_at")
    names = {key: node.child(key).text() for key in ("page", "size", "skip") if node.has(key)}
    return Paging(
        items=node.child("items").text(),
        total=node.child("total").text(),
        size_max=node.child("size_max").count(least=1),
        is_total_in_envelope=node.has("total_at"),
        **names,
    )


def _code(node: Node) -> Code:
    node.only("act", "billed", "zh", "en")
    billed = node.optional("billed")
    return Code(
        act=Act(node.child("act").one_of(*(act.value for act in Act))),
        words=Words(zh=node.child("zh").text(), en=node.child("en").text()),
        is_billed=bool(billed and billed.flag()),
    )


def _reports(node: Node, subject: str, paging: Node) -> Mapping[str, Report]:
    items = paging.child("items").text()
    if node.value == "same":
        return {
            name: Report(
                kind=name,
                path=f"/{name}",
                subject=subject,
                items=items,
                is_paged=not kind.is_single,
                places={each: (each,) for each in kind.fields},
            )
            for name, kind in KINDS.items()
        }
    return {kind: _report(kind, row, subject, items) for kind, row in node.entries()}


def _report(kind: str, node: Node, subject: str, items: str) -> Report:
    node.only("path", "subject", "items", "fields")
    if kind not in KINDS:
        raise node.error(f"there is no kind {kind!r}")
    own_subject, own_items = node.optional("subject"), node.optional("items")
    places = {}
    for name, place in node.child("fields").entries():
        if name.split("@")[0] not in KINDS[kind].fields:
            raise place.error(f"{kind} has no field {name!r}")
        paths = place.value if isinstance(place.value, list) else [place.value]
        places[name] = tuple(str(path) for path in paths)
    return Report(
        kind=kind,
        path=node.child("path").text(),
        subject=own_subject.text() if own_subject else subject,
        items=own_items.text() if own_items else items,
        is_paged=own_items is None and not KINDS[kind].is_single,
        places=places,
    )
