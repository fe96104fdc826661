"""Closing a period: its results are sealed beside the plan and never change again.

period = parse_period("2026-06", plan.settings.fiscal_year_first_month)
run = sealed_result(plan_path, plan, period)
if run is None:  # open: worked out, with what sealed periods have been paid wrongly
    run = pay_run(plan, ledger, period)
    due = corrections(plan_path, plan, ledger, period, lambda p: pay_run(plan, ledger, p))
    run = with_corrections(run, due, plan.settings.language)
"""

from salesxl.closing.corrections import Correction, corrections, with_corrections
from salesxl.closing.inputs import Inputs, inputs_of
from salesxl.closing.seal import (
    Seal,
    Sealed,
    check_open,
    close_period,
    history,
    reopen_period,
    sealed_result,
    seals,
)
from salesxl.closing.store import store_path

__all__ = [
    "Correction",
    "Inputs",
    "Seal",
    "Sealed",
    "check_open",
    "close_period",
    "corrections",
    "history",
    "inputs_of",
    "reopen_period",
    "sealed_result",
    "seals",
    "store_path",
    "with_corrections",
]
