"""Where letters are read from: files, folders of files, and the mailbox over IMAP, which is left as it is."""

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ...models import MailboxPlace
from .letter import MAX_BYTES

# In one round; the next one goes on from there.
MOST_AT_ONCE = 500


def eml(path: Path) -> Iterator[tuple[str, bytes]]:
    """One file, or each file of a folder, whatever it is called; no more of a file than may be taken apart."""
    files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    for file in files:
        with file.open("rb") as opened:
            yield str(file), opened.read(MAX_BYTES + 1)


def maildir(path: Path) -> Iterator[tuple[str, bytes]]:
    """The letters of new/ and cur/; those in tmp/ are still being written. Without these folders: every file."""
    folders = [path / name for name in ("new", "cur") if (path / name).is_dir()]
    for folder in folders or [path]:
        yield from eml(folder)


def mbox(path: Path) -> Iterator[tuple[str, bytes]]:
    """The letters of one file, numbered."""
    box = mailbox.mbox(path, create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            with box.get_file(key) as opened:
                yield f"{path}#{number}", opened.read(MAX_BYTES + 1)
    finally:
        box.close()


def imap() -> Iterator[tuple[str, bytes, MailboxPlace, int]]:
    """What has come since the last reading, folder by folder; the caller notes each as read once it is kept."""
    client = _connect()
    try:
        for folder in settings.MAILBOX_FOLDERS:
            yield from _of_folder(client, folder)
    finally:
        try:
            client.logout()
        except (imaplib.IMAP4.error, OSError):
            client.shutdown()


def _connect() -> imaplib.IMAP4:
    host, port, timeout = settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TIMEOUT
    if settings.MAILBOX_TLS:
        client = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=timeout)
    else:
        client = imaplib.IMAP4(host, port, timeout=timeout)
    try:
        client.login(settings.MAILBOX_USER, settings.MAILBOX_PASSWORD)
    except (imaplib.IMAP4.error, OSError):
        client.shutdown()
        raise
    return client


def _of_folder(client: imaplib.IMAP4, folder: str) -> Iterator[tuple[str, bytes, MailboxPlace, int]]:
    place = _place(client, folder)
    _ok, found = client.uid("SEARCH", f"UID {place.last_uid + 1}:*")
    # “5:*” names the last letter even where its number is below five.
    uids = [uid for uid in map(int, found[0].split()) if uid > place.last_uid]
    for uid in sorted(uids)[:MOST_AT_ONCE]:
        yield f"{folder}/{uid}", _fetch(client, uid), place, uid
    MailboxPlace.objects.filter(pk=place.pk).update(read_at=timezone.now(), trouble="")


def _place(client: imaplib.IMAP4, folder: str) -> MailboxPlace:
    """Where we are in a folder; at its beginning, if the server has numbered it anew."""
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    answer, words = client.select(quoted, readonly=True)
    if answer != "OK":
        raise imaplib.IMAP4.error("no such folder")
    validity = int((client.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    name = f"{settings.MAILBOX_USER}@{settings.MAILBOX_HOST}/{folder}"
    place, _new = MailboxPlace.objects.get_or_create(name=name[:300], defaults={"validity": validity})
    if place.validity != validity:
        MailboxPlace.objects.filter(pk=place.pk).update(validity=validity, last_uid=0)
        place.refresh_from_db()
    return place


def _fetch(client: imaplib.IMAP4, uid: int) -> bytes:
    """The letter, no more of it than may be taken apart; asking for it does not mark it as read."""
    _ok, answer = client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{MAX_BYTES + 1}>)")
    return next((part[1] for part in answer if isinstance(part, tuple)), b"")
