"""The rows of the plan's tables, by topic; `salesxl.plan.model` puts them together."""
