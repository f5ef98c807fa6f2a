"""The words of what was found, by its code."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .finding import Finding, State

TITLES: dict[str, str | Promise] = {
    "spf": _("SPF: who may send for us"),
    "dkim": _("DKIM: our signature"),
    "dmarc": _("DMARC: what becomes of forgeries"),
    "answers": _("MX: where answers go"),
    "ptr": _("PTR: the name of our mail server"),
    "tls": _("TLS: the way to our mail server"),
    "signed": _("List-Unsubscribe under the signature"),
    "mailbox": _("Mailbox for what comes back"),
    "workers": _("Senders"),
    "time": _("Clock"),
    "disk": _("Disk"),
    "measured": _("Measuring by a mail service"),
    "secrets": _("Secrets and settings"),
}
TEXTS: dict[str, str | Promise] = {
    "spf_ok": _("One record, look-ups: %(count)s of 10."),
    "spf_missing": _("There is no SPF record. Gmail and Mail.ru refuse or hide such letters."),
    "spf_two": _("There are %(count)s SPF records; two are as good as none. Leave one."),
    "spf_broken": _("The record names %(name)s, which has no SPF record of its own: receivers take ours for broken."),
    "spf_lookups": _(
        "More than 10 look-ups: receivers stop counting and take the record for broken. The line names what these"
        " letters need; add those services alone that you still use."
    ),
    "spf_open": _("The record lets anybody send for us. It must end in “~all” or “-all”."),
    "spf_not_aligned": _(
        "Letters from %(name)s come back to this other domain, so SPF does not count for them: our signature alone"
        " shows that they are ours."
    ),
    "spf_unseen": _("Not looked at: no name server answers from here."),
    "dkim_ok": _("The key is published and long enough."),
    "dkim_no_selector": _("Not looked at: no setting says under which name the key is. Your mail provider knows."),
    "dkim_unnamed": _("Not looked at: the sending account names no selector. Your mail provider knows it."),
    "dkim_other": _("The key at %(name)s is not the one that our letters are signed with: receivers refuse them."),
    "dkim_missing": _("There is no key at %(name)s. Your mail provider shows what to publish."),
    "dkim_revoked": _("The key at %(name)s is empty, which means withdrawn."),
    "dkim_broken": _("What stands at %(name)s is no key. Copy it again: a part is often lost on the way."),
    "dkim_short": _("The key has %(count)s bits. Make one of 2048."),
    "dkim_testing": _("The key at %(name)s is marked as a test (t=y): receivers may ignore it."),
    "dkim_unseen": _("Not looked at: no name server answers from here."),
    "dmarc_ok": _("Forged letters: %(name)s."),
    "dmarc_missing": _("There is no DMARC record. Gmail, Yahoo and Outlook ask for one of whoever writes to many."),
    "dmarc_broken": _("The record has no policy that receivers know: none, quarantine or reject."),
    "dmarc_none": _(
        "The record only watches: forged letters in our name arrive. Make it stricter once reports are clean."
    ),
    "dmarc_gone": _("The tags %(name)s are gone since RFC 9989; receivers ignore them. Leave them out."),
    "dmarc_unseen": _("Not looked at: no name server answers from here."),
    "mx_ok": _("Answers go to %(name)s."),
    "mx_missing": _("Nobody takes mail for %(name)s: answers are lost."),
    "mx_unseen": _("Not looked at: no name server answers from here."),
    "ptr_ok": _("The address has a name that leads back to it."),
    "ptr_missing": _("%(address)s has no name that leads back to it: many servers refuse such letters."),
    "ptr_no_host": _("There is no address for %(name)s. Look at the name of the server."),
    "ptr_here": _("Not looked at: letters leave through this machine, and its outer address is not seen from here."),
    "ptr_unseen": _("Not looked at: no name server answers from here."),
    "tls_ok": _("Encrypted and verified. Days until the certificate ends: %(count)s."),
    "tls_here": _("The mail server is on this machine: nothing goes over a wire in the open."),
    "tls_service": _("Letters go to the service over HTTPS alone, and its certificate is verified each time."),
    "tls_off": _("Letters and the password go to the mail server unencrypted."),
    "tls_not_offered": _("%(name)s offers no encryption, so letters do not leave. Ask for another port: mostly 587."),
    "tls_untrusted": _(
        "The certificate of %(name)s is not to be trusted: letters do not leave. Somebody may sit between."
    ),
    "tls_unseen": _("Not looked at: %(name)s does not answer."),
    "signed_ok": _("Both headers are signed: mail services show their own button."),
    "signed_not": _("The letter is not signed. Ask your mail provider to switch DKIM on."),
    "signed_by_others": _("The letter is signed by %(name)s alone, not by our domain."),
    "signed_lacks": _("Not signed: %(name)s. Gmail and Yahoo show no unsubscribe button; more people press “Spam”."),
    "signed_unseen": _("Not looked at: send a test letter to a mailbox of yours and paste its source below."),
    "mailbox_ok": _("What comes back goes to %(name)s."),
    "mailbox_missing": _("Bounces and unsubscribing by letter are not read: no mailbox is set."),
    "mailbox_open": _("Letters and the password come from the mailbox unencrypted."),
    "mailbox_refused": _("The mailbox does not let %(name)s in: see MAILBOX_USER and MAILBOX_PASSWORD."),
    "mailbox_folder": _("There is no such folder in the mailbox: %(name)s. See MAILBOX_FOLDERS."),
    "mailbox_unseen": _("Not looked at: %(name)s does not answer."),
    "workers_ok": _("A sender is at work. Letters due: %(count)s."),
    "workers_missing": _("No sender is running, so nothing leaves. Letters due: %(count)s."),
    "time_ok": _("Something keeps it right."),
    "time_unkept": _("Nothing keeps it right: letters get a wrong date, codes of the second factor are refused."),
    "time_unseen": _("Not looked at: this system does not tell."),
    "disk_ok": _("Free: %(count)s MB."),
    "disk_low": _("Only %(count)s MB are free. When it is full, nothing is sent and nothing is kept."),
    "measured_there": _(
        "The service rewrites links and notes who opens and clicks, of those at risk as well, though our letters ask it"
        " not to. Switch it off in the service's own settings. What it tells of it is not kept here."
    ),
    "secrets_ok": _("Nothing stands open."),
    "debug_on": _("DEBUG shows strangers the inside of the program."),
    "demo_on": _("The demonstration is on, with accounts whose password everybody knows."),
    "site_open": _("Pages go unencrypted: SITE_URL does not begin with https."),
    "from_unset": _("Letters would come from an example address: MAIL_FROM is not set."),
    "secret_short": _("SECRET_KEY is too short."),
    "secret_readable": _("Others on this machine can read %(name)s."),
}
# Where a line belongs, by how it begins.
_RUN = ("manage.py", "timedatectl", "chmod", "du")
_ON_MAIL_SERVER = {
    "openssl": _("Run it, and put what it prints into the sending account as its key:"),
    "certbot": _("Run on the mail server:"),
    "smtpd_tls_security_level": _("Into the settings of the mail server, if it is Postfix:"),
    "SignHeaders": _("Into the settings of OpenDKIM, if that signs for you:"),
}
STATES: dict[State, str | Promise] = {
    State.OK: _("in order"),
    State.WARNING: _("to mend"),
    State.ERROR: _("wrong"),
    State.UNSEEN: _("not looked at"),
}


def where(finding: Finding) -> str | Promise:
    """What to do with the line of a finding."""
    begins = finding.line.split(" ")[0]
    if begins in _RUN:
        return _("Run:")
    if begins in _ON_MAIL_SERVER:
        return _ON_MAIL_SERVER[begins]
    if " IN PTR " in finding.line:
        return _("Ask for this record whoever the address belongs to:")
    if " IN " not in finding.line:
        return _("Write into .env:")
    is_new = finding.code.endswith(("_missing", "_no_host"))
    return _("Add to the DNS zone:") if is_new else _("Put into the DNS zone, in place of the old record:")


def told(finding: Finding) -> dict[str, object]:
    """A finding as a page and a terminal show it."""
    return {
        "title": TITLES[finding.about],
        "of": finding.of,
        "state": str(finding.state),
        "word": STATES[finding.state],
        "text": TEXTS[finding.code] % finding.values,
        "where": where(finding) if finding.line else "",
        "line": finding.line,
    }


def from_json(kept: Mapping[str, object]) -> Finding:
    """A finding as a row keeps it."""
    return Finding(**{**kept, "state": State(kept["state"])})
