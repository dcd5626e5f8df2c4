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

    def test_lays_out_lists_the_seal_and_the_slip(self):
        text = "# 函\n\n- 甲\n- 乙\\_丙\n\n1. 丁\n\n示例公司\n2026年3月2日\n\n回执：收到\n"

        assert papers.page(text, is_sealed=True) == (
            "<h2>函</h2><ul><li>甲</li><li>乙_丙</li></ul><ol><li>丁</li></ol>"
            '<p class="paper-seal">示例公司\n2026年3月2日</p><p class="paper-slip">回执：收到</p>'
        )
        assert '<p class="paper-closing">示例公司\n2026年3月2日</p>' in papers.page(text)


class TestWithFields:
    def test_known_fields_bear_their_names_and_unknown_ones_stand_out(self):
        shown = papers.with_fields("请 <b> {{ pay_by_date }} {{ totl }}", language="zh")

        assert shown == (
            '请 &lt;b&gt; <span class="field-chip">付款期限</span> <span class="field-chip is-wrong">totl</span>'
        )
        assert "Pay by" in papers.with_fields("{{pay_by_date}}", language="en")
