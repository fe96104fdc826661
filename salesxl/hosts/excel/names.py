"""How a rule's arguments are called in VBA, and which of them may be left out.

>>> [(a.name, a.optional) for a in arguments(find("OVER_TARGET_BONUS"))][2:5]
[('rate', False), ('on_', True), ('decimals', True)]

A VBA keyword gets an underscore. An argument the user must name (`Param.named`)
may be left out here: the rule itself then says what each choice would mean, which
Excel's own #VALUE! would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from salesxl.core.declare import Param, Rule

# [MS-VBAL] 3.3.5.2: words that can't name an argument.
_WORDS: Final = """
abs access addressof alias and any append array as attribute base binary boolean byref byte
byval call case cbool cbyte ccur cdate cdbl cdec cdecl cint circle clng clnglng clngptr close
compare const csng cstr currency cvar cverr database date debug decimal declare defbool defbyte
defcur defdate defdbl defdec defint deflng deflnglng deflngptr defobj defsng defstr defvar dim
do doevents double each else elseif empty end endif enum eqv erase error event exit explicit
false fix for friend function get global go gosub goto if imp implements in input inputb
integer is lbound len lenb let lib like line load local lock long longlong longptr loop lset
me mid midb mod module name new next not nothing null object on open option optional or output
paramarray preserve print private property pset ptrsafe public put raiseevent random randomize
read redim rem resume return rset scale seek select set sgn shared single spc static step stop
string sub tab text then time to true type typeof ubound unknown unload unlock until variant
wend while width with withevents write xor
"""
KEYWORDS: Final = frozenset(_WORDS.split())
# Names the wrappers themselves use; "caller" is xlwings' own.
TAKEN: Final = frozenset({"application", "activeworkbook", "thisworkbook", "xlpy", "err", "range"})
_NOT_FREE: Final = KEYWORDS | TAKEN | {"caller", "failed"}


@dataclass(frozen=True)
class Argument:
    """One argument as Excel sees it; `param` is the rule's own."""

    name: str
    optional: bool
    param: Param


def arguments(rule: Rule) -> tuple[Argument, ...]:
    """The rule's arguments in order. After the first optional one all are: VBA asks for it."""
    seen = False
    made = []
    for param in rule.params:
        seen = seen or not param.required or param.named
        made.append(Argument(safe_name(param.name), seen, param))
    return tuple(made)


def safe_name(name: str) -> str:
    """`name` as VBA takes it."""
    return f"{name}_" if name.lower() in _NOT_FREE else name
