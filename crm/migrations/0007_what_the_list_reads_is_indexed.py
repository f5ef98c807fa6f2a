from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0006_contacts_as_they_are'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['kind', 'sensitivity', 'archived_at'], name='crm_contact_kinds'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['city'], name='crm_contact_cities'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['region'], name='crm_contact_regions'),
        ),
    ]
