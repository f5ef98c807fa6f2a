"""What was found, as codes: `words` says each in the language of who reads."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `line` is to be added: to the DNS zone, to .env, or to be run."""

    about: str
    state: State
    code: str
    values: dict[str, str | int] = field(default_factory=dict)
    line: str = ""

    def as_json(self) -> dict[str, object]:
        return {name: value for name, value in asdict(self).items() if value}
