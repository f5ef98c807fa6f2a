"""Why two names or records are of one person or not, as codes that say themselves in words."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reason(Enum):
    """`str` is the sentence for a person, in their language."""

    SAME = "same"
    SPELLED = "spelled"
    REFORMED = "reformed"
    INITIAL = "initial"
    SHORT = "short"
    COURTESY = "courtesy"
    DATIVE = "dative"
    SLIPPED = "slipped"
    LOST = "lost"
    PART = "part"
    ORDER = "order"
    OTHER_GENDER = "other-gender"
    OTHER_FATHER = "other-father"
    OTHER_GIVEN = "other-given"
    OTHER_SURNAME = "other-surname"
    OTHER = "other"
    NO_NAME = "no-name"
    SAME_ADDRESS = "same-address"
    SAME_PHONE = "same-phone"
    SAME_PLACE = "same-place"
    NO_OTHER = "no-other"

    @property
    def text(self) -> Promise:
        return _WORDS[self]

    def __str__(self) -> str:
        return str(self.text)


_WORDS = {
    Reason.SAME: _("the same name"),
    Reason.SPELLED: _("the same name in another spelling"),
    Reason.REFORMED: _("the surname has another ending"),
    Reason.INITIAL: _("an initial stands for the given name"),
    Reason.SHORT: _("a short form of the given name"),
    Reason.COURTESY: _("the given name with and without -ҷон"),
    Reason.DATIVE: _("the given name is in the dative"),
    Reason.SLIPPED: _("two letters changed places"),
    Reason.LOST: _("letters were lost in the file"),
    Reason.PART: _("one name is a part of the other"),
    Reason.ORDER: _("which of the words is the surname is not sure"),
    Reason.OTHER_GENDER: pgettext_lazy("duplicates", "a woman and a man"),
    Reason.OTHER_FATHER: _("different patronymics"),
    Reason.OTHER_GIVEN: _("different given names"),
    Reason.OTHER_SURNAME: _("different surnames"),
    Reason.OTHER: _("different names"),
    Reason.NO_NAME: _("there is no name"),
    Reason.SAME_ADDRESS: _("the same address"),
    Reason.SAME_PHONE: _("the same telephone"),
    Reason.SAME_PLACE: _("the same organisation"),
    Reason.NO_OTHER: _("one row has the name alone, and nobody else is called so"),
}
