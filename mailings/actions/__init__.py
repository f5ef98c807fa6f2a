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
from .texts import StaleText, create, describe, save_version, set_audience
from .unsubscribing import resubscribe, unsubscribe

__all__ = [
    "StaleText",
    "add_signatory",
    "approve",
    "approver_of",
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
    "resubscribe",
    "resume",
    "return_to_draft",
    "save_version",
    "set_audience",
    "set_hotlines",
    "set_particulars",
    "start",
    "submit",
    "unsubscribe",
]
