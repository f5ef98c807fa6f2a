"""How carefully a contact is kept."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sensitivity(TextChoices):
    """From the least to the most careful."""

    OPEN = "open", _("Open")
    INTERNAL = "internal", _("Internal")
    SEALED = "sealed", _("Sealed")
