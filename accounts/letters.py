"""What the product writes to its own people: plain text, in their language, sent by the worker."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import override

from .links import link_for
from .models import StaffLetter

logger = logging.getLogger(__name__)

_RETRY_AFTER = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720, 1440)]


def send_due() -> int:
    """Send what waits. A letter that fails is tried again a few times; return how many left."""
    return sum(_send(letter) for letter in StaffLetter.objects.due().select_related("user")[:50])


def _send(letter: StaffLetter) -> bool:
    if not _take(letter):
        return False
    try:
        compose(letter).send()
    except OSError as error:  # smtplib's errors are OSErrors
        logger.warning("letter %s to staff did not leave: %s", letter.pk, type(error).__name__)
        return False
    StaffLetter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
    return True


def _take(letter: StaffLetter) -> bool:
    """Put the next attempt off before this one, so that two workers do not send the same letter."""
    if letter.attempts >= len(_RETRY_AFTER):
        return False
    wait = _RETRY_AFTER[letter.attempts]
    taken = StaffLetter.objects.filter(pk=letter.pk, attempts=letter.attempts, sent_at__isnull=True)
    return bool(taken.update(attempts=letter.attempts + 1, next_try_at=timezone.now() + wait))


def compose(letter: StaffLetter) -> EmailMessage:
    """The letter as it leaves. Its link, if it has one, is made now."""
    user = letter.user
    with override(user.language):
        subject, paragraphs = _TEXTS[letter.kind](letter)
        hello = _("Hello, %(name)s!") % {"name": user.name}
        footer = _("This letter was written by the program at %(site)s. Do not answer it: call the administrator.") % {
            "site": settings.SITE_URL
        }
        body = "\n\n".join([hello, *paragraphs, f"-- \n{footer}"]) + "\n"
        sender = f"{settings.MAIL_FROM_NAMES[user.language]} <{settings.DEFAULT_FROM_EMAIL}>"
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        from_email=sender,
        to=[letter.address or user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _when(letter: StaffLetter) -> str:
    return date_format(timezone.localtime(letter.created_at), "DATETIME_FORMAT")


def _not_you() -> str:
    return _("If this was not you, call the administrator at once: they can close the account and sign it out.")


def _invitation(letter):
    return _("You are invited to the media group's desk"), [
        _("%(by)s has made an account for you. Open the link and choose a password; it works for three days, once:")
        % {"by": letter.facts.get("by", "")},
        link_for(letter.user),
        _("Your sign-in address is the one this letter came to. If you did not expect it, delete it."),
    ]


def _new_password(letter):
    return _("A link for a new password"), [
        _("%(by)s has sent you a link for a new password. It works for three days, once:")
        % {"by": letter.facts.get("by", "")},
        link_for(letter.user),
        _("Until you use it the present password stays."),
        _not_you(),
    ]


def _new_device(letter):
    return _("Sign-in from a new device"), [
        _("On %(when)s somebody signed in to your account from a device not seen before: %(device)s.")
        % {"when": _when(letter), "device": letter.facts.get("device") or _("unknown")},
        _("If it was you, there is nothing to do."),
        _not_you(),
    ]


def _password_changed(letter):
    return _("Your password was changed"), [
        _("On %(when)s the password of your account was changed. All other devices are signed out.")
        % {"when": _when(letter)},
        _not_you(),
    ]


_FACTORS = {
    "totp": _t("the app with codes"),
    "webauthn": _t("a passkey"),
}
_CHANGES = {
    "added": _t("Added: %(factor)s."),
    "removed": _t("Removed: %(factor)s."),
}


def _factor_changed(letter):
    facts = letter.facts
    said = []
    if facts.get("what") in _CHANGES and facts.get("factor") in _FACTORS:
        said = [_CHANGES[facts["what"]] % {"factor": _FACTORS[facts["factor"]]}]
    elif facts.get("by"):
        said = [_("The administrator (%(by)s) removed it. Set a new one at the next sign-in.") % {"by": facts["by"]}]
    return _("Your second factor was changed"), [
        _("On %(when)s the second factor of your account was changed. Other devices are signed out.")
        % {"when": _when(letter)},
        *said,
        _not_you(),
    ]


def _rights_changed(letter):
    return _("What you may do has changed"), [
        _("On %(when)s %(by)s changed what your account may do. You see it under My settings, My role.")
        % {"when": _when(letter), "by": letter.facts.get("by", "")},
    ]


def _power_given(letter):
    return _("An account that matters was changed"), [
        _("On %(when)s %(by)s made or changed the account of %(name)s, role: %(role)s.")
        % {"when": _when(letter), **{key: letter.facts.get(key, "") for key in ("by", "name", "role")}},
        _("It concerns who approves, who takes contacts out or who looks after the accounts.")
        + " "
        + _("If you know nothing of it, look into the journal; in need, lock everything down."),
    ]


def _email_changed(letter):
    return _("Your sign-in address was changed"), [
        _("On %(when)s %(by)s changed the address of your account. This is the last letter to the former one.")
        % {"when": _when(letter), "by": letter.facts.get("by", "")},
        _not_you(),
    ]


def _locked_down(letter):
    return _("Everything is locked down"), [
        _("On %(when)s %(by)s locked everything down. Everybody is signed out, nothing is sent.")
        % {"when": _when(letter), "by": letter.facts.get("by", "")},
        _("Who can sign in now: %(holder)s") % {"holder": letter.facts.get("holder") or _("nobody")},
    ]


def _page_of(letter) -> str:
    """Where to read on. What the mailing is about is said there alone: mailboxes are read by others, too."""
    return f"{settings.SITE_URL}{letter.facts.get('path', '/')}"


def _approval_wanted(letter):
    return _("A mailing waits for your approval"), [
        _("%(by)s asks you to read and approve a mailing:") % {"by": letter.facts.get("by", "")},
        _page_of(letter),
    ]


def _approved(letter):
    return _("Your mailing is approved"), [
        _("%(by)s has approved it. It leaves when somebody sends or schedules it:")
        % {"by": letter.facts.get("by", "")},
        _page_of(letter),
    ]


def _not_started(letter):
    return _("A scheduled mailing did not start"), [
        _("Its time has come and nothing was sent. The reason is on its page:"),
        _page_of(letter),
        _("It stays approved and waits: it does not start by itself any more."),
    ]


def _request_given(letter):
    return _("A press request is yours"), [
        _("%(by)s has given you a press request. What it is about stands on its page:")
        % {"by": letter.facts.get("by", "")},
        _page_of(letter),
    ]


def _request_due(letter):
    is_over = letter.facts.get("share") == "100"
    subject = _("A press request was not answered in time") if is_over else _("A press request waits for its answer")
    said = (
        _("The reporter's deadline has passed, and nothing was sent:")
        if is_over
        else _("%(share)s %% of the time that the reporter gave are over:") % {"share": letter.facts.get("share", "")}
    )
    return subject, [said, _page_of(letter)]


def _request_draft(letter):
    return _("An answer to a reporter waits for your approval"), [
        _("%(by)s asks you to read an answer and to approve or return it:") % {"by": letter.facts.get("by", "")},
        _page_of(letter),
    ]


def _request_decided(letter):
    if letter.facts.get("is_approved"):
        subject, said = _("Your answer to a reporter has left"), _("%(by)s has read and approved it:")
    else:
        subject, said = _("Your answer to a reporter came back to you"), _("%(by)s has returned it; the note is here:")
    return subject, [said % {"by": letter.facts.get("by", "")}, _page_of(letter)]


def _interview_declined(letter):
    return _("Somebody cannot come to an interview at that time"), [
        _("The calendar of who was invited says so. Nothing was changed; agree on another time from its page:"),
        _page_of(letter),
    ]


def _request_came_back(letter):
    return _("A letter of yours did not arrive"), [
        _("It belongs to a press request. Why it came back stands on its page; reach the person another way:"),
        _page_of(letter),
    ]


def _interview_stopped(letter):
    return _("Consent to an interview was taken back"), [
        _("%(by)s has stopped an interview: who was to speak has taken consent back. Nothing of it may appear:")
        % {"by": letter.facts.get("by", "")},
        _page_of(letter),
    ]


def _request_result(letter):
    return _("Was your answer to a reporter published?"), [
        _("A week ago nobody knew whether it was used. Look for it, and put the link on its page:"),
        _page_of(letter),
    ]


def _letter_due(letter):
    said = (
        _("The day by which the law wanted an answer has passed, and the register has none:")
        if letter.facts.get("is_over")
        else _("In three days at most the law wants an answer, and the register has none:")
    )
    return _("The term of an official letter runs out"), [said, _page_of(letter)]


def _guest_asks(letter):
    return _("Somebody asks to come to your event"), [
        _("A colleague was named instead of a guest, or somebody applied. Decide on the page of the event:"),
        _page_of(letter),
    ]


_TEXTS = {
    StaffLetter.Kind.INVITATION: _invitation,
    StaffLetter.Kind.NEW_PASSWORD: _new_password,
    StaffLetter.Kind.NEW_DEVICE: _new_device,
    StaffLetter.Kind.PASSWORD_CHANGED: _password_changed,
    StaffLetter.Kind.FACTOR_CHANGED: _factor_changed,
    StaffLetter.Kind.RIGHTS_CHANGED: _rights_changed,
    StaffLetter.Kind.POWER_GIVEN: _power_given,
    StaffLetter.Kind.EMAIL_CHANGED: _email_changed,
    StaffLetter.Kind.LOCKED_DOWN: _locked_down,
    StaffLetter.Kind.APPROVAL_WANTED: _approval_wanted,
    StaffLetter.Kind.APPROVED: _approved,
    StaffLetter.Kind.NOT_STARTED: _not_started,
    StaffLetter.Kind.REQUEST_GIVEN: _request_given,
    StaffLetter.Kind.REQUEST_DUE: _request_due,
    StaffLetter.Kind.REQUEST_DRAFT: _request_draft,
    StaffLetter.Kind.REQUEST_CAME_BACK: _request_came_back,
    StaffLetter.Kind.REQUEST_DECIDED: _request_decided,
    StaffLetter.Kind.INTERVIEW_DECLINED: _interview_declined,
    StaffLetter.Kind.LETTER_DUE: _letter_due,
    StaffLetter.Kind.REQUEST_RESULT: _request_result,
    StaffLetter.Kind.INTERVIEW_STOPPED: _interview_stopped,
    StaffLetter.Kind.GUEST_ASKS: _guest_asks,
}
