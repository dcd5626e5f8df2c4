"""What the language says when a value is missing or an expression is wrong, in both languages."""

from __future__ import annotations

from tradecredit.core.kernel.reasons import Words

_TEXTS: dict[str, tuple[str, str]] = {
    # reading
    "unexpected_text": (
        "此处看不懂“{found}”，应为{expected}",
        "cannot read “{found}” here, expected {expected}",
    ),
    "unexpected_end": ("表达式在此中断，应为{expected}", "the expression stops here, expected {expected}"),
    "unclosed_text": ("文字的引号没有闭合", "the quotation mark of this text is never closed"),
    "unclosed_comment": ("注释没有结束", "this comment is never closed"),
    "unknown_sign": ("无法识别的符号“{found}”", "unknown sign “{found}”"),
    "too_deep": (
        "表达式嵌套太深（最多 {limit} 层）",
        "the expression is nested too deeply (at most {limit} levels)",
    ),
    "too_long": (
        "表达式太长（最多 {limit} 个字符）",
        "the expression is too long (at most {limit} characters)",
    ),
    "too_hard": (
        "表达式过于曲折，无法在限度内读懂",
        "the expression is too tangled to be read within the limit",
    ),
    "duplicate_key": ("键“{name}”重复", "the key “{name}” is there twice"),
    "duplicate_parameter": ("参数“{name}”重复", "the parameter “{name}” is there twice"),
    "unknown_type": ("没有名为“{name}”的类型", "there is no type called “{name}”"),
    "bad_literal": (
        "“{literal}”不是有效的日期、时间或时长",
        "“{literal}” is not a date, a time or a duration",
    ),
    # stopping
    "too_many_steps": (
        "计算超过 {limit} 步，已停止",
        "stopped: the calculation took more than {limit} steps",
    ),
    "too_many_calls": ("函数调用嵌套太深，已停止", "stopped: functions call each other too deeply"),
    "too_large": (
        "结果太大（最多 {limit} 个字符或元素），已停止",
        "stopped: the result is too large (at most {limit} characters or items)",
    ),
    # nulls with a reason
    "unknown_name": ("没有名为“{name}”的值{hint}", "there is no value called “{name}”{hint}"),
    "missing_value": ("“{name}”没有值", "“{name}” has no value"),
    "no_such_entry": ("没有名为“{name}”的项", "there is no entry called “{name}”"),
    "no_such_property": ("{kind}没有属性“{name}”", "a {kind} has no property “{name}”"),
    "not_comparable": ("{left}与{right}无法比较", "a {left} cannot be compared with a {right}"),
    "not_computable": ("{left} {sign} {right} 无法计算", "{left} {sign} {right} cannot be computed"),
    "not_negatable": ("{kind}不能取负值", "a {kind} cannot be made negative"),
    "division_by_zero": ("除数为零", "division by zero"),
    "number_out_of_range": ("数字超出范围", "the number is out of range"),
    "not_a_function": ("“{kind}”不是函数，不能调用", "a {kind} is not a function and cannot be called"),
    "external_function": ("外部函数不允许调用", "external functions are not allowed"),
    "wrong_arguments": (
        "函数 {name} 的参数不对：{given}",
        "wrong arguments for the function {name}: {given}",
    ),
    "wrong_argument_type": (
        "函数 {name} 的参数“{parameter}”应为{expected}，实为{kind}",
        "the function {name} wants {expected} for “{parameter}”, not {kind}",
    ),
    "wrong_argument_value": (
        "函数 {name} 不接受参数值 {value}",
        "the function {name} does not accept the value {value}",
    ),
    "wrong_type": ("值应为{expected}，实为{kind}", "the value should be {expected}, not {kind}"),
    "not_allowed_value": ("值 {value} 不在允许范围内", "the value {value} is not one of the allowed values"),
    "wrong_condition": ("条件应为真或假，实为{kind}", "a condition should be true or false, not a {kind}"),
    "not_iterable": ("{kind}不能逐项处理", "one cannot go through a {kind} item by item"),
    "index_out_of_range": ("列表没有第 {index} 项", "the list has no item {index}"),
    "bad_range": ("区间的两端无效", "these are not two ends of a range"),
    "bad_pattern": ("正则表达式无效：{why}", "the regular expression is wrong: {why}"),
    "no_clock": ("此处没有给定当前时间", "no current time was given here"),
    "bad_date": ("“{text}”不是有效的日期或时间", "“{text}” is not a valid date or time"),
    # decision models
    "not_xml": ("不是有效的 XML：{why}", "this is not valid XML: {why}"),
    "forbidden_xml": ("不接受含 DTD 或实体声明的 XML", "XML with a DTD or entity declarations is refused"),
    "not_dmn": ("不是 DMN 模型（根元素为 {found}）", "this is not a DMN model (its root is {found})"),
    "missing_attribute": ("元素 {element} 缺少 {name}", "the element {element} lacks {name}"),
    "unknown_reference": ("“{reference}”指向不存在的元素", "“{reference}” points to nothing"),
    "circular_reference": ("“{name}”直接或间接依赖自己", "“{name}” depends on itself"),
    "duplicate_name": ("名称“{name}”重复", "the name “{name}” is there twice"),
    "unknown_decision": ("没有名为“{name}”的决策", "there is no decision called “{name}”"),
    "unknown_hit_policy": ("未知的命中策略“{name}”", "unknown hit policy “{name}”"),
    "no_logic": ("“{name}”没有决策逻辑", "“{name}” has no decision logic"),
    "wrong_rule_width": (
        "第 {row} 行有 {found} 个单元格，应为 {expected}",
        "row {row} has {found} cells where {expected} are wanted",
    ),
    "several_hits": (
        "唯一命中的决策表同时命中第 {rows} 行",
        "rows {rows} match at once in a table that allows one hit",
    ),
    "differing_hits": ("第 {rows} 行同时命中且结果不同", "rows {rows} match with different outputs"),
    "no_hit": ("决策表没有一行命中", "no row of the table matches"),
    "no_answer": ("“{name}”没有得出结果", "“{name}” came to nothing"),
    "not_prioritised": ("输出值没有列出优先次序", "the output values are not listed in order of priority"),
    "wrong_aggregation": ("输出值无法汇总", "these outputs cannot be aggregated"),
}

_KINDS: dict[str, str] = {
    "null": "空值", "number": "数字", "string": "文字", "boolean": "真假值", "date": "日期", "time": "时间",
    "date and time": "日期时间", "years and months duration": "年月时长", "days and time duration": "日时时长",
    "list": "列表", "context": "上下文", "range": "区间", "function": "函数", "Any": "任意值",
}  # fmt: skip


def codes() -> frozenset[str]:
    """Return every code that a message may carry."""
    return frozenset(_TEXTS)


def words(code: str, **facts: str) -> Words:
    """Return the sentence of a code with its facts; kinds of values are named in each language."""
    chinese, english = _TEXTS[code]
    in_chinese = {key: _KINDS.get(value, value) for key, value in facts.items()}
    return Words(zh=chinese.format(**in_chinese), en=english.format(**facts))
