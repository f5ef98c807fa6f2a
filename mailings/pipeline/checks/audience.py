"""Is it whom it should be, and are they spoken to as somebody has looked at?"""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.criteria import RESTRICTED
from crm.models import PersonName, Wording

from ...merge_fields import speaks_to_reader
from ...models import Mailing, MailingVersion
from ...models.rules import OURS
from ...models.wording import gone
from ...states import Reason
from ..audience import Audience
from .finding import Finding

# Below it a rule that leaves out half says nothing.
_MANY = 10
_SHARED = frozenset({"info", "mail", "office", "editor", "redaction", "redakcia", "news", "contact", "press", "admin"})


def about_rule(mailing: Mailing) -> list[Finding]:
    """Nobody fits what is gone, and nobody is kept out by it: the audience is not the one that was meant."""
    text = _("The audience names something that is not there any more (%(what)s). Choose the audience again.")
    missing = [*Wording([mailing.audience], sees_restricted=True).gone(mailing.audience), *gone(mailing.audience)]
    return [Finding("error", text % {"what": part.label}) for part in missing]


def about_audience(audience: Audience) -> list[Finding]:
    if not audience.recipients:
        return [Finding("error", _("Nobody would get this letter. Change the audience."))]
    return [*_without_version(audience), *_oddities(audience)]


def _without_version(audience: Audience) -> list[Finding]:
    counts, found = dict(audience.by_reason()), []
    if lost := counts.get(Reason.NO_VERSION, 0):
        text = ngettext(
            "%(count)s person reads none of the languages of this mailing and is left out.",
            "%(count)s people read none of the languages of this mailing and are left out.",
            lost,
        )
        found.append(Finding("warning", text % {"count": lost}))
    if waiting := counts.get(Reason.NO_FIRST_VERSION, 0):
        text = ngettext(
            "%(count)s person is left out: there is no text in their first language.",
            "%(count)s people are left out: there is no text in their first language.",
            waiting,
        )
        found.append(Finding("warning", text % {"count": waiting}))
    return found


def _oddities(audience: Audience) -> list[Finding]:
    """An audience that looks like a mistake: most of it left out, or full of mailboxes that belong to nobody."""
    found = []
    left_out, chosen = len(audience.left_out), audience.chosen
    if chosen >= _MANY and left_out > chosen / 2:
        text = _("More than half of those the rule chooses are left out: %(count)s of %(all)s. Look why.")
        found.append(Finding("warning", text % {"count": left_out, "all": chosen}))
    shared = sum(recipient.address.partition("@")[0].casefold() in _SHARED for recipient in audience.recipients)
    if shared:
        text = ngettext(
            "%(count)s address is of an office, not of a person (info@, editor@).",
            "%(count)s addresses are of offices, not of people (info@, editor@).",
            shared,
        )
        found.append(Finding("note", text % {"count": shared}))
    return found


def about_addresses(mailing: Mailing, audience: Audience) -> list[Finding]:
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
    rule = {name: values for name, values in mailing.audience.items() if values and name not in {RESTRICTED, *OURS}}
    return f"{reverse('crm:address-list')}?{urlencode([('in', language), *rule.items()], doseq=True)}"
