"""Every address of this server that is read, with what could be asked for there in its places."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from web.api.table import CALLS
from web.routes import API, PAGES, WIRE

PARAMETER = re.compile(r"\{([a-z_]+)(?::[^}]*)?\}")
# These answer for as long as one listens.
ENDLESS = ("streaming", "/health", "/ready")


def every_address(
    known: Mapping[str, Sequence[str]], otherwise: Sequence[str], asked: str
) -> Iterator[str]:
    """Fill the places of each address by their names, those we do not know with `otherwise`."""
    routes = [*PAGES, *API, *WIRE, *(call[:3] for call in CALLS)]
    for path in sorted({route[1] for route in routes if route[0] == "GET"}):
        if any(each in path for each in ENDLESS):
            continue
        names = PARAMETER.findall(path)
        for values in product(*(known.get(name, otherwise) for name in names)):
            filled = path
            for name, value in zip(names, values, strict=True):
                filled = re.sub(r"\{" + name + r"(?::[^}]*)?\}", value, filled)
            yield f"{filled}?{asked}"
