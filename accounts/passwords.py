"""What a password must be, said in our own words: Django's know no Tajik and are clumsy in Russian."""

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class LongEnough(django.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return ngettext(
            "Too short: it needs at least %(count)s character.",
            "Too short: it needs at least %(count)s characters.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        return ngettext("At least %(count)s character.", "At least %(count)s characters.", self.min_length) % {
            "count": self.min_length
        }


class UnlikeThePerson(django.UserAttributeSimilarityValidator):
    """Not the name or the address of the account; Django would ask for names that ours does not have."""

    def __init__(self):
        super().__init__(user_attributes=("name", "email"))

    def get_error_message(self) -> str:
        return _("Too much like your name or address.")

    def get_help_text(self) -> str:
        return _("Not like your name and address.")


class NotCommon(django.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Everybody knows this password. Think of another.")

    def get_help_text(self) -> str:
        return _("Not from the list of common passwords.")
