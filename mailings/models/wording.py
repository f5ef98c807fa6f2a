"""Rules of audiences in the words of the screen."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from crm.models import Answer, Contact, Part, fits, why

from . import outcomes
from .mailing import Mailing
from .rules import NOT_MAILING, OURS, OUTCOME, PICK, RECENT, Rule, keys, of_crm, reached, set_aside

LABELS = {
    PICK: _("Added by hand"),
    OUTCOME: _("By an earlier mailing"),
    NOT_MAILING: _("Without those who got"),
    RECENT: _("Without those written to or called"),
}


@dataclass(frozen=True)
class Words:
    """Rows that a rule names, looked up once: two queries, or none."""

    titles: dict[int, str]
    people: dict[int, str]

    @classmethod
    def of(cls, rule: Rule, *, by: User | None) -> "Words":
        """`by` is who reads: people they may not know of are counted, not named."""
        named = {*keys(rule, NOT_MAILING), *(found[0] for found in map(outcomes.read, rule.get(OUTCOME, [])) if found)}
        titles = Mailing.objects.filter(pk__in=named).order_by().values_list("pk", "title") if named else []
        picked = keys(rule, PICK)
        seen = Contact.objects.visible_to(by).filter(pk__in=picked) if by and picked else Contact.objects.none()
        return cls(dict(titles), dict(seen.order_by("sort_key", "pk").values_list("pk", "name")))


def parts(rule: Rule, *, by: User) -> list[Part]:
    """What the rule says beside the criteria of crm."""
    words = Words.of(rule, by=by)
    return [_part(name, rule[name], words) for name in OURS if rule.get(name)]


def gone(rule: Rule) -> list[Part]:
    """Parts that name a mailing, or a way it can end, that is not there."""
    words = Words.of(rule, by=None)
    found = [_part(name, rule[name], words) for name in (OUTCOME, NOT_MAILING) if rule.get(name)]
    return [part for part in found if part.gone]


def answers(contact: Contact, rule: Rule, *, by: User) -> list[Answer]:
    """Why somebody is meant, or is not: the criteria of crm, then ours."""
    ours = [Answer(part, _fits(contact, part.name, rule), []) for part in parts(rule, by=by)]
    return why(contact, of_crm(rule), by=by) + ours


def for_journal(rule: Rule) -> dict[str, list[str]]:
    """Ours as they are kept: keys, codes and numbers, no names."""
    return {f"audience.{name}": rule[name] for name in OURS if rule.get(name)}


def days_label(days: int) -> str:
    return ngettext("within %(count)s day", "within %(count)s days", days) % {"count": days}


def _part(name: str, values: list[str], words: Words) -> Part:
    said = {value: _say(name, value, words) for value in values}
    missing = [] if name == PICK else [value for value, text in said.items() if text is None]
    no_more = pgettext("a value of a filter", "no longer there")
    shown = [text or no_more for text in said.values() if text or name != PICK]
    hidden = len(values) - len(shown)
    if hidden:
        more = ngettext("%(count)s more, not shown to you", "%(count)s more, not shown to you", hidden)
        shown.append(more % {"count": hidden})
    return Part(name, str(LABELS[name]), shown, missing)


def _say(name: str, value: str, words: Words) -> str | None:
    if name == RECENT:
        return days_label(int(value)) if value.isdecimal() else None
    if name == OUTCOME:
        found = outcomes.read(value)
        title = found and words.titles.get(found[0])
        return title and _t("“%(title)s”: %(outcome)s") % {"title": title, "outcome": found[1].label}
    rows = words.people if name == PICK else words.titles
    return rows.get(int(value)) if value.isdecimal() else None


def _fits(contact: Contact, name: str, rule: Rule) -> bool:
    if name == PICK:
        return contact.pk in keys(rule, PICK)
    if name == OUTCOME:
        return fits(contact, [reached(rule[OUTCOME])])[0]
    aside = set_aside({name: rule[name]})
    return not any(aside.against(contact.pk, email.key) for email in contact.emails.all())
