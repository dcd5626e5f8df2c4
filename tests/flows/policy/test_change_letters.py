"""Letters of a draft: kept where they can be printed, and in the very text that they had where nothing changed."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, policies
from tradecredit.apps.decisions import drafts
from tradecredit.core.collections import letter_sheet
from tradecredit.core.collections.letter_sheet import Part
from tradecredit.flows.policy import change_letters, change_section, draft_policy
from tradecredit.flows.policy.change_letters import UnableToKeepLetterError
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)
LOOSE = "# 备用\n\n\n\n- 甲\n\n- 乙\n"


@pytest.fixture
def company(db):
    company = companies.company()
    policies.published(company)
    with clock.on(company, TODAY):
        yield company


@pytest.fixture
def writer(company):
    return companies.person(company, Role.CREDIT_MANAGER, email="writer@example.com")


@pytest.fixture
def draft(company, writer):
    begun = draft_policy.start_draft(
        company=company, title="函件", reason="改写", valid_from=TOMORROW, actor=writer
    )
    texts = {**begun.document["letters"], "spare-zh": LOOSE}
    return change_section.change_section(
        draft_id=begun.id, section="letters", content=texts, version=1, actor=writer
    )


def kept(draft, key, parts, actor, *, version=2):
    changed = change_letters.change_letter(
        draft_id=draft.id, key=key, parts=parts, version=version, actor=actor
    )
    return changed.document["letters"]


def now(draft):
    with scope.entered(Actor.system("test")):
        return drafts.by_id(draft.id)


class TestChangeLetter:
    def test_writes_one_letter_and_leaves_the_others(self, draft, writer):
        parts = (Part("heading", "主题"), Part("numbers", "甲\n乙"))

        texts = kept(draft, "formal-zh", parts, writer)

        assert texts["formal-zh"] == "# 主题\n\n1. 甲\n2. 乙\n"
        assert {**texts, "formal-zh": ""} == {**draft.document["letters"], "formal-zh": ""}

    def test_a_text_in_its_own_spelling_keeps_it_until_it_is_changed(self, draft, writer):
        same = letter_sheet.read(LOOSE)

        assert kept(draft, "spare-zh", same, writer)["spare-zh"] == LOOSE
        changed = kept(draft, "spare-zh", (*same, Part("slip", "已收到")), writer, version=3)
        assert changed["spare-zh"] == "# 备用\n\n- 甲\n- 乙\n\n回执：已收到\n"

    def test_says_every_place_that_is_wrong_and_writes_nothing(self, draft, writer):
        parts = (Part("paragraph", "{{ a }}"), Part("list", "好\n{{ b }} {{ c }}"))

        with pytest.raises(UnableToKeepLetterError) as refused:
            kept(draft, "formal-zh", parts, writer)

        assert [one.place for one in refused.value.problems] == [0, 1, 2, 2]
        assert now(draft).document == draft.document

    @pytest.mark.parametrize("key", ["formal", "-zh", "formal-fr"])
    def test_a_key_is_a_name_and_a_language(self, draft, writer, key):
        with pytest.raises(UnableToKeepLetterError):
            kept(draft, key, (Part("heading", "主题"),), writer)

    def test_nobody_else_and_nothing_stale(self, company, draft, writer):
        auditor = companies.person(company, Role.AUDITOR, email="auditor@example.com")
        for actor, version in ((auditor, 2), (writer, 1)):
            with pytest.raises(UnableToDraftPolicyError):
                kept(draft, "formal-zh", (Part("heading", "主题"),), actor, version=version)
        assert now(draft).version == 2


class TestRemoveLetter:
    def test_takes_one_out(self, draft, writer):
        changed = change_letters.remove_letter(draft_id=draft.id, key="spare-zh", version=2, actor=writer)
        assert "spare-zh" not in changed.document["letters"]

    def test_what_is_not_there_is_refused(self, draft, writer):
        with pytest.raises(UnableToKeepLetterError):
            change_letters.remove_letter(draft_id=draft.id, key="nosuch-zh", version=2, actor=writer)
        assert now(draft).version == 2
