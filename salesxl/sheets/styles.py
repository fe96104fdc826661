"""The look as data: palette, cell styles, number formats, extras.

A cell names a style ("cell", "total", …), a number format by key ("money",
"percent", …) and extras ("left_divider", "muted", …); `resolve` turns the three
into plain properties in the vocabulary of XlsxWriter's cell formats:

>>> resolve(Look("total", "money"), "en")["num_format"]
'#,##0_)_);-#,##0_)_);"–"_)_);@_)_)'

Formats (value → what it takes):

    money      whole major units        pay        to the minor unit
    due        with currency sign       difference signed whole units
    percent    0.0%                     weight     0%
    rate       0.00%                    score      0.0
    count      0 or 0 家                 quantity   #,##0
    date       yyyy-mm-dd               month      yyyy-mm
    check      difference of a check, "✓" when 0 (round the formula: 1e-9 is not 0)
    int        plain whole number       text       stays text when edited

Figures keep their distance from the right edge by padding in the format
(``_)_)``), never by indent; the extra "dense" halves it. A key that is not in
`FORMATS` is taken as a format of its own.
"""

from __future__ import annotations

from typing import Any

from salesxl.sheets.content import Look
from salesxl.texts import Lang

Properties = dict[str, Any]

PALETTE: dict[str, str] = {
    "ink": "#1F2A37",
    "muted": "#5B6776",
    "white": "#FFFFFF",
    "line": "#D3D9E0",
    "line_strong": "#8A96A3",
    "surface": "#F4F6F8",
    "surface2": "#E6EBF0",
    "accent": "#1D4E79",
    "accent_mid": "#6F9BBF",
    "accent_soft": "#DCE8F2",
    "bar": "#B9CFE2",
    "forecast": "#C5D6E5",
    "comparison": "#C9D2DB",
    "positive": "#0A7466",  # 4.5 : 1 on its soft fill too
    "positive_soft": "#DDF1EC",
    "warning": "#9A5B00",
    "warning_mark": "#E39B1C",
    "warning_soft": "#FCEFD6",
    "negative": "#B42E22",
    "negative_soft": "#F9E2DE",
    "score_high": "#BBD3E6",
    "grade_b": "#A9C5DC",
    "input_fill": "#FFF8DB",
    "input_ink": "#1747A6",
    "input_line": "#E4D9A8",
}

FONTS: dict[Lang, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}
CHARSETS: dict[Lang, int] = {"zh": 134, "en": 0}

# Symbols of the currencies whose sign is better known than its code.
CURRENCY_SIGNS: dict[str, str] = {
    "CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$",
    "TWD": "NT$", "KRW": "₩", "INR": "₹", "SGD": "S$", "AUD": "A$", "CAD": "C$",
}  # fmt: skip

PAD = "_)"
TAB_COLOURS: dict[str, str] = {"read": "accent", "edit": "warning_mark", "list": "line_strong"}

_P = PALETTE
_HAIR: Properties = {"bottom": 1, "bottom_color": _P["line"]}
_BODY: Properties = {"font_size": 10, "font_color": _P["ink"], "valign": "vcenter"}
_SMALL: Properties = {"font_size": 9, "font_color": _P["muted"], "valign": "vcenter"}
_TILE: Properties = {"bg_color": _P["surface"], "align": "left", "indent": 1, "valign": "vcenter"}


def _box(colour: str) -> Properties:
    sides = ("left", "right", "top", "bottom")
    return dict.fromkeys(sides, 1) | {f"{side}_color": colour for side in sides}


def _status(colour: str) -> Properties:
    return {
        "font_size": 9, "bold": True, "font_color": _P[colour], "bg_color": _P[f"{colour}_soft"],
        "align": "center", "valign": "vcenter",
    } | _HAIR  # fmt: skip


def _grade(fill: str, ink: str) -> Properties:
    return {
        "font_size": 10, "bold": True, "font_color": _P[ink], "bg_color": _P[fill],
        "align": "center", "valign": "vcenter",
    } | _HAIR  # fmt: skip


STYLES: dict[str, Properties] = {
    "body": _BODY,
    "band": {"bg_color": _P["accent"], "font_size": 10},
    "title": {"font_size": 18, "bold": True, "font_color": _P["ink"], "valign": "vcenter"},
    "subtitle": {"font_size": 10, "font_color": _P["muted"], "valign": "vcenter"},
    "verdict": _BODY | {"bold": True, "align": "right"},
    "section": {
        "font_size": 12, "bold": True, "font_color": _P["accent"], "valign": "bottom",
        "bottom": 1, "bottom_color": _P["accent"],
    },
    "section_rule": _SMALL | {"valign": "bottom", "bottom": 1, "bottom_color": _P["accent"]},
    "header": {
        "font_size": 9, "bold": True, "font_color": _P["ink"], "bg_color": _P["surface2"],
        "valign": "vcenter", "bottom": 1, "bottom_color": _P["line_strong"],
    },
    "cell": _BODY | _HAIR,
    "calc": _BODY | _HAIR | {"align": "right"},
    "group": _BODY | _HAIR | {"bold": True, "bg_color": _P["surface"]},
    "subtotal": _BODY | _HAIR | {"bold": True, "bg_color": _P["surface"]},
    "total": _BODY | {
        "bold": True, "top": 1, "top_color": _P["ink"], "bottom": 6, "bottom_color": _P["ink"],
    },
    "input": _BODY | _box(_P["input_line"]) | {
        "font_color": _P["input_ink"], "bg_color": _P["input_fill"], "locked": False,
    },
    "kpi_label": _TILE | {
        "font_size": 9, "font_color": _P["muted"], "top": 5, "top_color": _P["accent"],
    },
    "kpi_value": _TILE | {"font_size": 22, "bold": True, "font_color": _P["ink"]},
    "kpi_sub": _TILE | {"font_size": 9, "font_color": _P["muted"]},
    "check_ok": _status("positive"),
    "check_warn": _status("warning"),
    "check_bad": _status("negative"),
    "grade_a": _grade("accent", "white"),
    "grade_b": _grade("grade_b", "ink"),
    "grade_c": _grade("accent_soft", "accent"),
    "grade_d": _grade("surface2", "muted"),
    "label": _SMALL,
    "value": {"font_size": 11, "bold": True, "font_color": _P["ink"], "valign": "vcenter",
              "align": "left"},
    "note": _SMALL | {"text_wrap": True, "valign": "top", "align": "left"},
    "panel": {"font_size": 9, "font_color": _P["ink"], "bg_color": _P["surface"], "indent": 1,
              "align": "left", "valign": "vcenter"},
    "sign": _SMALL | {"valign": "bottom", "bottom": 1, "bottom_color": _P["line_strong"]},
    "pay_label": {"font_size": 10, "bold": True, "font_color": _P["white"],
                  "bg_color": _P["accent"], "align": "left", "indent": 1, "valign": "vcenter"},
    "pay_value": {"font_size": 18, "bold": True, "font_color": _P["white"],
                  "bg_color": _P["accent"], "align": "right", "valign": "vcenter"},
    "link": _BODY | _HAIR | {"font_color": _P["accent"], "underline": 1},
    "back": {"font_size": 9, "font_color": _P["accent"], "underline": 1, "align": "right",
             "valign": "vcenter"},
}  # fmt: skip

# Styles whose text starts at the left edge get one step of indent; headings do not.
_INDENTED = frozenset({"header", "cell", "group", "subtotal", "total", "input", "link"})

EXTRAS: dict[str, Properties] = {
    "left_divider": {"left": 1, "left_color": _P["line_strong"]},
    "banded": {"bg_color": _P["surface"]},
    "highlight": {"bg_color": _P["accent_soft"], "bold": True},
    "bold": {"bold": True},
    "plain": {"bold": False},
    "muted": {"font_color": _P["muted"]},
    "center": {"align": "center", "indent": 0},
    "right": {"align": "right", "indent": 0},
    "left": {"align": "left", "indent": 1},
    "wrap": {"text_wrap": True},
    "top": {"valign": "top"},
    "indent2": {"align": "left", "indent": 2},
    "flush": {"align": "left", "indent": 0},
    "positive": {"font_color": _P["positive"]},
    "warning": {"font_color": _P["warning"]},
    "negative": {"font_color": _P["negative"]},
    "small": {"font_size": 9},
    "forecast": {
        "font_color": _P["muted"], "left": 3, "right": 3,
        "left_color": _P["accent_mid"], "right_color": _P["accent_mid"],
    },
    "open": {"locked": False},
    "no_line": {"bottom": 0},
    "dense": {},  # one step of padding instead of two
    "filter": {},  # header of a filtered column: room for its button
}  # fmt: skip

_CONDITIONAL = ("font_color", "bg_color", "bold")


def _formats(lang: Lang, currency: str, decimals: int) -> dict[str, tuple[str, ...]]:
    """Key → sections (positive, negative, zero) before padding."""
    cents = "#,##0" + ("." + "0" * decimals if decimals else "")
    sign = f'"{CURRENCY_SIGNS.get(currency, currency + " " if currency else "")}"'
    sign = "" if sign == '""' else sign
    return {
        "money": ("#,##0", "-#,##0", '"–"'),
        "pay": (cents, f"-{cents}", '"–"'),
        "due": (f"{sign}{cents}", f"-{sign}{cents}"),
        "difference": ("+#,##0", "-#,##0", "0"),
        "percent": ("0.0%",),
        "weight": ("0%",),
        "rate": ("0.00%",),
        "score": ("0.0",),
        "count": ('0" 家"',) if lang == "zh" else ("0",),
        "quantity": ("#,##0", "-#,##0", '"–"'),
        "date": ("yyyy-mm-dd",),
        "month": ("yyyy-mm",),
        "check": ('"✕ "+#,##0', '"✕ "-#,##0', '"✓"'),
        "int": ("0",),
        "text": ("@",),
    }


FORMATS: frozenset[str] = frozenset(_formats("en", "", 2))
_PADDED = FORMATS - {"date", "month", "check", "text"}
CENTRED_FORMATS: frozenset[str] = frozenset({"date", "month", "check"})
FIGURES: frozenset[str] = _PADDED


def number_format(
    key: str, lang: Lang, currency: str = "", decimals: int = 2, dense: bool = False
) -> str:
    """The format code of `key`, padded; a code of its own comes back as it is."""
    if not key:
        return "General"
    sections = _formats(lang, currency, decimals).get(key)
    if sections is None:
        return key
    if key not in _PADDED:
        return ";".join(sections)
    pad = PAD if dense else PAD * 2
    if len(sections) == 1:
        sections = (sections[0], "-" + sections[0], sections[0])
    elif len(sections) == 2:
        sections = (*sections, sections[0])
    return ";".join(f"{section}{pad}" for section in (*sections, "@"))


def resolve(look: Look, lang: Lang, currency: str = "", decimals: int = 2) -> Properties:
    """Everything a cell format needs, as XlsxWriter names it.

    `currency` is an ISO 4217 code, `decimals` the digits of its minor unit.
    Raises `KeyError` for a style or an extra that does not exist.
    """
    properties: Properties = {
        "font_name": FONTS[lang], "font_scheme": "none", "font_charset": CHARSETS[lang],
    }  # fmt: skip
    properties |= STYLES[look.style]
    if look.fmt in CENTRED_FORMATS:
        properties["align"] = "center"
    elif look.fmt in FIGURES:
        if look.style not in ("kpi_value", "value"):
            properties |= {"align": "right", "indent": 0}
    elif look.style in _INDENTED and "align" not in properties:
        properties |= {"align": "left", "indent": 1}
    for extra in look.extras:
        properties |= EXTRAS[extra]
        if extra in ("positive", "warning", "negative") and look.style == "kpi_label":
            properties["top_color"] = PALETTE[extra]
            properties["font_color"] = PALETTE["muted"]
    if look.fmt:
        dense = "dense" in look.extras
        properties["num_format"] = number_format(look.fmt, lang, currency, decimals, dense)
    elif look.style == "header" and properties.get("align") == "right":
        pads = 4 if "filter" in look.extras else 1 if "dense" in look.extras else 2
        properties["num_format"] = "@" + PAD * pads
    elif properties.get("align") == "right" and look.style == "calc":
        properties["num_format"] = 'General_)_);-General_)_);"–"_)_);@_)_)'
    return properties


def conditional(style: str) -> Properties:
    """The part of a style a conditional format may change: ink, fill, weight.

    A colour's name ("negative", "muted", …) or an extra is a style here too.
    """
    source = STYLES.get(style) or EXTRAS.get(style)
    if source is None:
        source = {"font_color": PALETTE[style]}
    return {key: source[key] for key in _CONDITIONAL if key in source}


def header_look(column: Look, filtered: bool) -> Look:
    """The header look that goes with a table column: figures right, codes centred."""
    extras: tuple[str, ...] = ("filter",) if filtered else ()
    if column.fmt in FIGURES or "right" in column.extras or column.style == "calc":
        return Look("header", "", ("right", *extras))
    if column.fmt in CENTRED_FORMATS or "center" in column.extras:
        return Look("header", "", ("center", *extras))
    return Look("header", "", extras)
