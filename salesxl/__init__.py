"""salesxl: exact rules behind a sales manager's workbook."""

__version__ = "0.1.0"
