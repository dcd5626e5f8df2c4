"""Small decision models for tests: the wrapping of DMN around what a test is about."""

from __future__ import annotations

from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.engine import Model

NAMESPACE = "urn:example:credit"


def xml(body: str, *, namespace: str = NAMESPACE, version: str = "20191111") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/{version}/MODEL/" name="信用" namespace="{namespace}">{body}</definitions>"""


def model(body: str, **kwargs: str) -> Model:
    return Model(reading.read(xml(body, **kwargs)))


def decision(name: str, logic: str, *, needs: str = "", type_ref: str = "") -> str:
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision name="{name}" id="{name}"><variable name="{name}"{typed}/>{needs}{logic}</decision>'


def fact(name: str, type_ref: str = "") -> str:
    typed = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<inputData name="{name}" id="{name}"><variable name="{name}"{typed}/></inputData>'


def needs(*names: str, kind: str = "Input") -> str:
    requirement = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(f'<{requirement}><required{kind} href="#{name}"/></{requirement}>' for name in names)


def literal(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression><text>{escaped}</text></literalExpression>"


def table(
    inputs: list[str],
    outputs: list[str],
    rules: list[str],
    *,
    policy: str = "UNIQUE",
    values: str = "",
    default: str = "",
) -> str:
    """Rules are written "test | test | output | output"."""
    aggregation = ""
    if policy.startswith("COLLECT "):
        policy, aggregation = policy.split()
        aggregation = f' aggregation="{aggregation}"'
    made = [f'<decisionTable hitPolicy="{policy}"{aggregation}>']
    made += [f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in inputs]
    for name in outputs:
        inner = f"<outputValues><text>{values}</text></outputValues>" if values else ""
        inner += f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
        made.append(f'<output name="{name}">{inner}</output>')
    for rule in rules:
        cells = [cell.strip().replace("<", "&lt;") for cell in rule.split("|")]
        tests = "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells[: len(inputs)])
        results = "".join(f"<outputEntry><text>{cell}</text></outputEntry>" for cell in cells[len(inputs) :])
        made.append(f"<rule>{tests}{results}</rule>")
    return "".join(made) + "</decisionTable>"
