from datetime import UTC, date, datetime

import pytest

from tradecredit.core.dossier import facts


def recorded(value, *, valid_from, recorded_on, valid_to=None, name="pending_lawsuits"):
    return facts.RecordedFact(
        name=name,
        value=value,
        valid_from=valid_from,
        valid_to=valid_to,
        source="registry",
        evidence="",
        recorded_at=datetime(2026, 3, recorded_on, tzinfo=UTC),
        recorded_by="test",
    )


class TestNameOf:
    @pytest.mark.parametrize(
        "text", ["pending_lawsuits", " Pending lawsuits", "pending-lawsuits", "未结诉讼数"]
    )
    def test_knows_a_fact_by_its_names(self, text):
        assert facts.name_of(text) == "pending_lawsuits"

    def test_refuses_what_is_no_name(self):
        with pytest.raises(facts.BadFactError, match="not the name"):
            facts.name_of("诉讼怎么样了?")


class TestValueOf:
    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("dishonest_debtor", "是", "yes"),
            ("dishonest_debtor", "FALSE", "no"),
            ("pending_lawsuits", "3.0", "3"),
            ("equity_pledge_ratio", "35%", "0.35"),
            ("years_in_business", "1,200.5", "1200.5"),
            ("ownership_type", " 民营 ", "民营"),
            ("colour_of_the_gate", "any", "any"),
        ],
    )
    def test_reads_by_kind(self, name, text, value):
        assert facts.value_of(name=name, text=text) == value

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("dishonest_debtor", "maybe"),
            ("pending_lawsuits", "-1"),
            ("pending_lawsuits", "1.5"),
            ("equity_pledge_ratio", "1.2"),
            ("industry_score", "NaN"),
        ],
    )
    def test_refuses_another_kind(self, name, text):
        with pytest.raises(facts.BadFactError):
            facts.value_of(name=name, text=text)


class TestInForce:
    def test_takes_the_latest_day_of_validity(self):
        old = recorded("1", valid_from=date(2026, 1, 1), recorded_on=1)
        new = recorded("2", valid_from=date(2026, 2, 1), recorded_on=1)

        assert facts.in_force([new, old], as_of=date(2026, 2, 1)) == {"pending_lawsuits": new}
        assert facts.in_force([new, old], as_of=date(2026, 1, 31)) == {"pending_lawsuits": old}

    def test_is_not_moved_by_news_about_an_older_time(self):
        current = recorded("2", valid_from=date(2026, 2, 1), recorded_on=1)
        late_news = recorded("9", valid_from=date(2026, 1, 1), recorded_on=20)

        assert facts.in_force([current, late_news], as_of=date(2026, 3, 1))["pending_lawsuits"] == current

    def test_takes_the_latest_correction_known_at_the_moment(self):
        first = recorded("1", valid_from=date(2026, 1, 1), recorded_on=1)
        corrected = recorded("3", valid_from=date(2026, 1, 1), recorded_on=10)

        before = facts.in_force(
            [first, corrected], as_of=date(2026, 3, 31), known_at=datetime(2026, 3, 9, tzinfo=UTC)
        )

        assert before == {"pending_lawsuits": first}
        assert facts.in_force([first, corrected], as_of=date(2026, 3, 31)) == {"pending_lawsuits": corrected}

    def test_lets_a_correction_end_a_fact(self):
        open_ended = recorded("1", valid_from=date(2026, 1, 1), recorded_on=1)
        ended = recorded("1", valid_from=date(2026, 1, 1), recorded_on=5, valid_to=date(2026, 2, 1))

        assert facts.in_force([open_ended, ended], as_of=date(2026, 2, 1)) == {}
        assert facts.in_force([open_ended, ended], as_of=date(2026, 1, 31)) == {"pending_lawsuits": ended}
