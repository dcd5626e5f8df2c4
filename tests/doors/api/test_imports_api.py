"""Imported files over the interface: listed, tried, taken back; which column is which kept and forgotten."""

from __future__ import annotations

import json

import pytest

from factories import companies
from tradecredit.flows import ports
from tradecredit.flows.imports import import_file, remembered_mappings
from tradecredit.flows.imports.incoming import TabularFiles
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
SHEET = "客户代码,客户名称\nU1,示例恒达机电设备有限公司\nU2,示例长安五金制品有限公司\n".encode()
OWN = "KdNr,Firma\nU1,示例恒达机电设备有限公司\n".encode()
COLUMNS = {"KdNr": "customer code", "Firma": "customer name"}


@pytest.fixture
def send(client, company):
    """Ask as a person of a role."""

    known: dict[Role, str] = {}

    def token_of(role):
        if role not in known:
            user = User.objects.get(pk=companies.person(company, role).user_id)
            known[role] = tokens.create(user=user, moment=clock.now(), days=1)
        return known[role]

    def send(role, method, path, body=None, key="one"):
        token = token_of(role)
        options = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en", "Idempotency-Key": key}
        return getattr(client, method)(f"/api/v1{path}", headers=headers, **options)

    return send


@pytest.fixture
def file_id(company, system_actor):
    report = import_file.import_file(
        kind="customers",
        data=SHEET,
        name="客户.csv",
        company=company,
        actor=system_actor,
        files=ports.find(TabularFiles),
    )
    return report.file_id


def is_known(send, code):
    """Tell whether the customer has not left."""
    return send(Role.ADMIN, "get", f"/customers/{code}").json()["lifecycle"] != "exit"


class TestUndo:
    def test_a_trial_changes_nothing_and_the_same_key_undoes_once(self, send, file_id):
        path = f"/imports/{file_id}/undo"

        tried = send(Role.CREDIT_MANAGER, "post", path, {"dry_run": True}, key="").json()
        assert tried == {"dry_run": True, "undone": 2, "kept": []}
        assert is_known(send, "U1")

        done = send(Role.CREDIT_MANAGER, "post", path, {"reason": "wrong file"})
        assert done.json() == {"dry_run": False, "undone": 2, "kept": []}
        assert not is_known(send, "U1")
        (listed,) = send(Role.AUDITOR, "get", "/imports").json()["imports"]
        assert (listed["name"], listed["created"], listed["taken_back"]["rows"]) == ("客户.csv", 2, 2)
        again = send(Role.CREDIT_MANAGER, "post", path, {"reason": "again"}, key="two")
        assert again.json()["code"] == "file_not_undone"

    def test_the_rows_are_shown_and_others_may_not(self, send, file_id):
        shown = send(Role.AUDITOR, "get", f"/imports/{file_id}").json()
        refused = send(Role.AUDITOR, "post", f"/imports/{file_id}/undo", {"reason": "no"})

        assert [(one["row"], one["key"], one["status"]) for one in shown["rows"]] == [
            (2, "U1", "created"),
            (3, "U2", "created"),
        ]
        assert refused.status_code == 403
        assert is_known(send, "U1")


class TestMappings:
    def test_a_mapping_given_here_reads_files_of_these_headings(self, send, company, system_actor):
        body = {"kind": "customers", "headings": ["Firma", "KdNr"], "columns": COLUMNS}

        kept = send(Role.ADMIN, "put", "/imports/mappings", body).json()
        sheet = remembered_mappings.Sheet(
            kind="customers", data=OWN, name="own.csv", files=ports.find(TabularFiles)
        )
        table = remembered_mappings.read(sheet, mapping=None, company=company, actor=system_actor)
        (listed,) = send(Role.ADMIN, "get", "/imports/mappings").json()["mappings"]
        forgotten = send(
            Role.ADMIN,
            "post",
            "/imports/mappings/forget",
            {"kind": "customers", "headings": kept["headings"]},
            key="forget",
        )

        assert [row.text("customer_code") for row in table.rows] == ["U1"]
        assert listed["columns"] == COLUMNS
        assert forgotten.json() == {"forgotten": True}
        assert send(Role.ADMIN, "get", "/imports/mappings").json()["mappings"] == []

    def test_a_column_that_we_do_not_have_is_refused_with_those_that_we_have(self, send):
        body = {"kind": "customers", "headings": ["KdNr"], "columns": {"KdNr": "shoe size"}}

        refused = send(Role.ADMIN, "put", "/imports/mappings", body)

        assert refused.status_code == 422
        assert "shoe size" in refused.json()["detail"]
        assert "customer code" in refused.json()["detail"]
