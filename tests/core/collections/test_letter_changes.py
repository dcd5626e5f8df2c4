"""What a letter says otherwise, and where the letters of a policy stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradecredit.core.collections import letter_changes, letter_grid
from tradecredit.core.collections.letter_changes import Piece


class TestLines:
    def test_marks_what_came_into_a_line(self):
        found = letter_changes.lines("# 函\n\n请付款\n", "# 函\n\n请于 {{ pay_by_date }} 前付款\n")

        assert found == (
            (Piece("same", "请"), Piece("added", "于 {{ pay_by_date }} 前"), Piece("same", "付款")),
        )

    def test_lines_without_a_like_are_taken_and_added_whole(self):
        found = letter_changes.lines("甲乙丙\n同", "same old words\n同")

        assert found == ((Piece("added", "same old words"),), (Piece("taken", "甲乙丙"),))

    @given(before=st.text(alphabet="甲乙a \n"), after=st.text(alphabet="甲乙a \n"))
    def test_pieces_give_both_texts_back(self, before, after):
        def told(text):
            return sorted(line.strip() for line in text.splitlines() if line.strip())

        found = letter_changes.lines(before, after)
        left = sorted("".join(one.text for one in line if one.how != "added") for line in found)
        right = sorted("".join(one.text for one in line if one.how != "taken") for line in found)

        lost = [line for line in left if line]
        came = [line for line in right if line]
        kept = list(told(before))
        for line in lost:
            kept.remove(line)
        assert sorted(kept + came) == told(after)


class TestRows:
    def test_letters_stand_in_the_order_of_the_steps_then_the_thanks_then_the_rest(self, pack_letters):
        strategy, texts = pack_letters
        before = dict(texts)
        changed = {**texts, "formal-zh": texts["formal-zh"] + "\n又及\n", "spare-zh": "# 备用\n"}
        del changed["final-en"]

        rows = {row.name: row for row in letter_grid.rows(strategy=strategy, texts=changed, before=before)}

        assert list(rows) == ["reminder", "friendly", "formal", "final", "thanks", "spare"]
        assert [cell.state for cell in rows["formal"].cells] == ["changed", "same"]
        assert [cell.state for cell in rows["final"].cells] == ["same", "missing"]
        assert [cell.state for cell in rows["spare"].cells] == ["new", "missing"]
        assert [row.is_sealed for row in rows.values()] == [False, True, True, True, False, False]
        assert rows["spare"].uses == ()
        assert rows["thanks"].uses[0].zh == "感谢函"
        assert letter_grid.step_of(strategy, "formal").letter == "formal"
        assert letter_grid.step_of(strategy, "thanks") is None
