"""An .xlsx read safely as what it is: a package of parts. Knows nothing of plans or sheets."""
