"""Are the words there, and do their fields mean something?"""

from django.utils.translation import gettext as _

from ...merge_fields import unknown_fields, without_default
from ...models import Mailing, MailingVersion
from ..audience import Audience
from .finding import Finding


def about_versions(mailing: Mailing, audience: Audience) -> list[Finding]:
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
