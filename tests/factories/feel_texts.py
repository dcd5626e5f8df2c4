"""Texts of the language for tests: some that hold every construct, and mutations of them."""

from __future__ import annotations

from hypothesis import strategies as st

SEEDS = (
    'if 逾期 天数 > 30 then "冻结" else "放行"',
    "for i in 1..3, j in [i, 2] return i * j ** 2",
    "some x in [1, 2] satisfies x between 1 and 3 and not(x = 2)",
    "{a b: [1..5), c: function(x: number, y) x + y, d: c(1, 2)}.d",
    'date("2026-03-02") + @"P1M" >= @"2026-04-01T10:00:00@Asia/Shanghai"',
    '[{n: 1}, {n: 2}][n > 1].n[1] in (<2, >= 3, ]1..4[, "x")',
    'replace("a-b", "[-a]", "$0") instance of list<context<a: number>>',
)
PIECES = (
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "..",
    ",",
    ":",
    ".",
    "-",
    "**",
    "not(",
    "in",
    "for",
    "if",
    '"',
    "@",
    "?",
    "//",
    "/*",
    "\\u12",
    "\ud800",
    "0",
    "é",
    "客户",
    " ",
    "\n",
)


@st.composite
def mutated(draw):
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(text)))
        until = draw(st.integers(at, min(len(text), at + 8)))
        text = text[:at] + draw(st.sampled_from(PIECES) | st.text(max_size=3)) + text[until:]
    return text
