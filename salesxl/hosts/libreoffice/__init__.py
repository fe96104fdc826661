"""LibreOffice Calc: the functions as an extension, ``salesxl.oxt``, that needs nothing else.

`extension` builds it on any system; `types` writes its type library, `help` its names and
help; `component` is the Python that LibreOffice loads.
"""
