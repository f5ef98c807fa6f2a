"""What people do with a mailing. Each happens in one transaction and is written down; staff are named by `by=`."""

from .approval import approve, approver_of, reopen_for_segments, return_to_draft, submit
from .sending import cancel, decide_all_unknown, decide_unknown, pause, resume, start
from .texts import StaleText, create, describe, save_version, set_audience
from .unsubscribing import resubscribe, unsubscribe

__all__ = [
    "StaleText",
    "approve",
    "approver_of",
    "cancel",
    "create",
    "decide_all_unknown",
    "decide_unknown",
    "describe",
    "pause",
    "reopen_for_segments",
    "resubscribe",
    "resume",
    "return_to_draft",
    "save_version",
    "set_audience",
    "start",
    "submit",
    "unsubscribe",
]
