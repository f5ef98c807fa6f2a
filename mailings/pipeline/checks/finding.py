"""What a check says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    level: str  # "error", "warning", "note" (nothing to mend) or "ok"
    text: str
    language: str = ""
    # Where it can be mended, if not in the text of the language.
    url: str = ""
