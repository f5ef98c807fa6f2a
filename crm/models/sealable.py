"""Texts about a contact that are kept as the contact is kept."""

from django.db import models
from django.db.models import Q

from core.fields import SealedField
from core.sealing import seal, unseal


class SealableText(models.Model):
    """A row with `contact` and a free text: readable, or sealed with its contact, never both."""

    text = models.TextField(blank=True)
    sealed_text = SealedField()

    class Meta:
        abstract = True

    def keep(self, text: str) -> None:
        """Set the text, sealed where the contact is. The caller saves."""
        is_sealed = self.contact is not None and self.contact.is_sealed
        self.text = "" if is_sealed else text
        self.sealed_text = seal(text) if is_sealed and text else ""

    def reveal(self) -> str:
        """The text, sealed or not. Who shows a sealed one to a person writes that down: crm.actions.sealing."""
        return unseal(self.sealed_text) if self.sealed_text else self.text


def never_both(label: str) -> models.CheckConstraint:
    """The constraint on a SealableText's columns."""
    return models.CheckConstraint(condition=Q(text="") | Q(sealed_text=""), name=f"crm_{label}_plain_or_sealed")
