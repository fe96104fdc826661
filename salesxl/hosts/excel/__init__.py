"""Excel through xlwings: functions, the add-in that carries them, and its upkeep.

`functions` is the module Excel calls; `vba` writes what calls it; `addin` builds
``salesxl.xlam``; `install` puts it in its place; `doctor` says what is in the way.
Built to the formats, not yet run in Excel.
"""
