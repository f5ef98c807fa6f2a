from django.db import migrations, models

from core.text import sort_key


def put_in_order(apps, schema_editor):
    model = apps.get_model("crm", "Organisation")
    organisations = list(model.objects.only("pk", "name"))
    for organisation in organisations:
        organisation.sort_key = sort_key(organisation.name)[:400]
    model.objects.bulk_update(organisations, ["sort_key"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0012_steps'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='organisation',
            options={'ordering': ['sort_key', 'pk'], 'verbose_name': 'organisation', 'verbose_name_plural': 'organisations'},
        ),
        migrations.AddField(
            model_name='organisation',
            name='sort_key',
            field=models.CharField(db_index=True, default='', editable=False, max_length=400),
        ),
        migrations.RunPython(put_in_order, migrations.RunPython.noop, elidable=True),
    ]
