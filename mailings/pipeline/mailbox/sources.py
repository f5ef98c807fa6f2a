"""Where letters are read from: files, folders of files, and the mailbox over IMAP, which is left as it is."""

import imaplib
import mailbox
import re
import ssl
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.utils import timezone

from ...models import MailboxPlace
from .letter import MAX_BYTES

# In one round, of letters and of seconds; the next one goes on from there.
MOST_AT_ONCE, LONGEST = 500, 60
# Asked for together, over lines on which each question takes long; no more of them than memory should hold.
MOST_TOGETHER, BYTES_TOGETHER = 100, 8 * 1024 * 1024
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


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


def imap() -> Iterator[tuple[MailboxPlace, int, list[bytes]]]:
    """What has come since the last reading, some letters of a folder at a time, and the number of the last of them.

    The caller notes it once they are kept. When the time is over, each folder that is left gives some of its letters.
    """
    until = monotonic() + LONGEST
    client = _connect()
    try:
        for folder in settings.MAILBOX_FOLDERS:
            yield from _of_folder(client, folder, until)
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


def _of_folder(client: imaplib.IMAP4, folder: str, until: float) -> Iterator[tuple[MailboxPlace, int, list[bytes]]]:
    place = _place(client, folder)
    _ok, found = client.uid("SEARCH", f"UID {place.last_uid + 1}:*")
    # “5:*” names the last letter even where its number is below five.
    uids = [uid for uid in map(int, found[0].split()) if uid > place.last_uid]
    for together in _batches(client, sorted(uids)[:MOST_AT_ONCE]):
        yield place, together[-1], _fetch(client, place, together)
        if monotonic() > until:
            break
    MailboxPlace.objects.filter(pk=place.pk).update(read_at=timezone.now(), trouble="")


def _batches(client: imaplib.IMAP4, uids: list[int]) -> Iterator[list[int]]:
    sizes = _sizes(client, uids)
    batch, weight = [], 0
    for uid in uids:
        # Of a letter whose size the server does not say, the most is feared.
        size = min(sizes.get(uid, MAX_BYTES), MAX_BYTES)
        if batch and (len(batch) == MOST_TOGETHER or weight + size > BYTES_TOGETHER):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch


def _sizes(client: imaplib.IMAP4, uids: list[int]) -> dict[int, int]:
    if not uids:
        return {}
    _ok, answer = client.uid("FETCH", _listed(uids), "(UID RFC822.SIZE)")
    said = [(_UID.search(line), _SIZE.search(line)) for line in answer if isinstance(line, bytes)]
    return {int(uid[1]): int(size[1]) for uid, size in said if uid and size}


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


def _fetch(client: imaplib.IMAP4, place: MailboxPlace, uids: list[int]) -> list[bytes]:
    """The letters, no more of each than may be taken apart; asking for them does not mark them as read."""
    _ok, answer = client.uid("FETCH", _listed(uids), f"(BODY.PEEK[]<0.{MAX_BYTES + 1}>)")
    found = [part[1] for part in answer if isinstance(part, tuple)]
    if len(found) == len(uids):
        return found
    # One that the server will not give keeps nobody from the others.
    if len(uids) > 1:
        return [raw for uid in uids for raw in _fetch(client, place, [uid])]
    # Something is taken in for each, so that a person hears of it, and can find it.
    return [f"letter {uids[0]} of {place.name}, numbered {place.validity}, was not given".encode()]


def _listed(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))
