"""What the ribbon's buttons do to the workbook that is open.

    open workbook ─ tables ─► Plan ─ core, sheets ─► Book ─ writer ─► open workbook

A macro collects and computes first; only then it writes, and only where the content names a
place. If anything fails, also half-way through writing, every cell is as it was.
"""
