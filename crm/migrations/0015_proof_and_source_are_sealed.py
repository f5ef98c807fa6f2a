from django.db import migrations, models

import core.fields
from core.sealing import seal, unseal

TEXTS = ["basis_proof", "source"]


def seal_texts(apps, schema_editor):
    for contact in apps.get_model("crm", "Contact").objects.filter(sensitivity="sealed").iterator():
        for name in TEXTS:
            text = getattr(contact, name)
            setattr(contact, f"sealed_{name}", seal(text) if text else "")
            setattr(contact, name, "")
        contact.save(update_fields=[*TEXTS, *(f"sealed_{name}" for name in TEXTS)])


def open_texts(apps, schema_editor):
    for contact in apps.get_model("crm", "Contact").objects.filter(sensitivity="sealed").iterator():
        for name in TEXTS:
            token = getattr(contact, f"sealed_{name}")
            setattr(contact, name, unseal(token) if token else "")
        contact.save(update_fields=TEXTS)


def plain_or_sealed(name):
    return migrations.AddConstraint(
        model_name="contact",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(**{name: "", "sensitivity": "sealed"}),
                models.Q(models.Q(("sensitivity", "sealed"), _negated=True), (f"sealed_{name}", "")),
                _connector="OR",
            ),
            name=f"crm_contact_{name}_plain_or_sealed",
        ),
    )


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0014_the_order_of_the_list"),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='sealed_basis_proof',
            field=core.fields.SealedField(blank=True, default='', editable=False),
        ),
        migrations.AddField(
            model_name='contact',
            name='sealed_source',
            field=core.fields.SealedField(blank=True, default='', editable=False),
        ),
        migrations.RunPython(seal_texts, open_texts),
        *map(plain_or_sealed, TEXTS),
    ]
