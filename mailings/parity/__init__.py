"""Whether the versions of a letter say the same: numbers, dates, names, links and shape, across languages. Pure.

`facts` reads what a version states, `compare` says where two of them differ. Numerals in words prove that a number is
there, and are never missed themselves: one language writes in words what another writes in digits.
"""

from .compare import Difference, Kind, compare
from .facts import Facts, facts

__all__ = ["Difference", "Facts", "Kind", "compare", "facts"]
