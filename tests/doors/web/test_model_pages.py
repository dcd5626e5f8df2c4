"""The model editor: typed lines, test customers, who moves, files, and the way to a second person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from tradecredit.flows.ratings import suggest_weights
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from django.test import Client

    from doors.web.conftest import House

HISTORY = {"weight:solvency": "5", "weight:credit_history": "45"}


def begun(browser: Client) -> str:
    response = browser.post("/ratings/model", {"title": "看重历史", "reason": "季度复盘"})
    return response.headers["Location"]


def version(browser: Client, address: str) -> str:
    return re.search(r'name="version" value="(\d+)"', browser.get(address).content.decode())[1]


def save(browser: Client, address: str, **typed: str) -> str:
    browser.post(address, {"version": version(browser, address), **typed})
    return browser.get(address).content.decode()


class TestModel:
    def test_shows_the_model_in_force_and_its_files(self, house: House):
        browser = house.client(Role.AUDITOR)

        page = browser.get("/ratings/model").content.decode()
        pmml = browser.get("/ratings/model/pmml")

        assert "五维评分卡" in page
        assert 'data-test="begin-draft"' not in page
        assert "attachment" in pmml.headers["Content-Disposition"]
        assert b"<Scorecard " in pmml.content
        assert browser.get("/ratings/model/csv").status_code == 404


class TestModelDraft:
    def test_from_a_weight_to_who_moves_to_the_deciders_tasks(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = begun(writer)

        page = save(writer, address, **HISTORY)

        assert "偿债能力:权重 25% → 5%" in page
        assert 'data-test="tried"' in page
        found = writer.get(f"{address}/movers").content.decode()
        assert "2 个客户中 0 个变动" in found
        draft = address.removesuffix("/model")
        assert "历史信用记录:权重 25% → 45%" in writer.get(draft).content.decode()
        writer.post(f"{draft}/submit", {})
        tasks = house.client(Role.RISK_DIRECTOR).get("/tasks").content.decode()
        assert "看重历史" in tasks

    def test_a_model_of_its_own_for_some_customers_is_begun_chosen_changed_and_taken_away(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = begun(writer)
        own = {"own:name": "west", "own:zh": "西南客户", "own:en": "West", "own:when": 'region = "西南"'}

        page = save(writer, address, **own)
        assert "新增专用模型：西南客户" in page
        assert 'data-test="models"' in page

        typed = {"of:model": "west", "weight:solvency": "5", "weight:credit_history": "45"}
        saved = writer.post(address, {"version": version(writer, address), **typed})
        assert saved.headers["Location"] == f"{address}?of=west"
        shown = writer.get(f"{address}?of=west").content.decode()
        assert 'name="weight:solvency" value="5"' in shown
        assert 'name="weight:solvency" value="25"' in writer.get(address).content.decode()
        pmml = writer.get(f"/ratings/model/pmml?of=west&draft={address.split('/')[-2]}").content.decode()
        assert 'modelName="west"' in pmml

        writer.post(address, {"version": version(writer, address), "of:model": "west", "drop:model": "west"})
        assert 'data-test="models"' not in writer.get(address).content.decode()

    def test_weights_that_history_suggests_are_typed_into_the_draft(self, house: House, monkeypatch):
        writer = house.client(Role.CREDIT_MANAGER)
        address = begun(writer)
        assert "样本太少" in writer.get(f"{address}/weights").content.decode()

        weights = [{"indicator": "debt_ratio", "now": "12.5", "suggested": "40"}]
        weights += [{"indicator": "average_days_late", "now": "9", "suggested": "60"}]
        found = {
            "rated_on": "2025-09-01",
            "model": "five-pillars",
            "customers": 120,
            "bads": 14,
            "weights": weights,
        }
        monkeypatch.setattr(suggest_weights, "suggest_weights", lambda **_: found)
        page = writer.get(f"{address}/weights").content.decode()
        typed = dict(re.findall(r'type="hidden" name="(weight:[^"]+)" value="([^"]+)"', page))

        assert "+27.5" in page
        assert typed["weight:solvency"] == "40"
        assert "偿债能力:权重 25% → 40%" in save(writer, address, **typed)

    def test_tries_what_is_typed_without_saving_it(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = begun(writer)

        typed = writer.post(f"{address}/try", {**HISTORY, "customers": "C002"}).content.decode()

        assert "偿债能力:权重 25% → 5%" in typed
        assert "示例长安汽车配件有限公司" in typed
        assert "与现行模型没有差别" in writer.get(address).content.decode()

    def test_weights_that_do_not_make_a_whole_are_told_before_anything_is_tried(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = begun(writer)

        typed = writer.post(f"{address}/try", {"weight:solvency": "30"}).content.decode()
        unsound = save(writer, address, **{"weight:solvency": "30"})
        asked = writer.get(f"{address}/movers").content.decode()

        assert "各维度：权重合计 105%，不是 100%" in typed
        assert 'data-test="tried"' not in typed
        assert 'data-test="weight-sum"' in unsound
        assert "模型有误" in asked

    def test_a_file_takes_the_place_of_the_draft(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER, language="en")
        address = begun(writer)
        content = writer.get("/ratings/model/yaml").content.replace(b"'85'", b"'88'", 1)
        body = {"version": version(writer, address), "file": SimpleUploadedFile("model.yaml", content)}

        writer.post(f"{address}/import", body)

        assert "Grade A: least score 85 → 88" in writer.get(address).content.decode()

    def test_says_why_a_file_is_no_model(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER, language="en")
        address = begun(writer)
        body = {"version": "1", "file": SimpleUploadedFile("notes.txt", b"nothing here")}

        page = writer.post(f"{address}/import", body, follow=True).content.decode()

        assert "The file holds no model" in page
