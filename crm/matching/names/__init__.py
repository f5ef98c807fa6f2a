"""Names of people across scripts: repair, sounds, surname endings, readings, alignment, verdict; each a module. Pure.

A name is repaired (`repair`), each word is written in one alphabet of sounds (`sounds`), surnames lose their ending
(`endings`), words take their parts (`readings`), and two words are one where every difference is an exchange people
make between spellings (`exchanges`, `alignment`). What contradicts is a veto (`verdict`). Sources of the tables: the
romanisations BGN/PCGN 1994 and ICS-630-01, the forms of surnames since 2016, and how people write mail addresses.
"""

from .keys import keys
from .slips import is_slip
from .verdict import NONE, STRONG, WEAK, Verdict, match

__all__ = ["NONE", "STRONG", "WEAK", "Verdict", "is_slip", "keys", "match"]
