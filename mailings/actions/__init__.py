"""What people do with a mailing. Each happens in one transaction and is written down; staff are named by `by=`."""

from .accounts import ask_account_test, choose_account, close_account, open_account, save_account
from .after import correct, follow_up, repeat, stand_by, withdraw
from .approval import approve, approver_of, reopen_for_segments, return_to_draft, submit
from .attachments import attach, describe_picture, put_logo, remove_attachment
from .audience import pick, set_audience, unpick
from .checkups import ask_for_checkup
from .editions import correct_rest
from .gathering import gather
from .holidays import delete_holiday, save_holiday
from .lists import make_list
from .measuring import set_measures
from .own_data import ask_for_own_data, confirm, contact_to_give, settle
from .particulars import add_signatory, note_agreement, remove_signatory, set_hotlines, set_particulars
from .review import ask, comment, reopen_comment, resolve
from .scheduling import plan, schedule, start_scheduled, unschedule
from .sending import call_back, cancel, decide_all_unknown, decide_broken, decide_unknown, let_go, pause, resume, start
from .texts import create, describe, set_languages
from .trials import MOST_TESTS, ask_for_test
from .unsubscribing import UNDO, choose, pause_for, resubscribe, topics_for, unsubscribe, until_when, word_of
from .writing import Saved, StaleText, autosave, call_up_to_date, note_presence, restore, save_version

__all__ = [
    "MOST_TESTS",
    "Saved",
    "StaleText",
    "UNDO",
    "add_signatory",
    "approve",
    "approver_of",
    "ask",
    "ask_account_test",
    "ask_for_checkup",
    "ask_for_own_data",
    "ask_for_test",
    "attach",
    "autosave",
    "call_back",
    "call_up_to_date",
    "cancel",
    "choose",
    "choose_account",
    "close_account",
    "comment",
    "confirm",
    "contact_to_give",
    "correct",
    "correct_rest",
    "create",
    "decide_all_unknown",
    "decide_broken",
    "decide_unknown",
    "delete_holiday",
    "describe",
    "describe_picture",
    "follow_up",
    "gather",
    "let_go",
    "make_list",
    "note_agreement",
    "note_presence",
    "open_account",
    "pause",
    "pause_for",
    "pick",
    "plan",
    "put_logo",
    "remove_attachment",
    "remove_signatory",
    "reopen_comment",
    "reopen_for_segments",
    "repeat",
    "resolve",
    "restore",
    "resubscribe",
    "resume",
    "return_to_draft",
    "save_account",
    "save_holiday",
    "save_version",
    "schedule",
    "set_audience",
    "set_hotlines",
    "set_languages",
    "set_measures",
    "set_particulars",
    "settle",
    "stand_by",
    "start",
    "start_scheduled",
    "submit",
    "topics_for",
    "unpick",
    "unschedule",
    "unsubscribe",
    "until_when",
    "withdraw",
    "word_of",
]
