import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0013_organisations_in_order'),
        ("mailings", "0010_erased_deliveries"),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='holder',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='letters_to_post', to='crm.contact'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='holder_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='who held the post'),
        ),
    ]
