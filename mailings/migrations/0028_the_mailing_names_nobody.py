from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mailings', '0027_who_was_approved_apart'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='mailing',
            name='approved_recipients',
        ),
    ]
