"""What a rule refuses: a code, the argument, and the cell it is about.

>>> str(RuleError("negative_weight", argument="weights", position=3, value=-1))
'negative weight: weights, cell 3 (value -1)'

The sentence a user reads, with its remedy, is the entry of that code in
``texts/core.toml``; the rules themselves read no file.
"""

from __future__ import annotations


class RuleError(ValueError):
    """Input a rule cannot answer.

    `argument` names the parameter, `position` the cell in it, counted from 1 in
    reading order (row by row); None where the argument is one value. `values`
    go into the text: `value` is what was found there.
    """

    def __init__(
        self, code: str, *, argument: str = "", position: int | None = None, **values: object
    ) -> None:
        self.code = code
        self.argument = argument
        self.position = position
        self.values = values
        super().__init__(code)

    def __str__(self) -> str:
        place = f"{self.argument}, cell {self.position}" if self.position else self.argument
        details = ", ".join(f"{name} {value}" for name, value in self.values.items())
        sentence = self.code.replace("_", " ")
        if place:
            sentence += f": {place}"
        return f"{sentence} ({details})" if details else sentence
