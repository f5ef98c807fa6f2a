"""What a person is called: in each language, formerly, and when spoken to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .contact import LANGUAGE_CODES, Contact


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
