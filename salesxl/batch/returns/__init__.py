"""Workbooks that come home: what was changed in them, and what of it goes into the plan.

    the files sent ─┐
                    ├─ lists ─ compare ─ collect ─ report, and where asked merge
    those returned ─┘

A returned workbook is compared with the very file that was sent, by the identity both
carry and by the IDs of their rows; names of files and sheets, the order of rows and
columns, and the program that saved it do not matter.
"""
