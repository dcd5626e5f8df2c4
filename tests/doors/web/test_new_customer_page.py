"""The page on which a salesperson takes a customer on: photograph, confirm, record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from stdnum.cn import uscc

from tradecredit.apps.dossier.models import Customer
from tradecredit.flows import ports
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")
BODY = "91500000MA5X2A3P1"
NUMBER = BODY + uscc.calc_check_digit(BODY)


class _Photos:
    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def codes(self, data: bytes) -> tuple[str, ...]:
        return self._texts


@pytest.fixture
def shows(monkeypatch):
    """Let photographs show these codes."""

    def put(*texts: str) -> None:
        monkeypatch.setitem(ports._adapters, ports.Photos, _Photos(*texts))

    return put


def photographed(browser):
    photo = SimpleUploadedFile("licence.jpg", b"\xff\xd8", content_type="image/jpeg")
    return browser.post("/customers/new", {"photo": photo, "name": "", "uscc": "", "region": "西南"})


class TestNewCustomer:
    def test_a_photographed_licence_fills_the_form_and_records_nothing(self, house: House, shows):
        shows(f"名称:示例新客五金有限公司;统一社会信用代码:{NUMBER}")
        page = photographed(house.client(Role.SALES)).content.decode()

        assert f'value="{NUMBER}"' in page
        assert 'value="示例新客五金有限公司"' in page
        assert 'value="西南"' in page
        assert "请对照执照核对" in page
        with scope.entered(SYSTEM):
            assert not Customer.objects.filter(uscc=NUMBER).exists()

    @pytest.mark.parametrize(
        ("texts", "told"),
        [
            ((), "没有找到二维码"),
            (("https://r.example.com/1",), "只有登记机关的网址"),
            (("hello",), "没有有效的企业名称"),
        ],
    )
    def test_a_code_that_says_nothing_is_told_with_what_to_do(self, house: House, shows, texts, told):
        shows(*texts)
        answer = photographed(house.client(Role.SALES))
        assert (answer.status_code, told in answer.content.decode()) == (409, True)

    def test_what_is_confirmed_is_recorded_once_and_opens_the_rating(self, house: House):
        browser = house.client(Role.SALES)
        said = {"name": "示例新客五金有限公司", "uscc": NUMBER, "idempotency_key": "one-press"}
        first, second = (browser.post("/customers/new", said) for _ in range(2))
        opened = browser.get(first["Location"])

        assert first["Location"] == second["Location"] == f"/customers/{NUMBER}?tab=rating"
        assert opened.status_code == 200
        with scope.entered(SYSTEM):
            assert Customer.objects.filter(uscc=NUMBER).count() == 1

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, house: House):
        page = (
            house.client(Role.SALES, language="en")
            .post("/customers/new", {"name": "示例新客", "uscc": "9150"})
            .content.decode()
        )
        assert "has 4" in page
        assert 'value="示例新客"' in page

    def test_an_auditor_may_look_and_not_record(self, house: House):
        auditor = house.client(Role.AUDITOR)
        assert "disabled" in auditor.get("/customers/new").content.decode()
        auditor.post("/customers/new", {"name": "示例新客五金有限公司", "uscc": NUMBER})
        with scope.entered(SYSTEM):
            assert not Customer.objects.filter(uscc=NUMBER).exists()
