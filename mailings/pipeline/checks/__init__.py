"""What to know about a mailing before it leaves. Errors stop it; warnings a person may overrule. Writes nothing."""

from django.utils.translation import gettext as _

from ...models import Mailing
from ..audience import Audience
from .asked import about_probes
from .audience import about_addresses, about_audience, about_rule
from .finding import Finding
from .letter import about_letter
from .moment import about_comments, about_time, clashes
from .parity import about_missing, about_parity, missing_paragraphs
from .texts import about_versions

__all__ = ["Finding", "check", "clashes", "has_errors", "missing_paragraphs"]


def check(mailing: Mailing, audience: Audience) -> list[Finding]:
    """Findings, errors first."""
    found = [
        *about_versions(mailing, audience),
        *about_parity(mailing),
        *about_missing(mailing, audience),
        *about_rule(mailing),
        *about_audience(audience),
        *about_addresses(mailing, audience),
        *about_time(mailing),
        *about_comments(mailing),
        *about_probes(mailing),
        *about_letter(mailing),
    ]
    if not any(finding.level == "error" for finding in found):
        found.append(Finding("ok", _("Every letter has one-click unsubscribe and a text part.")))
    order = {"error": 0, "warning": 1, "note": 2, "ok": 3}
    return sorted(found, key=lambda finding: order[finding.level])


def has_errors(findings: list[Finding]) -> bool:
    return any(finding.level == "error" for finding in findings)
