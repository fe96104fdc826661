"""``salesxl new``: a plan and what follows from it in one workbook, with or without macros.

>>> book = plan_workbook(plan, None, "en", macros=True)
>>> data = macro_workbook_bytes(book)  # .xlsm
>>> data = workbook_bytes(book)  # .xlsx

Both hold the same values in the same cells. The .xlsm calculates targets and commissions by
our functions, which it carries as VBA, and has the ribbon; the .xlsx has native formulas.
Built to the formats, not yet run in Excel.
"""

from salesxl.hosts.excel.new_book.content import plan_workbook
from salesxl.hosts.excel.new_book.write import macro_workbook_bytes, workbook_bytes

__all__ = ["macro_workbook_bytes", "plan_workbook", "workbook_bytes"]
