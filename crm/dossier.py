"""Everything known about one person, as a file for that person: one readable page that needs nothing else.

The rooms above add what they hold: `register(section)`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import css_inline
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from core import phones

from .models import Contact, ImportRow, Suppression


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it: each thing with its word. `is_ours` is what we noted, not what was given."""

    title: str
    facts: list[tuple[str, str]]
    is_ours: bool = False


Source = Callable[[Contact], Section]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """`source(contact)` says in the language that is active what a room keeps about a contact, sealed texts opened."""
    _sources.append(source)
    return source


def write(contact: Contact, *, notes: bool) -> bytes:
    """The page in the language the person reads first, with or without what we noted. Raises CannotUnseal."""
    with translation.override(contact.language_codes[0]):
        found = (source(contact) for source in _sources)
        sections = [section for section in found if section.facts and (notes or not section.is_ours)]
        page = render_to_string("crm/dossier.html", {"contact": contact, "sections": sections, "at": timezone.now()})
    # No sheet of styles beside the page and none in it: the file needs nothing from us.
    inliner = css_inline.CSSInliner(
        extra_css=Path(finders.find("css/dossier.css")).read_text(), load_remote_stylesheets=False
    )
    return inliner.inline(page).encode()


def day(value: object) -> str:
    """A moment or a day in words; nothing where there is none."""
    if not value:
        return ""
    value = timezone.localtime(value) if hasattr(value, "hour") else value
    return formats.date_format(value, "DATE_FORMAT")


def _filled(*facts: tuple[str, object]) -> list[tuple[str, str]]:
    return [(str(word), str(value)) for word, value in facts if value]


@register
def _person(contact: Contact) -> Section:
    languages = dict(settings.LANGUAGES)
    birthday = f"{contact.birth_day:02}.{contact.birth_month:02}" if contact.birth_day else ""
    facts = _filled(
        (_("Full name"), contact.name),
        (_("Given name"), contact.given_name),
        (_("Woman or man"), contact.get_gender_display()),
        (_("Who"), contact.get_kind_display()),
        (_("Languages"), ", ".join(str(languages[code]) for code in contact.language_codes)),
        (_("City"), contact.city),
        (_("Region"), contact.get_region_display()),
        (_("Birthday"), birthday),
        (_("Topics"), ", ".join(map(str, contact.topics.all()))),
        (_("Tags"), ", ".join(map(str, contact.tags.all()))),
        (_("Photo"), contact.photo and _("kept")),
        (_("How carefully kept"), contact.get_sensitivity_display()),
        (_("Who keeps in touch"), contact.owner and contact.owner.name),
        (_("Added"), day(contact.created_at)),
        (_("Changed"), day(contact.changed_at)),
        (_("In the archive since"), day(contact.archived_at)),
    )
    return Section(_("Person"), facts)


@register
def _names(contact: Contact) -> Section:
    languages = dict(settings.LANGUAGES)
    facts = [(str(languages[name.language]), _dotted(str(name), name.address)) for name in contact.names.all()]
    facts += [(_("Former surname"), _dotted(old.surname, old.until)) for old in contact.former_surnames.all()]
    return Section(_("Names"), facts)


@register
def _ways(contact: Contact) -> Section:
    facts = [(_("E-mail"), _dotted(email.reveal(), _retired(email))) for email in contact.emails.all()]
    facts += [
        (_("Telephone"), _dotted(phones.display(phone.reveal()), phone.messenger_names, _retired(phone)))
        for phone in contact.phones.all()
    ]
    facts += [(row.get_field_display(), _dotted(row.reveal(), _("cannot be read"))) for row in contact.unread.all()]
    facts += _filled(
        (_("Postal address"), contact.reveal()["postal_address"]),
        (_("Best reached by"), contact.get_preferred_way_display()),
    )
    return Section(_("Ways to reach"), facts)


def _retired(way: object) -> str:
    return _("not used since %(day)s") % {"day": day(way.retired_on)} if way.retired_on else ""


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, parts))


@register
def _work(contact: Contact) -> Section:
    return Section(
        _("Work"),
        [
            (
                position.organisation.name,
                _dotted(position.title, "–".join([position.started_on, position.ended_on]).strip("–")),
            )
            for position in contact.positions.select_related("organisation")
        ],
    )


@register
def _basis(contact: Contact) -> Section:
    texts = contact.reveal()
    facts = _filled(
        (_("Basis for writing"), contact.get_basis_display()),
        (_("Since"), day(contact.basis_on)),
        (_("Proof"), texts["basis_proof"]),
        (_("Where the contact comes from"), texts["source"]),
    )
    rows = ImportRow.objects.filter(contact=contact).select_related("batch")
    facts += [(_("Imported from a list"), _dotted(row.batch.filename, day(row.batch.committed_at))) for row in rows]
    return Section(_("Why and where from"), facts)


@register
def _stops(contact: Contact) -> Section:
    """What the person does not want, and addresses we must not mail."""
    facts = [
        (_("Stop rule: %(what)s") % {"what": rule.words}, _dotted(day(rule.set_at), _until(rule), rule.reveal()))
        for rule in contact.stop_rules.select_related("topic")
    ]
    read = {email.key: email.reveal() for email in contact.emails.all()}
    facts += [
        (_("Stop list"), _dotted(read[entry.key], entry.get_reason_display(), day(entry.at)))
        for entry in Suppression.objects.filter(key__in=read)
    ]
    return Section(_("What we must not send"), facts)


def _until(rule: object) -> str:
    if rule.lifted_at:
        return _("lifted on %(day)s") % {"day": day(rule.lifted_at)}
    return _("until %(day)s") % {"day": day(rule.until_on)} if rule.until_on else ""


@register
def _notes(contact: Contact) -> Section:
    return Section(_("What we noted"), list(_noted(contact)), is_ours=True)


def _noted(contact: Contact) -> Iterator[tuple[str, str]]:
    if note := contact.reveal()["note"]:
        yield _("Note"), note
    for touch in contact.touches.all():
        yield f"{day(touch.at)}, {touch.get_kind_display()}", touch.reveal()
    for reminder in contact.follow_ups.all():
        yield ", ".join([day(reminder.due_on), _("Reminder")]), reminder.reveal()


@register
def _merges(contact: Contact) -> Section:
    facts = [(day(merge.at), merge.dropped_name) for merge in contact.merges.filter(undone_at=None)]
    return Section(_("Cards put together with this one"), facts)
