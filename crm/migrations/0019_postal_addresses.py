from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    """Before this there was no way to keep one; going back loses those that were written since."""

    dependencies = [
        ("crm", "0018_search_and_cities_by_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="postal_address",
            field=models.TextField(blank=True, default="", max_length=300, verbose_name="postal address"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="contact",
            name="postal_address",
            field=models.TextField(blank=True, default="", max_length=300, verbose_name="postal address"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="contact",
            name="sealed_postal_address",
            field=core.fields.SealedField(blank=True, default="", editable=False),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("postal_address", ""), ("sensitivity", "sealed")),
                    models.Q(models.Q(("sensitivity", "sealed"), _negated=True), ("sealed_postal_address", "")),
                    _connector="OR",
                ),
                name="crm_contact_postal_address_plain_or_sealed",
            ),
        ),
    ]
