"""From plan and ledger to what is credited, earned and payable, each figure with its reason.

What a run decides, and where:

- Whose sale it is (`crediting`): the seller's; else by shares of the order, else of the
  customer, in force on the sale's day. A return goes to those its sale went to; one whose sale
  is unknown is listed, if the ledger has order numbers at all. Overlays come on top.
- By which plan (`terms`): a person's own term, else the role's, else the plan named with the
  person; plans limited to products, regions, channels or customer sources take what fits them.
- On what: sales as in the ledger (net of returns and discounts), margin (sales less cost), or
  what was collected so far; a blank there is not collected yet.
- What it pays (`rules`, on arrays `earn`): every line by the version of its day. Bands go by the
  running credit in order of date, one rate by the period's total; the order of lines within a
  day changes no total. Cap, guarantee and rounding hold once a pay period. A year to date pays
  the difference to the month before, so the months add up to the year.
- By which quota (`quotas`): the plan's targets of the period's months, by days where a plan
  covers part of a month.
- Beside it: overrides on the credit of everybody below (`team`), SPIFFs, bonuses and pools at
  the end of their period (`bonuses`).
- When (`settle`): a return of a sale that an earlier period paid takes back its pay, if the plan
  has a clawback rule, and never more than was paid; else it lowers the period it comes in. A part
  held is released n months later. Draws settle month by month.

A pay period is paid in the run its last month lies in. What is in nobody's commission is listed
with its row and reason: credited + unassigned = ledger. All pay is before tax.
"""
