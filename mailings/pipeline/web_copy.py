"""A version as the world reads it: the text of the letter, its merge fields at their defaults. Writes nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from core.html import sanitise
from core.signing import make_token
from crm.salutations import suggest

from ..layouts import PARTICULARS, WORDS
from ..merge_fields import fill, split
from ..models import Attachment, Mailing, MailingVersion
from .frame import WEB_COPY, default_hotline
from .render import day_in, with_pictures

# As many as a person reads in a minute.
_WORDS_A_MINUTE = 160


def is_embargoed(mailing: Mailing) -> bool:
    return mailing.embargo_until is not None and mailing.embargo_until > timezone.now()


def is_withdrawn(mailing: Mailing) -> bool:
    return mailing.withdrawn_at is not None


def copy_of(version: MailingVersion) -> dict[str, object]:
    """What the page shows. Nobody's data is in it: there is no recipient."""
    mailing, language = version.mailing, version.language
    nobody = {"address": suggest(language).text, "hotline": default_hotline(language)}
    files = list(mailing.attachments.filter(language=language))
    token = make_token(WEB_COPY, mailing.pk)
    sources = {str(one.pk): reverse("public:web-file", args=[token, one.pk]) for one in files}
    body = fill(split(with_pictures(sanitise(version.body), sources)), nobody, escape)
    words, has = WORDS[language], PARTICULARS[mailing.kind]
    around = mailing.frames.filter(language=language).first()
    return {
        "mailing": mailing,
        "version": version,
        "language": language,
        "words": words,
        "kind": words.kinds[mailing.kind],
        "day": day_in(language, mailing.dated),
        "minutes": max(1, round(len(body.split()) / _WORDS_A_MINUTE)),
        "subject": fill(split(version.subject), nobody),
        # Cleaned above, the defaults of its fields with it; what is put in is escaped.
        "body": SafeString(body),
        "contact": (around.contact if around and "contact" in has else "") or settings.MAIL_REPLY_TO,
        "about": around.about if around and "about" in has else "",
        "signatories": list(mailing.signatories.all()) if "signatories" in has else [],
        "hotline": nobody["hotline"],
        "materials": [one for one in files if one.use == Attachment.Use.FILE],
        "is_withdrawn": is_withdrawn(mailing),
        "corrections": [_named(one, language) for one in mailing.corrections.all() if _is_read(one)],
        "corrects": _named(mailing.corrects, language) if mailing.corrects and _is_read(mailing.corrects) else None,
    }


def _is_read(mailing: Mailing) -> bool:
    """Whether its web copy shows its text."""
    return mailing.is_frozen and bool(mailing.ready_languages) and not (is_embargoed(mailing) or is_withdrawn(mailing))


def _named(mailing: Mailing, language: str) -> dict[str, object]:
    """Another mailing as a link, in this language where it speaks it."""
    ready = {version.language: version for version in mailing.versions.all() if version.is_ready}
    version = ready.get(language) or next(iter(ready.values()))
    nobody = {"address": suggest(version.language).text}
    return {
        "subject": fill(split(version.subject), nobody),
        "language": version.language,
        "day": day_in(language, mailing.dated),
        "url": reverse("public:web-copy", args=[make_token(WEB_COPY, mailing.pk)]),
    }
