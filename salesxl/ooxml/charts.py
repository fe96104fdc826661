"""Charts in the look: two-dimensional, quiet, titled by their finding.

Colours follow a series' role: main, comparison, plan (line), negative, forecast
(dashed), second (line on the right-hand axis).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from salesxl.sheets.content import Book, Chart, Formula, Series, Sheet
from salesxl.sheets.styles import FONTS, PALETTE
from salesxl.sheets.widths import column_px

DEFAULT_COLUMN_PX = 75
DEFAULT_ROW_PT = 19
GAP = 55
SHARES = ("accent", "accent_mid", "grade_b", "comparison", "warning_mark", "line_strong")
MANY = 10  # categories from which the axis text is a size smaller
FEW = 6  # bars up to which each says its value
DENSE = 60  # points from which a line has no markers and its axis names ten of them


def insert_charts(book: Book, sheet: Sheet, workbook: Any, worksheet: Any) -> None:
    if not sheet.charts:
        return
    known = {(cell.row, cell.col): cell.value for cell in sheet.cells}
    for table in sheet.tables:
        for row, line in enumerate(table.rows, table.row + 1):
            known.update({(row, table.col + n): value for n, value in enumerate(line)})
    for chart in sheet.charts:
        native = _Native(book, chart, workbook, worksheet.get_name(), known).build()
        native.set_size({"width": _width(sheet, chart), "height": _height(sheet, chart)})
        options = {"object_position": 2, "description": chart.alt_text}
        worksheet.insert_chart(chart.row, chart.col, native, options)


def _width(sheet: Sheet, chart: Chart) -> int:
    columns = range(chart.col, chart.last_col + 1)
    return sum(column_px(sheet.widths[c]) if c in sheet.widths else DEFAULT_COLUMN_PX
               for c in columns) - 1  # fmt: skip


def _height(sheet: Sheet, chart: Chart) -> int:
    rows = range(chart.row, chart.last_row + 1)
    return int(sum(sheet.heights.get(row, DEFAULT_ROW_PT) for row in rows) * 4 / 3) - 1


class _Native:
    """One chart on its way into the workbook."""

    def __init__(
        self, book: Book, chart: Chart, workbook: Any, title: str,
        known: Mapping[tuple[int, int], Any],
    ) -> None:  # fmt: skip
        self.font_name = FONTS[book.lang]
        self.chart = chart
        self.workbook = workbook
        self.sheet = title
        self.known = known
        first, _, last, _ = chart.series[0].categories
        self.points = last - first + 1
        if self.points == 1:
            self.points = chart.series[0].categories[3] - chart.series[0].categories[1] + 1

    def font(self, size: float = 9, colour: str = "muted", bold: bool = False) -> dict[str, Any]:
        return {"name": self.font_name, "size": size, "color": PALETTE[colour], "bold": bold}

    def new(self, kind: str) -> Any:
        native = self.workbook.add_chart({"type": kind})

        def both_typefaces(attributes: Any) -> None:
            # Without a:ea Chinese in charts falls back to a serif face.
            native._xml_empty_tag("a:latin", attributes)
            native._xml_empty_tag("a:ea", attributes)

        native._write_a_latin = both_typefaces
        return native

    def build(self) -> Any:
        chart = self.chart
        native = self.new(chart.kind)
        combined: dict[str, Any] = {}
        for series in chart.series:
            kind = self.kind_of(series)
            if kind == chart.kind:
                native.add_series(self.series(series, kind))
            else:
                if kind not in combined:
                    combined[kind] = self.new(kind)
                combined[kind].add_series(self.series(series, kind))
        for other in combined.values():
            native.combine(other)
            if any(series.second_axis for series in chart.series):
                other.set_y2_axis(self.value_axis("0%", gridlines=False))
        self.dress(native)
        return native

    def kind_of(self, series: Series) -> str:
        if series.kind:
            return series.kind
        if series.role in ("plan", "second") and self.chart.kind == "column":
            return "line"
        return self.chart.kind

    def values(self, series: Series) -> list[float]:
        row, col, last_row, last_col = series.values
        found = (
            self.known.get((r, c))
            for r in range(row, last_row + 1)
            for c in range(col, last_col + 1)
        )
        plain = (v.value if isinstance(v, Formula) else v for v in found)
        return [float(v) for v in plain if v is not None and not isinstance(v, str)]  # type: ignore[arg-type]

    def series(self, series: Series, kind: str) -> dict[str, Any]:
        options: dict[str, Any] = {
            "name": series.name if isinstance(series.name, str) else [self.sheet, *series.name],
            "categories": [self.sheet, *series.categories],
            "values": [self.sheet, *series.values],
        }
        if series.second_axis:
            options["y2_axis"] = True
        if kind == "doughnut":
            fills = [{"fill": {"color": PALETTE[SHARES[n % len(SHARES)]]},
                      "border": {"color": PALETTE["white"], "width": 1}}
                     for n in range(self.points)]  # fmt: skip
            # The first share is dark: its label is white.
            light: list[Any] = [{"font": self.font(9, "white", bold=True)}]
            labels = {"percentage": True, "font": self.font(9, "ink"), "custom": light}
            return options | {"points": fills, "data_labels": labels}
        if kind == "line":
            colour = PALETTE["warning_mark" if series.role in ("plan", "second") else
                             "comparison" if series.role == "comparison" else "accent"]  # fmt: skip
            marker = {"type": "circle", "size": 5, "fill": {"color": PALETTE["white"]},
                      "border": {"color": colour, "width": 1.5}}  # fmt: skip
            if self.points > DENSE:
                marker = {"type": "none"}
            dash = {"dash_type": "dash"} if series.role == "forecast" else {}
            options |= {"line": {"color": colour, "width": 2} | dash, "marker": marker}
        else:
            options |= self.bars(series)
        if self.chart.labels and series.role != "comparison":
            options["data_labels"] = {
                "value": True,
                "num_format": self.chart.value_format,
                "font": self.font(9, "ink"),
                "position": "above" if kind == "line" else "outside_end",
            }
        return options

    def bars(self, series: Series) -> dict[str, Any]:
        colour = {
            "comparison": "comparison", "negative": "negative", "forecast": "forecast",
            "plan": "warning_mark", "second": "accent_mid",
        }.get(series.role, "accent")  # fmt: skip
        roles = {other.role for other in self.chart.series}
        options: dict[str, Any] = {"fill": {"color": PALETTE[colour]}, "gap": GAP}
        if roles & {"negative", "forecast"} and "comparison" not in roles:
            options["overlap"] = 100
        elif self.chart.kind == "bar" and len(self.chart.series) > 1:
            options["overlap"] = 0
        if series.role == "forecast":
            options["border"] = {"color": PALETTE["accent_mid"], "width": 0.75, "dash_type": "dash"}
        else:
            options["border"] = {"none": True}
        return options

    def value_axis(self, num_format: str, gridlines: bool = True) -> dict[str, Any]:
        options: dict[str, Any] = {
            "num_font": self.font(), "num_format": num_format, "line": {"none": True},
            "major_tick_mark": "none", "minor_tick_mark": "none",
            "major_gridlines": {
                "visible": gridlines, "line": {"color": PALETTE["surface2"], "width": 0.5},
            },
        }  # fmt: skip
        return options

    def dress(self, native: Any) -> None:
        chart = self.chart
        title = chart.title if isinstance(chart.title, str) else [self.sheet, *chart.title]
        native.set_title({
            "name": title, "name_font": self.font(10.5, "ink", bold=True),
            "layout": {"x": 0.015, "y": 0.025},
        })  # fmt: skip
        native.set_chartarea({
            "border": {"color": PALETTE["line"], "width": 0.75},
            "fill": {"color": PALETTE["white"]},
        })  # fmt: skip
        native.set_plotarea({"fill": {"none": True}})
        self.legend(native)
        if chart.kind == "doughnut":
            native.set_hole_size(60)
            return
        size = 8 if self.points >= MANY else 9
        category: dict[str, Any] = {
            "num_font": self.font(size), "major_tick_mark": "none", "minor_tick_mark": "none",
            "line": {"color": PALETTE["line_strong"], "width": 0.75}, "label_position": "low",
        }  # fmt: skip
        if self.points > DENSE:
            category |= {"interval_unit": self.points // 10, "interval_tick": self.points // 10}
        if chart.kind == "bar":
            category["reverse"] = True
        value = self.value_axis(chart.value_format)
        if all(v >= 0 for series in chart.series for v in self.values(series)):
            value["min"] = 0
        if chart.labels and self.points <= FEW:
            value |= {"visible": False, "major_gridlines": {"visible": False}}
        elif chart.unit:
            value |= {
                "name": chart.unit,
                "name_font": self.font() | {"rotation": 360},
                "name_layout": {"x": 0.015, "y": 0.12},
            }
        # XlsxWriter's x is the horizontal axis, which carries the values of lying bars.
        native.set_x_axis(value if chart.kind == "bar" else category)
        native.set_y_axis(category if chart.kind == "bar" else value)

    def legend(self, native: Any) -> None:
        chart = self.chart
        if chart.kind == "doughnut":
            native.set_legend({"position": "right", "font": self.font()})
        elif len(chart.series) < 2:
            native.set_legend({"none": True})
        else:
            native.set_legend({"position": "top", "font": self.font()})
