"""A letter of a draft, filled as it would leave."""

from __future__ import annotations

import pytest

from factories import companies
from tradecredit.apps.collections.models import Letter
from tradecredit.apps.decisions import policies as stored
from tradecredit.core.collections import letter_sheet
from tradecredit.core.collections.letter_sheet import Part
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.flows.watch import preview_letter
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def tried(scene, key, *, days, parts=None, actor=SYSTEM, **sections):
    with scope.entered(SYSTEM):
        document = stored.in_force(company_id=scene.company.pk, as_of=scene.day(days)).document
    return preview_letter.preview_letter(
        company=scene.company,
        document={**document, **sections},
        key=key,
        parts=parts or letter_sheet.read(document["letters"][key]),
        as_of=scene.day(days),
        actor=actor,
    )


class TestPreviewLetter:
    def test_is_filled_with_what_a_customer_owes_and_nothing_is_recorded(self, scene):
        scene.invoice("INV-1", "82000.00")

        found = tried(scene, "formal-zh", days=10)

        assert found.customer_name == scene.customer.name
        assert "| INV-1 | 2026年3月2日 | 10 | CNY 82,000.00 |" in found.trial.body
        assert "人民币捌万贰仟元整" in found.trial.body
        assert found.trial.is_sealed
        assert found.trial.items == (("INV-1", "2026年3月2日", "10", "CNY 82,000.00"),)
        with scope.entered(SYSTEM):
            assert Letter.objects.count() == 0

    def test_is_what_the_run_of_the_day_writes_but_for_its_number(self, scene):
        scene.invoice("INV-1", "82000.00")
        found = tried(scene, "formal-zh", days=10)

        scene.dun(10)

        with scope.entered(SYSTEM):
            letter = Letter.objects.get()
        assert found.trial.body == letter.body.replace(letter.number, "（预览编号）")

    def test_is_in_the_language_of_the_template_whatever_the_customers_is(self, scene):
        scene.invoice("INV-1", "82000.00")

        found = tried(scene, "formal-en", days=10)

        assert found.trial.language == "en"
        assert "| INV-1 | 2 March 2026 | 10 | CNY 82,000.00 |" in found.trial.body

    @pytest.mark.parametrize(("key", "days"), [("formal-zh", 50), ("reminder-en", 10)])
    def test_is_an_invented_example_where_nothing_stands_in_the_step(self, scene, key, days):
        scene.invoice("INV-1", "82000.00")

        found = tried(scene, key, days=days)

        assert found.customer_name is None
        assert "INV-1042" in found.trial.body
        assert "INV-1 " not in found.trial.body

    def test_shows_nobody_a_customer_out_of_sight(self, scene):
        scene.invoice("INV-1", "82000.00")
        salesperson = companies.person(
            scene.company, Role.SALES, email="s@example.com", row_kind="own", row_value="别人"
        )

        found = tried(scene, "formal-zh", days=10, actor=salesperson)

        assert found.customer_name is None
        assert scene.customer.name not in found.trial.body

    def test_thanks_speak_of_no_item(self, scene):
        found = tried(scene, "thanks-zh", days=1)

        assert not found.trial.is_sealed
        assert found.trial.items == ()
        assert "贵公司的逾期款项已经付清" in found.trial.body

    def test_a_letter_or_a_strategy_that_cannot_be_read_is_refused(self, scene):
        with pytest.raises(PolicyError, match="totl"):
            tried(scene, "formal-zh", days=10, parts=(Part("heading", "{{ totl }}"),))
        with pytest.raises(PolicyError, match="dunning"):
            tried(scene, "formal-zh", days=10, dunning={"stages": []})
