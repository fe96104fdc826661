"""The page docs/functions.md: every rule with its arguments and a worked example, made from
the declarations alone, in both languages."""

from __future__ import annotations

from salesxl.catalog import RULES
from salesxl.catalog.wire import write_json
from salesxl.core.declare import Rule
from salesxl.texts import text

_HEAD = """\
# Functions · 函数

<!-- Made by scripts/generate.py from the declarations in salesxl/core; do not edit. -->

Each of these is called from the shell as `salesxl call NAME --json '{…}'`. Money is exact; a part
that is split adds up to its total. Square brackets mark arguments that may be left out.
命令行用法：`salesxl call 名称 --json '{…}'`。金额精确计算，分解之和等于总额；方括号为可省略的参数。
"""


def functions_page() -> str:
    """The whole page."""
    parts, category = [_HEAD], ""
    for rule in RULES:
        if rule.category != category:
            category = rule.category
            titles = [text(f"catalog.category_{category}", lang) for lang in ("en", "zh")]
            parts.append(f"## {titles[0]} · {titles[1]}\n")
        parts.append(_rule(rule))
    return "\n".join(parts)


def signature(rule: Rule) -> str:
    """``SPLIT_TARGET(total, weights, [unit], [locked])``"""
    names = (param.name if param.required else f"[{param.name}]" for param in rule.params)
    return f"{rule.name}({', '.join(names)})"


def _rule(rule: Rule) -> str:
    lines = [f"### {rule.name}", "", f"`{signature(rule)}`", "", rule.en, "", rule.zh, ""]
    lines += ["| argument | meaning | 含义 |", "|---|---|---|"]
    for param in rule.params:
        said = f"{param.en} | {param.zh}".replace("\n", " ")
        lines.append(f"| `{param.name}` | {said} |")
    answer = write_json(rule(rule.example))
    lines += ["", "```", f"{write_json(dict(rule.example))}", f"→ {answer}", "```", ""]
    return "\n".join(lines)
