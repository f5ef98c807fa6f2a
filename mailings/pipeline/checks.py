"""What to know about a mailing before it leaves. Errors stop it; warnings a person may overrule. Writes nothing."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.criteria import RESTRICTED
from crm.models import PersonName, Wording

from ..merge_fields import speaks_to_reader, unknown_fields, without_default
from ..models import Mailing, MailingVersion
from ..states import Reason
from .audience import Audience


@dataclass(frozen=True)
class Finding:
    level: str  # "error", "warning" or "ok"
    text: str
    language: str = ""
    # Where it can be mended, if not in the text of the language.
    url: str = ""


def check(mailing: Mailing, audience: Audience) -> list[Finding]:
    """Findings, errors first."""
    found = [
        *_about_versions(mailing, audience),
        *_about_rule(mailing),
        *_about_audience(audience),
        *_about_addresses(mailing, audience),
    ]
    if not any(finding.level == "error" for finding in found):
        found.append(Finding("ok", _("Every letter has one-click unsubscribe and a text part.")))
    order = {"error": 0, "warning": 1, "ok": 2}
    return sorted(found, key=lambda finding: order[finding.level])


def has_errors(findings: list[Finding]) -> bool:
    return any(finding.level == "error" for finding in findings)


def _about_versions(mailing: Mailing, audience: Audience) -> list[Finding]:
    versions = {version.language: version for version in mailing.versions.all()}
    if not any(version.is_ready for version in versions.values()):
        return [Finding("error", _("There is no text yet: write a subject and a body in at least one language."))]
    found = []
    for code, label in MailingVersion.Language.choices:
        version = versions.get(code)
        if version and version.is_ready:
            found += _about_text(version, label)
        elif version and not version.is_empty:
            found.append(
                Finding("error", _("%(language)s: the subject or the text is missing.") % {"language": label}, code)
            )
        else:
            found.append(
                Finding(
                    "warning",
                    _("%(language)s: no text, readers get another of their languages.") % {"language": label},
                    code,
                )
            )
    return found


def _about_text(version: MailingVersion, label: str) -> list[Finding]:
    words = f"{version.subject}\n{version.body}"
    found = [
        Finding(
            "error",
            _("%(language)s: there is no field %(field)s.") % {"language": label, "field": field},
            version.language,
        )
        for field in unknown_fields(words)
    ]
    if without_default(words):
        found.append(
            Finding(
                "warning",
                _("%(language)s: a field has no default, so it stays empty where we do not know the name.")
                % {"language": label},
                version.language,
            )
        )
    return found or [
        Finding("ok", _("%(language)s: subject and text are there.") % {"language": label}, version.language)
    ]


def _about_rule(mailing: Mailing) -> list[Finding]:
    """Nobody fits what is gone, and nobody is kept out by it: the audience is not the one that was meant."""
    text = _("The audience names something that is not there any more (%(what)s). Choose the audience again.")
    gone = Wording([mailing.audience], sees_restricted=True).gone(mailing.audience)
    return [Finding("error", text % {"what": part.label}) for part in gone]


def _about_audience(audience: Audience) -> list[Finding]:
    if not audience.recipients:
        return [Finding("error", _("Nobody would get this letter. Change the audience."))]
    lost = dict(audience.by_reason()).get(Reason.NO_VERSION, 0)
    if not lost:
        return []
    text = ngettext(
        "%(count)s person reads none of the languages of this mailing and is left out.",
        "%(count)s people read none of the languages of this mailing and are left out.",
        lost,
    )
    return [Finding("warning", text % {"count": lost})]


def _about_addresses(mailing: Mailing, audience: Audience) -> list[Finding]:
    """Forms of address that nobody has looked at, of those who will read one."""
    found = []
    labels = dict(MailingVersion.Language.choices)
    for version in mailing.versions.all():
        if not (version.is_ready and speaks_to_reader(f"{version.subject}\n{version.body}")):
            continue
        looked_at = PersonName.objects.filter(language=version.language, address_checked_at__isnull=False)
        checked = set(looked_at.values_list("contact", flat=True))
        readers = (one for one in audience.recipients if one.language == version.language)
        count = sum(one.contact_id not in checked for one in readers)
        if count:
            text = ngettext(
                "%(language)s: nobody has checked %(count)s form of address.",
                "%(language)s: nobody has checked %(count)s forms of address.",
                count,
            )
            words = text % {"language": labels[version.language], "count": count}
            found.append(Finding("warning", words, url=_addresses_url(mailing, version.language)))
    return found


def _addresses_url(mailing: Mailing, language: str) -> str:
    """The page where they are looked through, for the people of this mailing's rule."""
    rule = {name: values for name, values in mailing.audience.items() if values and name != RESTRICTED}
    return f"{reverse('crm:address-list')}?{urlencode([('in', language), *rule.items()], doseq=True)}"
