"""How carefully a contact is kept."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Sensitivity(TextChoices):
    """From the least to the most careful."""

    OPEN = "open", pgettext_lazy("contact", "Open")
    INTERNAL = "internal", pgettext_lazy("contact", "Internal")
    SEALED = "sealed", pgettext_lazy("contact", "Sealed")
