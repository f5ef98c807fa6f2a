"""What people signed at an event, kept for an auditor: sealed, named by its hash, opened by few and never unseen; and
how to reach somebody who has no card.
"""

import base64
import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.log import log
from core.sealing import seal, unseal
from mailings.files import Cleaned

from ..models import Event, Invitation, SignedList
from ..states import WrongState


@transaction.atomic
def keep_list(event: Event, file: Cleaned, *, by: User) -> SignedList:
    """Seal a scanned list. Raises WrongState where the very same is kept already."""
    event.hold()
    digest = hashlib.sha256(file.data).hexdigest()
    if event.signed_lists.filter(digest=digest).exists():
        raise WrongState(_("This very file is kept already. Nothing was changed."))
    sealed = seal(base64.b64encode(file.data).decode())
    fields = {"name": file.name[:120], "type": file.type, "sealed_file": sealed, "digest": digest}
    kept = SignedList.objects.create(event=event, by=by, **fields)
    log("events.signed.kept", event, by=by, hash=digest)
    return kept


@transaction.atomic
def open_list(kept: SignedList, *, by: User) -> bytes:
    """The file; the look is written down first. Raises CannotUnseal."""
    log("events.signed.revealed", kept.event, by=by, hash=kept.digest)
    return base64.b64decode(unseal(kept.sealed_file))


@transaction.atomic
def destroy_list(kept: SignedList, *, by: User) -> None:
    """For good. That there was one, and its hash, stay in the journal."""
    log("events.signed.destroyed", kept.event, by=by, hash=kept.digest)
    kept.delete()


@transaction.atomic
def reach(guest: Invitation, *, by: User) -> str:
    """Telephone or e-mail that somebody without a card left; the look is written down first. Raises CannotUnseal."""
    log("events.address.revealed", guest, by=by)
    return unseal(guest.sealed_address)
