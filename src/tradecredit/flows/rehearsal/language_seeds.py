"""Texts of the policy language that hold every construct of it, and the pieces that break them."""

from __future__ import annotations

from typing import Final

EXPRESSIONS: Final = (
    'if 逾期 天数 > 30 then "冻结" else "放行"',
    "for i in 1..3, j in [i, 2] return i * j ** 2",
    "some x in [1, 2] satisfies x between 1 and 3 and not(x = 2)",
    "every x in 逾期 天数 satisfies x != null or x instance of number",
    "{a b: [1..5), c: function(x: number, y) x + y, d: c(1, 2)}.d",
    'date("2026-03-02") + @"P1M" >= @"2026-04-01T10:00:00@Asia/Shanghai"',
    '[{n: 1}, {n: 2}][n > 1].n[1] in (<2, >= 3, ]1..4[, "x")',
    'replace("a-b", "[-a]", "$0") instance of list<context<a: number>>',
    'matches("合同2026", "^[\\p{L}]+\\d{4}$") and contains(upper case("ab"), "B")',
    "sort([3, 1, 2], function(a, b) a < b)[-1] - median([1, 2.50, -3E2])",
    "(-limit.amount) / 0.13 + sum(items.amount) - decimal(1/3, 2)",
    'duration("P1Y2M") - duration("P3D") = null',
    'time("10:30:00+08:00").hour * (date and time("2026-11-22T00:00:00") - now()).days',
    'string join(split("a;b", ";"), ",") + string(1.10) /* why */ // and how',
    'get value({x y: 1}, "x y") + context put({}, ["a", "b"], 2).a.b',
    "before(1, [2..3]) or overlaps([1..5], (3..9]) and includes([1..3], 2)",
    "{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(6)}.r",
)
CELLS: Final = (
    "-",
    "not(1, 2, null)",
    "[1..30), > 90",
    '"A", "B", not("C")',
    "? > limit.amount * 0.9",
    '< date("2026-01-01")',
    "(30..60], [90..180]",
    "null",
    "list contains(逾期 天数, ?)",
    '@"P30D"',
)
NAMES: Final = ("逾期 天数", "limit", "items", "金额", "x y")
PIECES: Final = (
    *("(", ")", "[", "]", "{", "}", "..", ",", ":", ".", "-", "+", "/", "*", "**", "=", "!=", "<", ">=", "?"),
    *(
        "not(",
        "in",
        "for ",
        "if ",
        " then ",
        " else ",
        " return ",
        " satisfies ",
        "some ",
        "every ",
        "function(",
    ),
    *("between ", " and ", " or ", "instance of ", "null", "true", "item", "partial", "external {", "list<"),
    *('"', "'", "@", '@"', "//", "/*", "*/", "\\", "\\u12", "\\U0001F600", "\\uD800", "$0", "^(a+)+$"),
    *("\ud800", "\x00", "\ufeff", "\u202e", "\u3000", "é", "客户", "😀", "１２", " ", "\n", "\t"),
    *("0", "9" * 40, "1e999", ".5", "5.", "0x1F", "-0", "999999999-12-31", "P9Y", "10:00:00@Mars/Base"),
    *("(" * 70, "[" * 300, "-" * 2000, "{a:" * 80, "1+" * 3000, "not(" * 90),
)
MARKUP: Final = (
    *("<", ">", "</", "/>", "&", "&lt;", "&#0;", "&y;", "]]>", "<![CDATA[", "<!--", "<?", 'xmlns=""'),
    *("<!DOCTYPE x [<!ENTITY y 'z'>]>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "<a>" * 300),
    *(
        "<rule>",
        "</rule>",
        "<inputEntry>",
        "<decision/>",
        'hitPolicy="ANY"',
        'href="#nowhere"',
        'id=""',
        'name=""',
    ),
)
