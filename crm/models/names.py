"""What a person is called: in each language, formerly, and when spoken to."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..salutations import read_name, suggest
from .contact import LANGUAGE_CODES, Contact

# Whose names serve in which language where it has none of its own: the script is the same.
_BORROWED = {"ru": "tg", "tg": "ru"}


class PersonName(models.Model):
    """The name in the script of one language, and how a letter in it speaks to the person.

    `address` is what somebody wrote; without it a letter uses what crm.salutations suggests. `address_checked_at`
    says that a person has looked at it, whichever it is.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=2)
    surname = models.CharField(_("surname"), max_length=100, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    address = models.CharField(_("form of address"), max_length=200, blank=True)
    address_checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("name in a language")
        verbose_name_plural = _("names in languages")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "language"], name="crm_name_once_per_language"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGE_CODES), name="crm_name_language"),
            models.CheckConstraint(
                condition=~Q(surname="", given_name="", patronymic="", address=""), name="crm_name_says_something"
            ),
        ]

    def __str__(self):
        return " ".join(filter(None, [self.surname, self.given_name, self.patronymic]))


class FormerSurname(models.Model):
    """A surname from before a marriage or the reform of names; search finds the person by it."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="former_surnames")
    surname = models.CharField(_("former surname"), max_length=100)
    # The year, as 2016; nobody remembers the day.
    until = models.CharField(_("until"), max_length=4, blank=True)

    class Meta:
        verbose_name = _("former surname")
        verbose_name_plural = _("former surnames")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["contact", "surname"], name="crm_former_surname_once"),
            models.CheckConstraint(condition=~Q(surname=""), name="crm_former_surname_is_there"),
        ]

    def __str__(self):
        return self.surname


@dataclass(frozen=True)
class Salutation:
    """How a letter speaks to a contact. `is_sure`: nothing was guessed; `is_checked`: a person has looked at it."""

    text: str
    is_sure: bool
    is_checked: bool


Names = Mapping[str, PersonName]


def form_of_address(contact: Contact, language: str, names: Names | None = None) -> Salutation:
    """What somebody wrote, else what the names suggest. Reads `contact.names`, which a list prefetches, or `names`,
    by language, where they were read already."""
    names = _by_language(contact) if names is None else names
    own = names.get(language)
    is_checked = own is not None and own.address_checked_at is not None
    if own and own.address:
        return Salutation(own.address, True, is_checked)
    text, is_sure = suggested_address(contact, language, names)
    return Salutation(text, is_sure, is_checked)


def suggested_address(contact: Contact, language: str, names: Names | None = None) -> tuple[str, bool]:
    """The suggestion for a contact, whatever somebody wrote, and whether nothing in it was guessed."""
    names = _by_language(contact) if names is None else names
    own, borrowed = names.get(language), names.get(_BORROWED.get(language, ""))
    name = next((one for one in (own, borrowed) if one and (one.given_name or one.surname)), None)
    parts = (name.surname, name.given_name, name.patronymic) if name else _of_the_whole(contact, language)
    surname, given_name, patronymic = parts
    found = suggest(
        language,
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        gender=contact.gender,
        is_post=contact.is_post,
    )
    is_own = name is own if name else not surname
    return found.text, found.is_sure and is_own and _is_written(found.text, language)


def _by_language(contact: Contact) -> Names:
    return {name.language: name for name in contact.names.all()}


def _of_the_whole(contact: Contact, language: str) -> tuple[str, str, str]:
    """What the name as a whole tells: in Russian and Tajik more than in another script."""
    return read_name(contact.name if _is_written(contact.name, language) else "", contact.given_name)


def _is_written(text: str, language: str) -> bool:
    """Whether the name in it stands in the script of the language."""
    script = "LATIN" if language == "en" else "CYRILLIC"
    return all(_is_of(char, script) for char in set(text))


@lru_cache(maxsize=4096)
def _is_of(char: str, script: str) -> bool:
    """Whether it is a letter of the script, or no letter. Asked of each letter of a long list."""
    return not char.isalpha() or unicodedata.name(char, script).startswith(script)
