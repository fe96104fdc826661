"""From our sheets into a workbook: quickly from nothing, or into somebody's template.

`frame` lets XlsxWriter make every part but the cells, `grid` and `cells` write those.
`prototype` makes a template of a book: one row of each kind, with anchors Excel moves
when a person edits it; `into` pours a book into such a template and leaves what the
person added where it belongs.
"""
