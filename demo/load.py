"""Fill an empty database with the demo, each step by the code that does it for real: import, approval, SMTP."""

import shutil
import socket
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from audit.guards import lifted_to_empty_everything
from crm.actions.contacts import save_contact
from crm.actions.imports import write_at_once
from crm.actions.organisations import represent
from crm.models import Contact, Organisation
from crm.states import Sensitivity
from mailings import actions
from mailings.models import Mailing
from mailings.pipeline.send import send_due

from . import catcher
from .accounts import ACCOUNTS
from .guests import invite
from .kinds import HOTLINES, drafts, number
from .life import live
from .press import receive
from .press_list import write_press_list
from .returns import come_back
from .texts import STATEMENT

# A place where people hurt by torture are treated: whoever works there is not for every eye.
_IN_DANGER = "Маркази «Навзиндагӣ»"


class NotTheDemo(Exception):
    """The database is somebody's own: the demo neither empties nor fills it."""


def is_empty() -> bool:
    return not User.objects.exists()


@transaction.atomic
def load() -> dict[str, int]:
    """Accounts, a messy press list, a statement and what came back, drafts, a sealed contact. Return what there is.

    All or nothing: cut off in the middle, it begins anew the next time.
    """
    catcher.empty()
    editor, head = _make_accounts()
    rows = _import_press_list(editor)
    _say_who_represents(by=head)
    actions.set_hotlines(HOTLINES, by=editor)
    statement = _write(STATEMENT, "statement", editor)
    number(statement, by=editor)
    actions.set_measures(statement, "all", by=editor)
    _send(Mailing.objects.get(pk=statement.pk), editor, head)
    _write_drafts(editor)
    live(editor, head)
    invite(editor, head)
    receive(editor, head)
    come_back(statement)
    _seal(Contact.objects.filter(positions__organisation__name=_IN_DANGER).earliest("pk"), by=head)
    return {"rows": rows, "letters": statement.deliveries.count()}


def empty() -> None:
    """Delete everything, letters and uploads too. Raises NotTheDemo where other people have accounts."""
    if User.objects.exclude(email__in=[account.email for account in ACCOUNTS]).exists():
        raise NotTheDemo
    with lifted_to_empty_everything():
        call_command("flush", interactive=False, verbosity=0)
    catcher.empty()
    shutil.rmtree(settings.FILES, ignore_errors=True)


def _make_accounts() -> tuple[User, User]:
    users = [
        User.objects.create_user(
            account.email,
            account.password,
            name=account.name,
            job_title=account.job_title,
            role=account.role,
            language=account.language,
            may_export=account.may_export,
        )
        for account in ACCOUNTS
    ]
    return users[0], users[1]


def _import_press_list(editor: User) -> int:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "Пресс-лист.xlsx"
        write_press_list(path)
        with path.open("rb") as file:
            list_of_people = File(file, name=path.name)
            written = write_at_once(list_of_people, by=editor, kind="journalist", basis="public_office")
    return len(written.rows)


def _say_who_represents(*, by: User) -> None:
    for account in ACCOUNTS:
        if account.represents:
            represent(User.objects.get(email=account.email), Organisation.objects.get(name=account.represents), by=by)


def _seal(contact: Contact, *, by: User) -> None:
    position = contact.positions.first()
    ways = {
        "emails": [email.address for email in contact.emails.all()],
        "phones": [phone.number for phone in contact.phones.all()],
        "organisation": position.organisation.name,
        "title": position.title,
    }
    contact.sensitivity = Sensitivity.SEALED
    save_contact(contact, ways=ways, by=by)


def _write(texts: dict, kind: str, editor: User) -> Mailing:
    mailing = actions.create(title=texts["ru"]["subject"], kind=kind, by=editor)
    for language, words in texts.items():
        actions.save_version(mailing, language, words=words, revision=0, by=editor)
    return Mailing.objects.get(pk=mailing.pk)


def _write_drafts(editor: User) -> None:
    """The press release last: it is the one that the list of mailings shows first."""
    for kind, texts, own, around in drafts():
        draft = _write(texts, kind, editor)
        actions.set_particulars(draft, own, around, by=editor)
        actions.set_audience(draft, {"kind": ["journalist"]}, by=editor)


def _send(mailing: Mailing, editor: User, head: User) -> None:
    """Approve and send over SMTP to the catcher, started here for as long as it takes."""
    actions.submit(mailing, by=editor)
    actions.approve(mailing, seen=mailing.fingerprint(), by=head)
    actions.start(mailing, typed=len(mailing.approved_recipients), by=editor)
    if mailing.is_held:
        actions.let_go(mailing, by=editor)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    wire, settings.EMAIL_PORT = settings.EMAIL_PORT, port
    server = catcher.listen(port)
    try:
        send_due(seconds=120)
    finally:
        server.stop()
        settings.EMAIL_PORT = wire
