"""Filling an existing workbook so that everything not filled stays byte for byte.

A sheet is a sequence of whole rows. `moves` says where each row of the template
goes, `references` rewrites formulas, the `follow_*` modules everything else that
points at rows.
"""
