"""Letters on paper."""

from __future__ import annotations

from tradecredit.doors.web import papers


class TestPage:
    def test_lays_out_headings_tables_and_paragraphs(self):
        text = "# 催款函\n\n尊敬的客户:\n\n| 单据号 | 金额 |\n| --- | ---: |\n| INV-1 | 5.00 |\n"

        assert papers.page(text) == (
            "<h2>催款函</h2><p>尊敬的客户:</p>"
            '<table><thead><tr><th scope="col">单据号</th><th scope="col">金额</th></tr></thead>'
            "<tbody><tr><td>INV-1</td><td>5.00</td></tr></tbody></table>"
        )

    def test_escapes_what_came_from_outside(self):
        assert papers.page("<b>x</b>") == "<p>&lt;b&gt;x&lt;/b&gt;</p>"
