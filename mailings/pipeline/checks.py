"""What to know about a mailing before it leaves. Errors stop it; warnings a person may overrule. Writes nothing."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Wording

from ..merge_fields import unknown_fields, without_default
from ..models import Mailing, MailingVersion
from ..states import Reason
from .audience import Audience


@dataclass(frozen=True)
class Finding:
    level: str  # "error", "warning" or "ok"
    text: str
    language: str = ""


def check(mailing: Mailing, audience: Audience) -> list[Finding]:
    """Findings, errors first."""
    found = [*_about_versions(mailing, audience), *_about_rule(mailing), *_about_audience(audience)]
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
