"""The letters of a draft in the browser: typed on their sheet, refused with the place, published by a second person."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from factories import companies, policies
from tradecredit.apps.decisions import drafts
from tradecredit.apps.decisions import policies as stored
from tradecredit.core.collections import letter_sheet
from tradecredit.flows.policy import change_section, draft_policy
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from django.test import Client

    from doors.web.conftest import House
    from tradecredit.apps.decisions.drafts import Draft

SENTENCE = "请于 {{ pay_by_date }} 前付清，逾期我们将停止供货。"


def _started(browser: Client) -> str:
    answer = browser.post("/policies", {"title": "函件", "reason": "改写", "valid_from": "2026-03-03"})
    return answer.headers["Location"]


def _form(browser: Client, address: str) -> dict[str, list[str]]:
    """What the page's form holds, as a browser without a script would send it."""
    page = browser.get(address).content.decode().split("<template")[0]
    kinds = re.findall(r'name="kind"(?: value="(heading)"|.*?<option value="([^"]*)" selected)', page)
    texts = re.findall(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {
        "version": re.findall(r'name="version" value="(\d+)"', page)[:1],
        "kind": [first or other for first, other in kinds],
        "text": [html.unescape(one) for one in texts],
    }


def _with_sentence(form: dict[str, list[str]], sentence: str = SENTENCE) -> dict[str, list[str]]:
    return {
        **form,
        "kind": [*form["kind"][:3], "paragraph", *form["kind"][3:]],
        "text": [*form["text"][:3], sentence, *form["text"][3:]],
    }


def _kept(house: House, draft: str, key: str = "formal-zh") -> str:
    return str(_now(house, draft).document["letters"].get(key, ""))


def _now(house: House, draft: str) -> Draft:
    with scope.entered(Actor.system("test")):
        found = drafts.listed(company_id=house.company.pk)
    return next(one for one in found if str(one.id) in draft)


class TestGrid:
    def test_letters_stand_by_their_steps_in_both_languages(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        assert f"{draft}/letters" in writer.get(draft).content.decode()

        page = writer.get(f"{draft}/letters").content.decode()

        places = [page.index(f'data-test="edit-{name}-zh"') for name in ("reminder", "friendly", "formal")]
        assert places == sorted(places)
        assert page.index('data-test="edit-thanks-en"') > page.index('data-test="edit-final-zh"')
        assert "合计金额</span>" in page, "fields go by their names"
        assert "letter-mistakes" not in page

    def test_reads_in_english(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER, language="en")
        page = writer.get(f"{_started(writer)}/letters").content.decode()
        assert "Total in figures</span>" in page
        assert "In the order of the dunning strategy" in page


class TestLetter:
    @pytest.mark.parametrize("key", ["formal-zh", "final-en", "reminder-zh", "thanks-en"])
    def test_what_the_form_holds_is_the_letter_sign_by_sign(self, house: House, key):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        before = _kept(house, draft, key)

        answer = writer.post(f"{draft}/letters/{key}", _form(writer, f"{draft}/letters/{key}"))

        assert answer.status_code == 302
        assert _kept(house, draft, key) == before
        assert "还没有改动" in writer.get(draft).content.decode()

    def test_a_sentence_with_a_field_is_kept_told_and_published_by_another(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"

        answer = writer.post(address, _with_sentence(_form(writer, address)))

        assert "已保存到草稿" in writer.get(answer.headers["Location"]).content.decode()
        assert f"\n\n{SENTENCE}\n\n" in _kept(house, draft)
        assert "已改" in writer.get(f"{draft}/letters").content.decode()
        told = director.get(draft).content.decode()
        assert 'data-test="letters-changed"' in told
        assert "<ins>请于 <span" in told
        assert "前付清，逾期我们将停止供货。</ins>" in told
        director.post(f"{draft}/publish", {})
        with scope.entered(Actor.system("test")):
            latest = stored.versions(company_id=house.company.pk)[0]
        assert (latest.number, SENTENCE in latest.document["letters"]["formal-zh"]) == (2, True)

    @pytest.mark.parametrize(
        ("sentence", "said"),
        [
            ("请付 {{ totl }}", "“{{ totl }}”不是可用的字段"),
            ("请付 {{ total_figures }", "不成对的花括号"),
            ("明细如下 {{ item_table }}", "须单独成段"),
            ("[…]", "还没有写"),
        ],
    )
    def test_what_cannot_be_printed_is_refused_at_its_place_and_stays_typed(
        self, house: House, sentence, said
    ):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"
        before = _kept(house, draft)

        answer = writer.post(address, _with_sentence(_form(writer, address), sentence))

        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert 'data-test="letter-refused"' in page
        fourth = page.split('id="part-4"')[1].split("data-part ")[0]
        assert sentence in fourth
        assert said in fourth
        assert _kept(house, draft) == before

    def test_a_letter_without_its_heading_is_refused(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        before = _kept(house, draft)
        form = {"version": "1", "kind": ["heading", "paragraph"], "text": ["", "没有主题"]}

        answer = writer.post(f"{draft}/letters/formal-zh", form)

        assert answer.status_code == 422
        assert "第一部分须是标题" in answer.content.decode()
        assert _kept(house, draft) == before

    def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten(self, house: House):
        writer, colleague = house.client(Role.CREDIT_MANAGER), house.client(Role.FINANCE_MANAGER)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"
        opened = _form(writer, address)
        colleague.post(address, _with_sentence(_form(colleague, address), "同事的一句。"))

        answer = writer.post(address, _with_sentence(opened))

        page = answer.content.decode()
        assert answer.status_code == 409
        assert "已被修改" in page
        assert "逾期我们将停止供货" in page, "what was typed is not lost"
        assert "同事的一句。" in _kept(house, draft)
        assert SENTENCE not in _kept(house, draft)

    def test_nobody_writes_without_the_role(self, house: House):
        writer, auditor = house.client(Role.CREDIT_MANAGER), house.client(Role.AUDITOR)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"
        form = _form(writer, address)
        assert 'data-test="letter-form"' not in auditor.get(address).content.decode()

        answer = auditor.post(address, _with_sentence(form))

        assert answer.status_code == 403
        assert "您的角色不能执行此操作" in answer.content.decode()
        assert SENTENCE not in _kept(house, draft)

    def test_a_draft_of_another_company_is_not_there(self, house: House):
        elsewhere = companies.company(code="OTHER")
        policies.published(elsewhere)
        stranger = companies.person(elsewhere, Role.CREDIT_MANAGER, email="stranger@example.com")
        begun = draft_policy.start_draft(
            company=elsewhere,
            title="别家的",
            reason="x",
            valid_from=clock.today(elsewhere) + timedelta(days=1),
            actor=stranger,
        )
        writer = house.client(Role.CREDIT_MANAGER)
        address = f"/policies/drafts/{begun.id}/letters/formal-zh"

        assert writer.get(address).status_code == 404
        assert writer.post(address, {"version": "1"}).status_code == 404

    def test_a_published_draft_is_closed(self, house: House):
        writer, director = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"
        writer.post(address, _with_sentence(_form(writer, address)))
        form = _form(writer, address)
        director.post(f"{draft}/publish", {})
        assert 'data-test="letter-form"' not in writer.get(address).content.decode()

        answer = writer.post(address, _with_sentence(form, "再加一句。"))

        assert answer.status_code == 409
        assert "再加一句。" not in _kept(house, draft)

    def test_a_letter_that_nobody_knows_is_not_there(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        assert writer.get(f"{draft}/letters/nosuch-zh").status_code == 404
        assert writer.get(f"{draft}/letters/formal-fr").status_code == 404


class TestWithoutAScript:
    def test_parts_are_added_moved_and_taken_out_before_anything_is_kept(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"
        form = _form(writer, address)
        before = _kept(house, draft)

        def after(act: str) -> list[str]:
            page = writer.post(address, {**form, "act": act}).content.decode().split("<template")[0]
            texts = re.findall(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
            return [html.unescape(one) for one in texts]

        texts = form["text"]
        assert after("add:2") == [*texts[:2], "", *texts[2:]]
        assert after("up:3") == [texts[0], texts[2], texts[1], *texts[3:]]
        assert after("down:2") == [texts[0], texts[2], texts[1], *texts[3:]]
        assert after("drop:2") == [texts[0], *texts[2:]]
        assert after("drop:1") == after("up:2") == texts, "the heading stays first"
        assert _kept(house, draft) == before


class TestMissing:
    def _without_english(self, house: House, writer: Client) -> str:
        draft = _started(writer)
        found = _now(house, draft)
        texts = {key: text for key, text in found.document["letters"].items() if key != "formal-en"}
        change_section.change_section(
            draft_id=found.id,
            section="letters",
            content=texts,
            version=found.version,
            actor=house.people[Role.CREDIT_MANAGER],
        )
        return draft

    def test_a_missing_language_is_told_and_begun_by_the_structure_of_the_other(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = self._without_english(house, writer)
        grid = writer.get(f"{draft}/letters").content.decode()
        assert 'data-test="add-formal-en"' in grid
        assert "letters.formal-en" in grid, "it keeps the draft from being published"

        form = _form(writer, f"{draft}/letters/formal-en?copy_of=formal-zh")

        chinese = letter_sheet.read(_kept(house, draft))
        assert [kind.split(":")[0] for kind in form["kind"]] == [part.kind for part in chinese]
        assert form["text"][0] == "[…] {{ total_figures }}"
        refused = writer.post(f"{draft}/letters/formal-en", form)
        assert refused.status_code == 422, "words have still to be written"
        written = {**form, "text": [text.replace("[…]", "words") for text in form["text"]]}
        assert writer.post(f"{draft}/letters/formal-en", written).status_code == 302
        assert _kept(house, draft, "formal-en").startswith("# words {{ total_figures }}\n\n")
        assert "letter-mistakes" not in writer.get(f"{draft}/letters").content.decode()

    def test_another_letter_of_the_same_language_is_copied_whole(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = self._without_english(house, writer)

        form = _form(writer, f"{draft}/letters/formal-en?copy_of=friendly-en")
        writer.post(f"{draft}/letters/formal-en", form)

        assert _kept(house, draft, "formal-en") == _kept(house, draft, "friendly-en")

    def test_a_letter_that_no_step_uses_can_be_taken_out(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        found = _now(house, draft)
        change_section.change_section(
            draft_id=found.id,
            section="letters",
            content={**found.document["letters"], "spare-zh": "# 备用\n"},
            version=found.version,
            actor=house.people[Role.CREDIT_MANAGER],
        )
        assert "没有步骤用到" in writer.get(f"{draft}/letters").content.decode()

        writer.post(f"{draft}/letters/spare-zh/remove", {"version": "2"})

        assert _kept(house, draft, "spare-zh") == ""


class TestTry:
    def test_fills_what_is_typed_from_an_open_item_and_marks_what_is_new(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = _started(writer)
        address = f"{draft}/letters/formal-zh"
        form = _with_sentence(_form(writer, address))

        page = writer.post(f"{address}/try", form).content.decode()

        assert "示例五金甲有限公司" in page.split('data-test="preview-of"')[1].split("</p>")[0]
        assert "INV-1042" in page
        assert "人民币捌万贰仟元整" in page
        assert "前付清，逾期我们将停止供货。</p>" in page
        assert 'class="paper-seal"' in page
        assert "前付清，逾期我们将停止供货。</ins>" in page
        assert SENTENCE not in _kept(house, draft)

    def test_says_what_is_wrong_instead_of_a_preview(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = f"{_started(writer)}/letters/formal-zh"
        form = _with_sentence(_form(writer, address), "{{ totl }}")

        page = writer.post(f"{address}/try", form).content.decode()

        assert 'data-place="4"' in page
        assert "letter-preview" not in page

    def test_shows_the_paper_as_pdf_and_as_pictures(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        address = f"{_started(writer)}/letters/formal-zh"
        form = _form(writer, address)

        paper = writer.post(f"{address}/pdf", form)
        pictures = writer.post(f"{address}/pages", form).content.decode()
        wrong = writer.post(f"{address}/pages", _with_sentence(form, "{{ totl }}")).content.decode()

        assert paper.headers["Content-Type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF-")
        assert writer.get(f"{address}/pdf").content == paper.content
        assert pictures.count("data:image/png;base64,iVBOR") == 2, "the letter and its annex"
        assert "请先更正" in wrong
        assert writer.post(f"{address}/pdf", _with_sentence(form, "{{ totl }}")).status_code == 422
