"""What contacts are marked with: what they write about, and anything else."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.text import clean, fold


class LabelManager(models.Manager):
    def named(self, name: str):
        """The label of this name, in whatever spelling it folds to; made if there is none. Raises ValueError."""
        name = clean(name)[:60]
        if not any(map(str.isalnum, fold(name))):
            raise ValueError("a label has a name")
        return self.get_or_create(key=fold(name)[:120], defaults={"name": name})[0]


class Label(models.Model):
    name = models.CharField(_("name"), max_length=60)
    key = models.CharField(max_length=120, unique=True, editable=False)

    objects = LabelManager()

    class Meta:
        abstract = True
        ordering = ["key"]

    def __str__(self):
        return self.name

    def save(self, **options):
        self.key = fold(self.name)[:120]
        super().save(**options)


class Topic(Label):
    """What somebody writes about, and may want no letters about."""

    class Meta(Label.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [models.CheckConstraint(condition=~models.Q(key=""), name="crm_topic_has_a_name")]


class Tag(Label):
    """Any word people sort contacts by."""

    class Meta(Label.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [models.CheckConstraint(condition=~models.Q(key=""), name="crm_tag_has_a_name")]
