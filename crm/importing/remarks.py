"""What the reading of a row tells a person: a code and a value, put into words when shown, in the reader's language."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: dict[str, Promise] = {
    "no-name": _("Refused: the row names neither a person nor an organisation."),
    "only-organisation": _("Refused: only an organisation is named, with no person, e-mail or telephone."),
    "bad-email": _("«%(value)s» could not be read as an e-mail address; kept in the note."),
    "repaired-email": _("The e-mail was typed as «%(value)s»; repaired."),
    "odd-email": _("The address %(value)s looks mistyped; check it."),
    "bad-phone": _("«%(value)s» could not be read as a telephone number; kept in the note."),
    "city-phone": _("Dushanbe code added: %(value)s."),
    "letter-zero": _("A letter О stood for a zero in «%(value)s»; repaired."),
    "bad-language": _("Language not recognised: «%(value)s»; kept in the note."),
    "bad-kind": _("Who this is was not recognised: «%(value)s»; kept in the note."),
    "no-address": _("No address: will not get letters."),
    "do-not-write": _("The list says «%(value)s». Decide whether to do what it asks for."),
    "named-by-organisation": _("No person is named; the contact is called by its organisation."),
    "organisation-from-above": _("Organisation taken from row %(value)s above."),
    "legacy-letters": _("Letters of an old Tajik font repaired: «%(value)s»."),
    "lost-letters": _("Letters were lost when the file was saved: «%(value)s». Import the list as .xlsx instead."),
    "swapped-names": _("Name and surname seem to stand in each other's column: «%(value)s»."),
    "dative": _("The list is addressed to «%(value)s»; the name is kept as it is called."),
    "hidden-row": _("The row is hidden in the file; it was read as well."),
    "shortened": _("Too long; the full text is kept in the note: «%(value)s»."),
    "same-in-file": _("The same person as in row %(value)s."),
    "shared-mailbox": _("The same e-mail as %(value)s, but another name: two contacts."),
    "other-name": _("The contact is called «%(value)s»; that name stays."),
    "other-city": _("The list says another city, «%(value)s»; the contact's city stays."),
    "other-title": _("The list says another position, «%(value)s»; the contact's position stays."),
    "sealed": _("Sealed: an import changes nothing here."),
    "remembered": _("%(value)s: what its owner asked for earlier holds again."),
    "on-stop-list": _("%(value)s is on the stop list and stays there."),
    "unnamed": _("Refused: the row names no organisation."),
    "not-to-be-used": _("Refused: “%(value)s” cannot be used. Ask the head."),
    "of-another": _("Refused: “%(value)s” is kept with another organisation. Merge the two, or take it out there."),
    "not-valid": _("Refused: %(value)s"),
    "unread-value": _("“%(value)s” was not recognised; kept in the note."),
    "unknown-parent": _("There is no organisation “%(value)s” that it could be a part of; kept in the note."),
    "other-value": _("The list says “%(value)s”; what is here stays."),
    "called-now": _("It is called “%(value)s” here; that name stays."),
}

# Said for information: nothing here asks anybody to check anything.
QUIET = {
    "repaired-email",
    "city-phone",
    "letter-zero",
    "dative",
    "organisation-from-above",
    "legacy-letters",
    "same-in-file",
    "named-by-organisation",
    "other-name",
    "called-now",
}


@dataclass(frozen=True, slots=True)
class Remark:
    code: str
    value: str = ""

    @property
    def text(self) -> str:
        return str(TEXTS[self.code]) % {"value": self.value}

    @property
    def is_quiet(self) -> bool:
        return self.code in QUIET

    def stored(self) -> list[str]:
        """The form kept in ImportRow.remarks."""
        return [self.code, self.value]


def restored(stored: list[list[str]]) -> list[Remark]:
    """Remarks from what ImportRow.remarks keeps; one whose code is no longer known is passed over."""
    return [Remark(code, value) for code, value in stored if code in TEXTS]
