"""The pages of a letter: who signs, where the seal goes, what stands in the annex."""

from __future__ import annotations

from tradecredit.analytics.collections import letter_papers
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import letter_paper

BODY = "# 催款函\n\n请付款。\n\n示例公司（盖章）\n2026年3月2日\n\n回执：收到\n计划付款____元\n"


class TestBlocks:
    def test_company_and_day_stand_within_the_place_of_the_seal(self):
        kinds = [(block.kind, block.lines) for block in letter_papers.blocks(BODY, is_sealed=True)]

        assert kinds == [
            ("heading", ("催款函",)),
            ("paragraph", ("请付款。",)),
            ("seal", ("示例公司（盖章）", "2026年3月2日")),
            ("slip", ("回执：收到", "计划付款____元")),
        ]

    def test_a_single_closing_line_takes_no_sentence_into_the_seal(self):
        found = letter_papers.blocks("# 函\n\n请付款。\n\n示例公司\n", is_sealed=True)

        assert [(block.kind, block.lines) for block in found[1:]] == [
            ("paragraph", ("请付款。",)),
            ("seal", ("示例公司",)),
        ]

    def test_without_a_seal_they_close_the_letter(self):
        assert letter_papers.blocks(BODY, is_sealed=False)[2].kind == "closing"
        assert letter_papers.blocks("# 函\n\n一句话。\n", is_sealed=False)[1].kind == "paragraph"


class TestTrial:
    def test_says_that_it_was_not_sent_and_ends_its_annex_with_the_sum(self):
        trial = letter_papers.TrialLetter(
            language="en",
            sender="Example Ltd",
            subject="Demand",
            body="# Demand\n\nPlease pay.\n\nExample Ltd\n2 March 2026\n",
            is_sealed=True,
            items=(("INV-1", "2 March 2026", "10", "CNY 5.00"),),
            total=Money.of("5.00", "CNY"),
        )

        paper = letter_papers.trial(trial)

        assert paper.foot == "Preview · not sent"
        assert paper.annex.rows[-1] == ("Total", "", "", "CNY 5.00")
        assert letter_paper.as_pdf(paper).startswith(b"%PDF-")
        assert letter_paper.as_pdf(paper) == letter_paper.as_pdf(paper), "the same bytes for the same words"
        assert [one[:4] for one in letter_paper.as_pictures(paper)] == [b"\x89PNG", b"\x89PNG"]
