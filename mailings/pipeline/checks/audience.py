"""Is it whom it should be, and are they spoken to as somebody has looked at?"""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.criteria import RESTRICTED
from crm.models import PersonName, Wording

from ...merge_fields import speaks_to_reader
from ...models import Mailing, MailingVersion
from ...states import Reason
from ..audience import Audience
from .finding import Finding


def about_rule(mailing: Mailing) -> list[Finding]:
    """Nobody fits what is gone, and nobody is kept out by it: the audience is not the one that was meant."""
    text = _("The audience names something that is not there any more (%(what)s). Choose the audience again.")
    gone = Wording([mailing.audience], sees_restricted=True).gone(mailing.audience)
    return [Finding("error", text % {"what": part.label}) for part in gone]


def about_audience(audience: Audience) -> list[Finding]:
    if not audience.recipients:
        return [Finding("error", _("Nobody would get this letter. Change the audience."))]
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
    rule = {name: values for name, values in mailing.audience.items() if values and name != RESTRICTED}
    return f"{reverse('crm:address-list')}?{urlencode([('in', language), *rule.items()], doseq=True)}"
