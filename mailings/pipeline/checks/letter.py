"""Does the letter hold together: links, pictures, weight, embargo, signatures, its own unsubscribe link?"""

import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...models import Attachment, Mailing, MailingVersion
from ..preview import sample
from ..render import pictures_named
from ..throttle import account_of
from .finding import Finding

# Longer ones are cut by the big mail services, and the unsubscribe link with them.
MAX_HTML = 102 * 1024
_LINK = re.compile(r'<a\b(?:[^>]*\bhref="([^"]*)")?[^>]*>([^<]*)')
_ALT = re.compile(r'\balt="\s*[^"\s]')
_IMG = re.compile(r"<img\b[^>]*>")
# What only one reader may have: the paths of our own letters and of invitations.
_PERSONAL = re.compile(r"/(?:u|join)/[\w-]{16,}")
_HOST = re.compile(r"^[^\s.]+(?:\.[^\s.]+)+$")


def about_letter(mailing: Mailing) -> list[Finding]:
    ready = [version for version in mailing.versions.all() if version.is_ready]
    found = [finding for version in ready for finding in _about_version(mailing, version)]
    return [*found, *_about_embargo(mailing), *_about_signatories(mailing), *_about_number(mailing)]


def _about_version(mailing: Mailing, version: MailingVersion) -> list[Finding]:
    label, code = MailingVersion.Language(version.language).label, version.language
    found = [Finding(level, f"{label}: {text}", code) for level, text in _about_links(version)]
    files = list(mailing.attachments.filter(language=code))
    found += [Finding(level, f"{label}: {text}", code) for level, text in _about_pictures(version, files)]
    weight = mailing.attachments.filter(language__in=[code, ""]).weight()
    limit = _most_bytes(mailing)
    if weight > limit:
        text = _("the files weigh %(weight)s, and mail services take letters of at most %(limit)s.")
        sizes = {"weight": filesizeformat(weight), "limit": filesizeformat(limit)}
        found.append(Finding("error", f"{label}: {text % sizes}", code, _files_url(mailing, code)))
    if any(finding.level == "error" for finding in found):
        return found
    return [*found, *_about_whole(version, label)]


def _most_bytes(mailing: Mailing) -> int:
    """What most mail services take, or less where our own server said so when it was last spoken to."""
    own = account_of(mailing).max_size
    return min(settings.LETTER_MAX_BYTES, own) if own else settings.LETTER_MAX_BYTES


def _about_links(version: MailingVersion) -> list[tuple[str, str]]:
    found = []
    if _PERSONAL.search(version.body):
        text = _("a link that belongs to one person stands in the text: everybody could act in that name. Remove it.")
        found.append(("error", text))
    for href, words in _LINK.findall(version.body):
        # What is no address at all was taken out when the text was saved; the words of the link tell which it was.
        if not _PERSONAL.search(href) and not _is_whole(unescape(href)):
            text = _("the link “%(link)s” leads nowhere. Correct it.")
            found.append(("error", text % {"link": unescape(href or words)[:80]}))
    return found


def _is_whole(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path.strip("@")
    if parts.scheme == "tel":
        return sum(map(str.isdigit, parts.path)) >= 5
    return parts.scheme in {"http", "https"} and bool(_HOST.match(parts.hostname or ""))


def _about_pictures(version: MailingVersion, files: list[Attachment]) -> list[tuple[str, str]]:
    there = {str(file.pk) for file in files if file.use == Attachment.Use.PICTURE}
    named = pictures_named(version.body)
    found = []
    if set(named) - there:
        found.append(
            ("error", _("a picture of the text is not there any more. Put it in anew, or take its place out."))
        )
    if any(not _ALT.search(tag) for tag in _IMG.findall(version.body)):
        found.append(("error", _("a picture has no description. Say in a few words what it shows.")))
    if idle := there - set(named):
        text = ngettext(
            "%(count)s picture was added and is not in the text: readers do not get it.",
            "%(count)s pictures were added and are not in the text: readers do not get them.",
            len(idle),
        )
        found.append(("warning", text % {"count": len(idle)}))
    return found


def _about_whole(version: MailingVersion, label: str) -> list[Finding]:
    """The letter built as it will leave: what is asked of it is asked of the real thing."""
    message = sample(version, with_files=False)
    size = len(message.html.encode())
    if size > MAX_HTML:
        text = _("%(language)s: the letter is %(size)s long; mail services cut it at %(limit)s. Shorten the text.")
        sizes = {"language": label, "size": filesizeformat(size), "limit": filesizeformat(MAX_HTML)}
        return [Finding("error", text % sizes, version.language)]
    if "/u/" not in message.html or "List-Unsubscribe" not in message.headers:
        return [Finding("error", _("%(language)s: the letter has no way to unsubscribe.") % {"language": label})]
    return []


def _about_embargo(mailing: Mailing) -> list[Finding]:
    if mailing.embargo_until is None or mailing.embargo_until > timezone.now():
        return []
    text = _("The embargo is over since %(moment)s. Set another time, or take it out.")
    moment = date_format(timezone.localtime(mailing.embargo_until), "DATETIME_FORMAT")
    return [Finding("error", text % {"moment": moment}, url=_form_url(mailing))]


def _about_signatories(mailing: Mailing) -> list[Finding]:
    silent = [one.name for one in mailing.signatories.all() if not one.has_agreed]
    if not silent:
        return []
    text = ngettext(
        "%(count)s signatory has not said yes: %(names)s.",
        "%(count)s signatories have not said yes: %(names)s.",
        len(silent),
    )
    return [Finding("warning", text % {"count": len(silent), "names": ", ".join(silent)}, url=_form_url(mailing))]


def _about_number(mailing: Mailing) -> list[Finding]:
    """An official letter is registered, and says to whom it is written."""
    if mailing.kind != Mailing.Kind.OFFICIAL:
        return []
    found = []
    if not mailing.number:
        found.append(
            Finding("error", _("An official letter has an outgoing number. Give it one."), url=_form_url(mailing))
        )
    addressed = {frame.language for frame in mailing.frames.all() if frame.addressee}
    for version in mailing.versions.all():
        if version.is_ready and version.language not in addressed:
            label = MailingVersion.Language(version.language).label
            text = _("%(language)s: nobody is named to whom the letter is written.") % {"language": label}
            found.append(Finding("warning", text, url=_form_url(mailing)))
    return found


def _form_url(mailing: Mailing) -> str:
    return reverse("mailings:mailing-update", args=[mailing.pk])


def _files_url(mailing: Mailing, language: str) -> str:
    return reverse("mailings:mailing-files", args=[mailing.pk, language])
