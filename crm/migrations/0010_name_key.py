"""Every contact has the key of its name: two cards of one person are found by it."""

from django.db import migrations

import crm.models.name_key


class Migration(migrations.Migration):

    dependencies = [("crm", "0009_vcards_and_paper")]

    operations = [migrations.AddField("contact", "name_key", crm.models.name_key.NameKeyField())]
