import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0007_what_the_list_reads_is_indexed"),
    ]

    operations = [
        migrations.AddField(
            model_name='touch',
            name='made_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
    ]
