from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.cash_application import statement_overlaps
from tradecredit.core.cash_application.statement_overlaps import Frame, KnownEntry
from tradecredit.core.cash_application.statements import StatementKind


def frame(kind=StatementKind.STATEMENT, number="1", opening="0", closing="40", form="mt940") -> Frame:
    return Frame(
        kind=kind,
        format=form,
        number=number,
        opening=None if opening is None else Decimal(opening),
        closing=None if closing is None else Decimal(closing),
    )


EXPORT = frame(StatementKind.EXPORT, number="", form="csv")


def placed(fingerprints, known, new_frame=EXPORT) -> list[tuple[int, bool]]:
    found = statement_overlaps.place(fingerprints=fingerprints, frame=new_frame, known=known)
    return [(one.occurrence, one.is_known) for one in found]


class TestPlace:
    def test_counts_equal_entries(self):
        assert placed(["a", "a", "b"], {}) == [(1, False), (2, False), (1, False)]

    def test_an_overlapping_export_adds_only_what_exceeds_the_known(self):
        known = {"a": (KnownEntry(occurrence=1, seen_in=(EXPORT,)),)}

        assert placed(["a", "a"], known) == [(1, True), (2, False)]

    def test_an_entry_of_another_final_statement_is_another_entry(self):
        known = {"a": (KnownEntry(occurrence=1, seen_in=(frame(number="1"),)),)}

        assert placed(["a"], known, frame(number="2", opening="40", closing="60")) == [(2, False)]

    def test_an_entry_seen_in_a_report_and_in_another_statement_is_that_ones(self):
        report = frame(StatementKind.REPORT, number="R")
        known = {"a": (KnownEntry(occurrence=1, seen_in=(report, frame(number="1"))),)}

        assert placed(["a"], known, frame(number="2", opening="40", closing="60")) == [(2, False)]

    @given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(0, 12))
    def test_any_two_overlapping_exports_make_the_longer_of_each(self, entries, cut):
        known: dict = {}
        total = 0
        for export in (entries[:cut], entries):
            found = statement_overlaps.place(fingerprints=export, frame=EXPORT, known=known)
            for one in found:
                if not one.is_known:
                    total += 1
                    entry = KnownEntry(occurrence=one.occurrence, seen_in=(EXPORT,))
                    known[one.fingerprint] = (*known.get(one.fingerprint, ()), entry)

        assert total == len(entries)


class TestAreApart:
    def test_pages_under_one_number_that_chain_are_apart(self):
        assert statement_overlaps.are_apart(
            frame(number="1/1", opening="0", closing="105"), frame(number="1/1", opening="105", closing="145")
        )

    def test_the_same_balances_under_another_number_are_one_statement_sent_again(self):
        assert not statement_overlaps.are_apart(frame(number="1"), frame(number="9"))

    def test_a_statement_and_a_report_may_overlap(self):
        assert not statement_overlaps.are_apart(frame(), frame(StatementKind.REPORT, number="2"))

    def test_statements_of_two_formats_may_overlap(self):
        assert not statement_overlaps.are_apart(frame(), frame(number="2", opening="5", form="camt.053"))
