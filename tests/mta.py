"""A real mail server for the tests: Debian's postfix takes and delivers letters, dovecot shows the mailboxes by IMAP.

Both live in a folder of their own, on free ports of this machine, and end with whoever started them. No letter leaves:
of the domains below only the named mailboxes exist, and any other domain is an error. Postfix needs root.
"""

import contextlib
import imaplib
import os
import pwd
import shutil
import smtplib
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from config.supervisor import free_port

from .services import running, wait

OURS = "press@coalition.test"
GUEST, REPORTER = "reader@navid.test", "umar@chashma.test"
MAILBOXES = (OURS, GUEST, "second@navid.test", REPORTER)
# Where the mail servers of other domains stand: what comes from elsewhere in their name is forged.
SERVERS = {"navid.test": "127.0.0.2", "chashma.test": "127.0.0.3"}
# What this machine calls itself where it says whether a sender is proved (RFC 8601).
AUTHSERV_ID = "coalition.test"
PASSWORD = "a-password"
LARGEST = 40 * 1024 * 1024
DELIVERY = 20
_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.coalition.test
mydestination =
mynetworks = 127.0.0.1/32
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
default_transport = error:5.4.4 nothing leaves this machine
recipient_delimiter = +
message_size_limit = {largest}
virtual_mailbox_limit = 0
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/conf/mailboxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_restriction_classes = {classes}
smtpd_sender_restrictions = check_sender_access texthash:{folder}/conf/senders
"""
_MAILBOXES = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/dovecot
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def missing() -> str:
    """Why there can be no mail server here; empty where there can be one."""
    if os.geteuid() != 0:
        return "postfix needs root"
    absent = [name for name in ("postfix", "dovecot") if not _program(name)]
    return f"no {' and no '.join(absent)}" if absent else ""


def _program(name: str) -> str | None:
    # A user's own path may leave these folders out.
    return shutil.which(name, path="/usr/sbin:/usr/local/sbin:/usr/bin")


@dataclass(frozen=True)
class Mta:
    """The running pair. A letter that it took is delivered, or sent back, by the time `settle` returns."""

    folder: Path
    smtp_port: int
    imap_port: int

    def send(self, letter: EmailMessage | bytes, *, sender: str, to: str = OURS, server: str = "") -> None:
        """Hand a letter in as a server of the sender's domain does, or as another one does in its name."""
        raw = letter if isinstance(letter, bytes) else letter.as_bytes(policy=policy.SMTP)
        source = (server or SERVERS.get(sender.rpartition("@")[2], "127.0.0.1"), 0)
        with smtplib.SMTP("127.0.0.1", self.smtp_port, "mx.test", source_address=source) as line:
            line.sendmail(sender, [to], raw)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        # A letter moves from one folder to the next, and one that is sent back begins anew: so more than one look.
        pause = threading.Event()
        for _ in range(DELIVERY * 100):
            if not any(self._queued() for _look in range(3)):
                return
            pause.wait(0.01)
        raise RuntimeError(f"{len(self._queued())} letters are still on their way after {DELIVERY} s")

    def _queued(self) -> list[Path]:
        queue = self.folder / "queue"
        return [path for name in ("active", "incoming", "deferred") for path in (queue / name).rglob("*")]

    def letters(self, address: str) -> list[EmailMessage]:
        """What lies in somebody's mailbox, in order, as their mail program reads it."""
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raws(address)]

    def raws(self, address: str) -> list[bytes]:
        with imaplib.IMAP4("127.0.0.1", self.imap_port) as client:
            client.login(address, PASSWORD)
            client.select(readonly=True)
            _ok, found = client.uid("SEARCH", "ALL")
            fetched = [client.uid("FETCH", uid, "(BODY.PEEK[])")[1][0] for uid in found[0].split()]
        return [part[1] for part in fetched]

    def empty(self) -> None:
        """All mailboxes as on the first day."""
        self.settle()
        for address in MAILBOXES:
            shutil.rmtree(self.folder / "mail" / address, ignore_errors=True)


@contextlib.contextmanager
def started() -> Iterator[Mta]:
    """Postfix and dovecot, until the end of the block."""
    with contextlib.ExitStack() as services:
        folder = Path(services.enter_context(tempfile.TemporaryDirectory(prefix="payom-mta-")))
        # Their programs work as users of their own.
        folder.chmod(0o711)
        mta = Mta(folder, free_port(), free_port())
        _configure(mta)
        conf = folder / "conf"
        postfix, dovecot = (services.enter_context(running(command)) for command in _commands(conf))
        wait(lambda: smtplib.SMTP("127.0.0.1", mta.smtp_port).quit(), postfix, OSError)
        wait(lambda: imaplib.IMAP4("127.0.0.1", mta.imap_port).logout(), dovecot, OSError)
        yield mta


def _commands(conf: Path) -> list[list]:
    # It makes the folders of the queue, each with the owner that postfix wants.
    subprocess.run([_program("postfix"), "-c", conf, "check"], check=True, capture_output=True)
    programs = subprocess.check_output([_program("postconf"), "-hdx", "daemon_directory"], text=True).strip()
    return [
        [f"{programs}/master", "-c", conf, "-d"],
        [_program("dovecot"), "-F", "-c", conf / "dovecot.conf"],
    ]


def _configure(mta: Mta) -> None:
    folder, owner = mta.folder, pwd.getpwnam("nobody")
    for name in ("conf", "queue", "data", "mail", "dovecot"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "nobody")
    facts = {"folder": folder, "uid": owner.pw_uid, "gid": owner.pw_gid, "password": PASSWORD, "largest": LARGEST}
    facts["domains"] = " ".join(sorted({address.rpartition("@")[2] for address in MAILBOXES}))
    # A class of each domain: does the letter come from where the domain's server stands?
    classes = {domain: f"from_{domain.partition('.')[0]}" for domain in SERVERS}
    proofs = [f"{name} = check_client_access cidr:{folder}/conf/{name}" for name in classes.values()]
    files = {
        "main.cf": _SETTINGS.format(classes=" ".join(classes.values()), **facts) + "\n".join(proofs) + "\n",
        "master.cf": _SERVICES.format(port=mta.smtp_port),
        "dovecot.conf": _MAILBOXES.format(port=mta.imap_port, **facts),
        "mailboxes": "".join(f"{address} {address}/\n" for address in MAILBOXES),
        "senders": "".join(f"{domain} {name}\n" for domain, name in classes.items()),
        **{classes[domain]: _proof(domain, server) for domain, server in SERVERS.items()},
    }
    for name, text in files.items():
        (folder / "conf" / name).write_text(text)


def _proof(domain: str, server: str) -> str:
    """What SPF is to a real server: its word, above all that the letter itself says."""
    says = f"PREPEND Authentication-Results: {AUTHSERV_ID};"
    return f"{server} {says} spf=pass smtp.mailfrom={domain}\n0.0.0.0/0 {says} spf=fail smtp.mailfrom={domain}\n"
