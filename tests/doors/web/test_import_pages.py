"""The import centre and the news: named columns, remembered ones, a file taken back; feeds, a push, its log."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tradecredit.apps.sources import files
from tradecredit.plumbing.access import Role, scope

pytestmark = pytest.mark.django_db
ODD = "甲栏,乙栏\nC901,示例导入甲有限公司\nC902,示例导入乙有限公司\n"


def upload(client, **more):
    sent = SimpleUploadedFile("客户.csv", ODD.encode(), content_type="text/csv")
    return client.post("/import", {"kind": "customers", "step": "check", "file": sent, **more})


@pytest.fixture(autouse=True)
def _data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_columns_are_named_remembered_and_the_file_taken_back(house):
    keeper = house.client(Role.CREDIT_MANAGER, language="en")
    unread = upload(keeper)
    token = unread.context["token"]
    named = {
        "kind": "customers",
        "token": token,
        "heading": ["甲栏", "乙栏"],
        "column": ["customer code", "customer name"],
    }

    tried = keeper.post("/import", {**named, "step": "check"})
    done = keeper.post(
        "/import", {"kind": "customers", "token": token, "named": tried.context["named"], "step": "import"}
    )
    again = upload(keeper)
    with scope.entered(house.people[Role.CREDIT_MANAGER]):
        (file,) = files.latest(company_id=house.company.pk)
    page = keeper.get(f"/imports/{file.id}", {"undo": "1"}).content.decode()
    keeper.post(f"/imports/{file.id}/undo", {"reason": "wrong file"})
    listed = keeper.get("/imports").content.decode()

    assert 'data-test="columns"' in unread.content.decode()
    assert tried.context["report"].created == 2
    assert done.context["report"].created == 2
    assert again.context["report"].unchanged == 2
    assert "客户.csv" in again.context["report"].notes[0].en
    assert "2 rows would be taken back, 0 would stay" in page
    assert "2 rows" in listed
    assert 'data-test="mappings"' in listed


def test_news_is_written_pushed_and_shown_with_its_words(house):
    keeper = house.client(Role.FINANCE_MANAGER, language="en")
    keeper.post(
        "/news/feeds",
        {
            "code": "push",
            "label": "推送",
            "shape": "webhook",
            "place": "media",
            "every_minutes": "60",
        },
    )
    keeper.post(
        "/news/monitors",
        {"code": "steel", "label": "钢材", "any_of": "螺纹钢、钢价", "polarity": ""},
    )
    keeper.post("/news", {"title": "示例五金甲有限公司被受理破产申请", "text": "", "place": "media"})

    listed = keeper.get("/news", {"side": "negative"}).content.decode()
    feeds = keeper.get("/news/feeds").content.decode()
    customer = keeper.get("/customers/C001", {"tab": "facts"}).content.decode()

    assert "破产申请" in listed
    assert "钢价" in feeds
    assert "/api/v1/news/feeds/push/hook" in feeds
    assert 'data-test="customer-news"' in customer
    assert house.client(Role.SALES).get("/news").status_code == 403


def test_a_push_by_the_interface_is_kept_and_taken_again(house):
    keeper = house.client(Role.FINANCE_MANAGER)
    keeper.post("/news/feeds", {"code": "push", "label": "推送", "shape": "webhook", "place": "media"})
    address = "/api/v1/news/feeds/push/hook"

    refused = keeper.post(address, "{", content_type="application/json")
    taken = keeper.post(
        address,
        json.dumps({"items": [{"title": "示例五金甲有限公司中标", "id": 1}]}),
        content_type="application/json",
    )
    page = keeper.get("/news/feeds").content.decode()
    again = keeper.post(f"/news/calls/{taken.json()['id']}/again", {}, follow=True)
    api = keeper.get("/api/v1/news").json()["news"]

    assert (refused.status_code, taken.status_code, taken.json()["created"]) == (422, 202, 1)
    assert page.count('data-test="again"') == 2
    assert again.content.decode().count('data-test="again"') == 3
    assert [(one["title"], one["polarity"]) for one in api] == [("示例五金甲有限公司中标", "positive")]
