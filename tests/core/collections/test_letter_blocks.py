from __future__ import annotations

from tradecredit.core.collections import letter_blocks
from tradecredit.core.collections.letter_blocks import Block

BODY = r"""# 催款函：请支付 CNY 1.00

编号：L-1

| 单据号 | 金额 |
| --- | ---: |
| INV\_1\|a | CNY 1.00 |

1. 付款；或
2. 书面告知

- 停止供货

示例机电有限公司（盖章）
2026年3月2日

回执：我方已收到
"""


class TestOfLetter:
    def test_tells_headings_tables_lists_and_the_slip_apart(self):
        assert letter_blocks.of_letter(BODY) == (
            Block("heading", ("催款函：请支付 CNY 1.00",)),
            Block("paragraph", ("编号：L-1",)),
            Block("table", rows=(("单据号", "金额"), ("INV_1|a", "CNY 1.00"))),
            Block("numbers", ("付款；或", "书面告知")),
            Block("list", ("停止供货",)),
            Block("paragraph", ("示例机电有限公司（盖章）", "2026年3月2日")),
            Block("slip", ("回执：我方已收到",)),
        )

    def test_a_mark_with_nothing_behind_it_prints_nothing(self):
        assert letter_blocks.of_letter("# \n\n示例") == (Block("paragraph", ("示例",)),)
