"""What a worker found when somebody asked: links that open, our domain, the spam score. Not asked is not “in order”."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _t
from django.utils.translation import ngettext

from ...models import Mailing, Probe
from .finding import Finding

# An answer about the world outside grows old though the text stays.
_KEPT = timedelta(hours=24)
# Above it SpamAssassin's own installation marks a letter; half of it is little to spare.
SPAM_AT, SPAM_NEAR = 5.0, 2.0

# What is no number that a server answered with.
_WHY = {
    "no answer": _t("no answer"),
    "no address": _t("this is no address"),
    "no public address": _t("it leads into a network of its own"),
}


def about_probes(mailing: Mailing) -> list[Finding]:
    """One query. What was asked of another text, or a day ago, is not told."""
    fingerprint, since = mailing.fingerprint(), timezone.now() - _KEPT
    found = []
    for probe in mailing.probes.filter(done_at__gte=since):
        if probe.kind == Probe.Kind.DOMAIN or probe.fingerprint == fingerprint:
            found += _TOLD[probe.kind](probe.answer)
    return found


def _links(answer: dict) -> list[Finding]:
    if answer.get("unseen"):
        return [Finding("note", _("Links were not looked at: there is no way to the network from here."))]
    broken, count = answer.get("broken", []), answer.get("count", 0)
    text = _("The link does not open: %(address)s (%(why)s)")
    found = [Finding("warning", text % {"address": one[0], "why": _WHY.get(one[1], one[1])}) for one in broken]
    if count and not found:
        words = ngettext("%(count)s link opens.", "All %(count)s links open.", count)
        found.append(Finding("ok", words % {"count": count}))
    return found or [Finding("ok", _("There is no link in the text."))]


def _domain(answer: dict) -> list[Finding]:
    if answer.get("unseen"):
        return [Finding("note", _("SPF, DKIM and DMARC were not looked at: no name server answers from here."))]
    name = answer.get("domain", "")
    words = {"missing": _("%(record)s is missing for %(domain)s."), "weak": _("%(record)s of %(domain)s is too weak.")}
    found = []
    for record in ("SPF", "DKIM", "DMARC"):
        state = answer.get(record, "")
        if state in words:
            found.append(Finding("warning", words[state] % {"record": record, "domain": name}))
        elif state != "ok":
            text = _("%(record)s was not looked at.")
            if record == "DKIM" and state == "no_selector":
                text = _("%(record)s was not looked at: no selector says under which name its key is.")
            found.append(Finding("note", text % {"record": record}))
    return found or [Finding("ok", _("SPF, DKIM and DMARC are in order."))]


def _spam(answer: dict) -> list[Finding]:
    if answer.get("unseen"):
        return [Finding("note", _("The spam score was not looked at: SpamAssassin is not installed here."))]
    found = []
    for language, score in sorted(answer.get("scores", {}).items()):
        text = _("Spam score of SpamAssassin: %(score)s.") % {"score": score}
        level = "error" if score >= SPAM_AT else "warning" if score >= SPAM_NEAR else "ok"
        found.append(Finding(level, text, language))
    return found


_TOLD = {Probe.Kind.LINKS: _links, Probe.Kind.DOMAIN: _domain, Probe.Kind.SPAM: _spam}
