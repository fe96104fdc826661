"""What a changed plan would pay: the changes, the comparison, the curve, the year's range."""
