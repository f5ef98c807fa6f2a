"""What people do with a mailing. Each happens in one transaction and is written down; staff are named by `by=`."""

from .approval import approve, approver_of, reopen_for_segments, return_to_draft, submit
from .attachments import attach, describe_picture, put_logo, remove_attachment
from .particulars import (
    add_signatory,
    note_agreement,
    remove_signatory,
    set_hotlines,
    set_particulars,
)
from .sending import cancel, decide_all_unknown, decide_unknown, pause, resume, start
from .texts import create, describe, set_audience, set_languages
from .trials import MOST_TESTS, ask_for_test
from .unsubscribing import resubscribe, unsubscribe
from .writing import Saved, StaleText, autosave, call_up_to_date, restore, save_version, stand_by

__all__ = [
    "MOST_TESTS",
    "Saved",
    "StaleText",
    "add_signatory",
    "approve",
    "approver_of",
    "ask_for_test",
    "autosave",
    "call_up_to_date",
    "attach",
    "cancel",
    "create",
    "decide_all_unknown",
    "decide_unknown",
    "describe",
    "describe_picture",
    "note_agreement",
    "pause",
    "put_logo",
    "remove_attachment",
    "remove_signatory",
    "reopen_for_segments",
    "restore",
    "resubscribe",
    "resume",
    "return_to_draft",
    "save_version",
    "set_audience",
    "set_languages",
    "stand_by",
    "set_hotlines",
    "set_particulars",
    "start",
    "submit",
    "unsubscribe",
]
