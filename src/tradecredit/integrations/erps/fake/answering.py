"""How each system answers: its envelope, its session, its conditions, what it is told."""

from __future__ import annotations

import base64
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from tradecredit.integrations.erps.fake import conditions, shapes
from tradecredit.integrations.erps.fake.wire import SECRET, USER, Answer, of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.fake.books import Books
    from tradecredit.integrations.erps.fake.wire import Request

_NUMBER: Final = re.compile(r"^\d+$")


def _tryton(fake: Books, request: Request) -> Answer:
    call = request.document()
    method, parameters = str(call["method"]), list(call["params"])
    if method == "common.db.login":
        is_right = parameters[0] == USER and parameters[1] == {"password": SECRET}
        return of({"id": 0, "result": [1, fake.fresh_session(), None]}) if is_right else Answer(status=401)
    token = base64.b64decode(request.headers.get("authorization", "").removeprefix("Session ")).decode()
    if not fake.is_session(token.rpartition(":")[2]):
        return Answer(status=401)
    return of({"id": 0, "result": _tryton_result(fake, method, parameters)})


def _tryton_result(fake: Books, method: str, parameters: list[Any]) -> Any:
    model, _, verb = method.removeprefix("model.").rpartition(".")
    if method == "model.res.user.get_preferences":
        return {"company": 1}
    if verb == "search_read":
        domain, most = parameters[0], parameters[2]
        is_credit = ["total_amount", "<", 0] in domain
        found = [
            one
            for one in fake.records(fake.entity(model, is_credit=is_credit))
            if conditions.holds(shapes.plain(one, system="tryton"), domain)
        ]
        return [{**one, "lines_to_pay": []} for one in fake.page(found, most)]
    if model == "party.category":
        return [7]
    if verb == "search":
        code = parameters[0][0][2]
        known = {entry.values["customer_code"]: entry.number for entry in fake.world.of("customers")}
        return [known[code]] if code in known else []
    values = parameters[1]
    limit = values["credit_limit_amount"]
    code = next(
        entry.values["customer_code"]
        for entry in fake.world.of("customers")
        if entry.number == parameters[0][0]
    )
    is_held = values["categories"][0][0] == "add"
    fake.told(code, held=is_held, limit=None if is_held or limit is None else limit["decimal"])
    return None


def _odoo(fake: Books, request: Request) -> Answer:
    call = request.document()["params"]
    if call["service"] == "common":
        is_right = call["args"][1:3] == [USER, SECRET]
        return of({"jsonrpc": "2.0", "id": 1, "result": 2 if is_right else False})
    _, _, password, model, method, arguments, options = call["args"]
    if password != SECRET:
        return of({"jsonrpc": "2.0", "id": 1, "error": {"message": "Access Denied"}})
    if method == "write":
        values = arguments[1]
        is_held = values["trust"] == "bad"
        limit = values.get("credit_limit") if values["use_partner_credit_limit"] and not is_held else None
        fake.told(str(arguments[0][0]), held=is_held, limit=None if limit is None else f"{limit:.2f}")
        return of({"jsonrpc": "2.0", "id": 1, "result": True})
    domain = arguments[0]
    if method == "search":
        return of({"jsonrpc": "2.0", "id": 1, "result": [domain[0][2]]})
    entity = fake.entity(model, is_credit=["move_type", "=", "out_refund"] in domain)
    found = [one for one in fake.records(entity) if conditions.holds(one, domain)]
    return of({"jsonrpc": "2.0", "id": 1, "result": fake.page(found, options["limit"])})


def _erpnext(fake: Books, request: Request) -> Answer:
    if request.headers.get("authorization") != f"token {USER}:{SECRET}":
        return Answer(status=403)
    if request.path.endswith("get_logged_user"):
        return of({"message": USER})
    name, _, key = unquote(request.path.removeprefix("/api/resource/")).partition("/")
    if key:
        return _erpnext_customer(fake, key, request)
    domain = json.loads(request.query["filters"])
    entity = fake.entity(name, is_credit=["is_return", "=", 1] in domain)
    found = [one for one in fake.records(entity) if conditions.holds(one, domain)]
    found.sort(key=lambda one: str(one[entity.key]))
    return of({"data": fake.page(found, int(request.query["limit_page_length"]))})


def _erpnext_customer(fake: Books, key: str, request: Request) -> Answer:
    if request.method == "GET":
        return of({"data": {"name": key, "credit_limits": [{"company": "另一家", "credit_limit": 1}]}})
    values = request.document()
    rows = values.get("credit_limits")
    more = {"limit": rows[-1]["credit_limit"], "others": len(rows) - 1} if rows else {}
    fake.told(key, held=bool(values["is_frozen"]), **more)
    return of({"data": {"name": key}})


def _kingdee(fake: Books, request: Request) -> Answer:
    call = request.document()
    if "ValidateUser" in request.path:
        is_right = (call["username"], call["password"]) == (USER, SECRET)
        if not is_right:
            return of({"LoginResultType": 0, "Message": "用户名或密码错误"})
        return of({"LoginResultType": 1, "KDSVCSessionId": fake.fresh_session()})
    if not fake.is_session(request.headers.get("kdservice-sessionid", "")):
        status = {"ErrorCode": 500, "IsSuccess": False, "Errors": [{"Message": "会话信息已丢失,请重新登录"}]}
        return of([[{"Result": {"ResponseStatus": status}}]])
    data = call["data"]
    text = data["FilterString"]
    entity = fake.entity(data["FormId"], is_credit="FALLAMOUNTFOR < 0" in text)
    found = [
        one
        for one in fake.records(entity)
        if conditions.holds_text({**one, entity.changed: _china(one, entity)}, text, joint=" AND ")
    ]
    names = data["FieldKeys"].split(",")
    return of([[one.get(name) for name in names] for one in fake.page(found, data["Limit"])])


def _china(record: Mapping[str, Any], entity: Entity) -> str:
    """Return the stamp of a record as an account set in China keeps it."""
    moment = record[entity.changed].astimezone(ZoneInfo("Asia/Shanghai"))
    return str(moment.strftime("%Y-%m-%d %H:%M:%S"))


def _yonbip(fake: Books, request: Request) -> Answer:
    if "getAccessToken" in request.path:
        return of({"code": "00000", "data": {"access_token": fake.fresh_session(), "expire": 7200}})
    if not fake.is_session(request.query.get("access_token", "")):
        return of({"code": "310046", "message": "token失效"})
    call = request.document()
    entity = fake.entity(request.path, is_credit=call.get("direction") == "-1")
    found = fake.records(entity)
    begins, ends = entity.options["day_from"], entity.options["day_to"]
    if begins in call:
        found = [one for one in found if call[begins][:10] <= one[entity.day][:10] <= call[ends][:10]]
    found = [row for one in found for row in _rows_of_bill(entity, one)]
    size, page = call["pageSize"], call["pageIndex"]
    shown = found[(page - 1) * size : page * size]
    data = {
        "pageIndex": page,
        "pageSize": size,
        "recordCount": len(found),
        "pageCount": -(-len(found) // size),
    }
    # The code is a number at some addresses and a text at others.
    code: Any = 200 if "fi/" in request.path else "200"
    return of({"code": code, "message": "操作成功", "data": {**data, "recordList": fake.page(shown, size)}})


def _rows_of_bill(entity: Entity, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return two rows of a bill that comes with its body, one of a bill that does not."""
    summed = str(entity.options.get("summed", ""))
    if not summed:
        return [record]
    sign = "-" if str(record[summed]).startswith("-") else ""
    rest = Decimal(str(record[summed])) - Decimal(f"{sign}1.00")
    parts = (shapes.Number(f"{sign}1.00"), shapes.Number(f"{rest:f}"))
    return [{**record, summed: part} for part in parts]


def _odata(fake: Books, request: Request) -> Answer:
    wanted = "Basic " + base64.b64encode(f"{USER}:{SECRET}".encode()).decode()
    if request.headers.get("authorization") != wanted:
        return Answer(status=401)
    if request.method == "PATCH":
        if request.headers.get("x-csrf-token") != "token-1":
            return Answer(status=403, headers={"x-csrf-token": "Required"})
        code = unquote(request.path).partition("BusinessPartner='")[2].partition("'")[0]
        values = request.document()
        more = {"limit": values["CreditLimitAmount"]} if "CreditLimitAmount" in values else {}
        fake.told(code, held=values["CreditAccountIsBlocked"], **more)
        return Answer(status=204, body=b"")
    name = request.path.rpartition("/")[2]
    if not name:
        return of(
            {"d": {"EntitySets": []}}, headers={"x-csrf-token": "token-1", "set-cookie": "sap=1; path=/"}
        )
    entity = fake.entity(name, is_credit=False)
    text = request.query.get("$filter", "")
    found = [
        one for one in fake.records(entity) if not text or conditions.holds_text(one, text, joint=" and ")
    ]
    found.sort(key=lambda one: str(one[entity.key]))
    return of({"d": {"results": fake.page(found, int(request.query["$top"]))}})


def _rest(fake: Books, request: Request) -> Answer:
    if request.headers.get("authorization") != f"Bearer {SECRET}":
        return Answer(status=401)
    if request.method == "PUT":
        values = request.document()
        fake.told(values["customer"], held=values["held"], limit=values["limit"])
        return of({})
    entity = fake.entity(request.path, is_credit="credit" in request.path)
    query, found = request.query, fake.records(entity)
    days = {
        "day_from": entity.day,
        "day_to": entity.day,
        "changed_from": entity.changed,
        "changed_to": entity.changed,
    }
    domain: list[list[Any]] = [
        [days[name], ">=" if name.endswith("from") else "<", query[name][:19].replace("T", " ")]
        for name in days
        if name in query
    ]
    if _NUMBER.match(query.get("after", "")):
        domain.append([entity.key, ">", int(query["after"])])
    shown = [one for one in found if conditions.holds(one, domain)]
    return of({"items": fake.page(shown, int(query["size"]))})


ANSWERS: Final[Mapping[str, Callable[[Books, Request], Answer]]] = {
    "tryton": _tryton,
    "odoo": _odoo,
    "erpnext": _erpnext,
    "kingdee": _kingdee,
    "yonbip": _yonbip,
    "odata": _odata,
    "rest": _rest,
}
