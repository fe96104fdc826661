"""A user's main.py in xlwings Lite, with as little of xlwings as it needs; run inside Pyodide.

The stand-in for xlwings does what its documentation says of ``@func``: it reads the signature,
the ``Annotated`` options and the docstring, and passes ranges as two-dimensional lists.
"""

from __future__ import annotations

import inspect
import json
import sys
import types
from typing import Any, get_args, get_type_hints

source = globals()["source"]  # JSON: [[function, [argument, …]], …], from lite.mjs
registered: dict[str, dict[str, Any]] = {}


def func(function: Any) -> Any:
    hints = get_type_hints(function, include_extras=True)
    options = {name: get_args(hint)[1] for name, hint in hints.items()}
    registered[function.__name__] = {
        "help": function.__doc__,
        "arguments": [
            [name, parameter.default is inspect.Parameter.empty, options[name]]
            for name, parameter in inspect.signature(function).parameters.items()
        ],
    }
    return function


before = set(sys.modules)
xlwings: Any = types.ModuleType("xlwings")
xlwings.func = func
sys.modules["xlwings"] = xlwings
exec("from salesxl.hosts.lite import *")
answers = [globals()[name](*given) for name, given in json.loads(source)]
added = {name.split(".")[0] for name in set(sys.modules) - before}
json.dumps(
    {
        "python": sys.version.split()[0],
        "platform": sys.platform,
        "foreign": sorted(added - set(sys.stdlib_module_names) - {"salesxl", "xlwings"}),
        "registered": registered,
        "answers": answers,
    },
    allow_nan=False,
)
