"""Do the language versions say the same, and is no translation older than its source?"""

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...models import Attachment, Mailing, MailingVersion
from ...parity import Difference, Facts, Kind, compare, facts
from ..audience import Audience
from .finding import Finding

IN = {"ru": gettext_lazy("in Russian"), "tg": gettext_lazy("in Tajik"), "en": gettext_lazy("in English")}
WHAT = {
    Kind.NUMBER: gettext_lazy("Numbers differ"),
    Kind.MONEY: gettext_lazy("Sums of money differ"),
    Kind.DATE: gettext_lazy("Dates differ"),
    Kind.TIME: gettext_lazy("Times differ"),
    Kind.PHONE: gettext_lazy("Telephone numbers differ"),
    Kind.NAME: gettext_lazy("Names differ"),
    Kind.LINK: gettext_lazy("Links differ"),
    Kind.PICTURE: gettext_lazy("Not as many pictures"),
    Kind.HEADING: gettext_lazy("Not as many headings"),
    Kind.PARAGRAPH: gettext_lazy("Not as many paragraphs"),
    Kind.FILE: gettext_lazy("Not as many attached files"),
}
# More of one kind are counted, not listed.
_LISTED = 4


def about_parity(mailing: Mailing) -> list[Finding]:
    """What differs between the source and each translation, one finding for each kind of thing."""
    source = _source(mailing)
    if source is None:
        return []
    attached = Counter(mailing.attachments.filter(use=Attachment.Use.FILE).values_list("language", flat=True))
    translations = [version for version in mailing.versions.all() if version.is_ready and version != source]
    found = []
    for version in translations:
        differences = compare(_facts(source, attached), _facts(version, attached))
        found += [_finding(mailing, source, version, difference) for difference in differences]
        if version.is_stale(source):
            found.append(Finding("warning", stale_words(source, version), version.language))
    if translations and not found:
        found.append(Finding("ok", _("Numbers, dates, names and links are the same in all languages.")))
    return found


def about_missing(mailing: Mailing, audience: Audience) -> list[Finding]:
    """How many read another language of theirs because there is no text in their first one."""
    found = []
    for code, label in MailingVersion.Language.choices:
        if code in mailing.ready_languages:
            continue
        count = sum(one.first_language == code for one in audience.recipients)
        if count:
            text = ngettext(
                "%(language)s: no text, %(count)s reader gets another of their languages.",
                "%(language)s: no text, %(count)s readers get another of their languages.",
                count,
            )
            found.append(Finding("warning", text % {"language": label, "count": count}, code))
    return found


def missing_paragraphs(mailing: Mailing, version: MailingVersion) -> int:
    """How many paragraphs of the source a translation does not have."""
    source = _source(mailing)
    if source is None or source == version or not version.is_ready:
        return 0
    return max(_facts(source, Counter()).paragraphs - _facts(version, Counter()).paragraphs, 0)


def stale_words(source: MailingVersion, version: MailingVersion) -> str:
    words = {"language": version.get_language_display(), "source": source.get_language_display()}
    return _("%(language)s: older than %(source)s, which was changed since.") % words


def _source(mailing: Mailing) -> MailingVersion | None:
    """The version written first; the first one that is ready where that one is not."""
    ready = [version for version in mailing.versions.all() if version.is_ready]
    return next((version for version in ready if version.language == mailing.source_language), next(iter(ready), None))


def _facts(version: MailingVersion, attached: Counter[str]) -> Facts:
    return facts(version.language, version.subject, version.body, files=attached[version.language])


def _finding(mailing: Mailing, source: MailingVersion, version: MailingVersion, difference: Difference) -> Finding:
    words = {
        "what": WHAT[difference.kind],
        "first": IN[source.language],
        "ours": _list(difference.source),
        "second": IN[version.language],
        "theirs": _list(difference.translation),
    }
    page = reverse("mailings:mailing-compose", args=[mailing.pk, version.language])
    text = _("%(what)s: %(first)s %(ours)s, %(second)s %(theirs)s.") % words
    return Finding("warning", text, url=f"{page}?at={difference.block}")


def _list(values: tuple[str, ...]) -> str:
    if not values:
        return _("none of these")
    rest = len(values) - _LISTED
    listed = ", ".join(values[:_LISTED])
    return _("%(listed)s and %(count)s more") % {"listed": listed, "count": rest} if rest > 0 else listed
