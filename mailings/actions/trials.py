"""Test letters to staff: asked for here, sent by a worker."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log

from ..models import Mailing, TestLetter
from ..states import WrongState

MOST_TESTS = 10


@transaction.atomic
def ask_for_test(mailing: Mailing, language: str, *, to: Collection[User], by) -> int:
    """Queue a test of one language version to members of staff. Return how many. Raises WrongState."""
    if language not in mailing.ready_languages:
        raise WrongState(_("There is no text to send in this language yet: write a subject and a body."))
    if len(to) > MOST_TESTS:
        raise WrongState(_("At most %(count)s people get a test letter at once.") % {"count": MOST_TESTS})
    TestLetter.objects.bulk_create(
        TestLetter(mailing=mailing, language=language, recipient=user, asked_by=by) for user in to
    )
    log("mailings.test.asked", mailing, by=by, language=language, letters=len(to))
    return len(to)
