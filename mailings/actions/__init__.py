"""What people do with a mailing. Each happens in one transaction and is written down; staff are named by `by=`."""

from .after import correct, follow_up, repeat, stand_by, withdraw
from .approval import approve, approver_of, reopen_for_segments, return_to_draft, submit
from .audience import pick, set_audience, unpick
from .holidays import delete_holiday, save_holiday
from .review import ask, comment, reopen_comment, resolve
from .scheduling import plan, schedule, start_scheduled, unschedule
from .sending import call_back, cancel, decide_all_unknown, decide_unknown, let_go, pause, resume, start
from .texts import StaleText, create, describe, save_version
from .unsubscribing import resubscribe, unsubscribe

__all__ = [
    "StaleText",
    "approve",
    "approver_of",
    "ask",
    "call_back",
    "cancel",
    "comment",
    "correct",
    "create",
    "decide_all_unknown",
    "decide_unknown",
    "delete_holiday",
    "describe",
    "follow_up",
    "let_go",
    "pause",
    "pick",
    "plan",
    "reopen_comment",
    "reopen_for_segments",
    "repeat",
    "resolve",
    "resubscribe",
    "resume",
    "return_to_draft",
    "save_holiday",
    "save_version",
    "schedule",
    "set_audience",
    "stand_by",
    "start",
    "start_scheduled",
    "submit",
    "unpick",
    "unschedule",
    "unsubscribe",
    "withdraw",
]
