from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0008_when_a_touch_was_written"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='export',
            name='crm_export_format',
        ),
        migrations.AlterField(
            model_name='export',
            name='format',
            field=models.CharField(choices=[('xlsx', 'Excel (.xlsx)'), ('csv', 'CSV (.csv)'), ('vcf3', 'vCard 3.0, for telephones (.vcf)'), ('vcf4', 'vCard 4.0, for newer address books (.vcf)'), ('list', 'List on paper'), ('labels24', 'Labels 70 × 37 mm, 24 on a sheet'), ('labels14', 'Labels 99 × 38 mm, 14 on a sheet')], default='xlsx', max_length=8, verbose_name='kind of file'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('format__in', ['xlsx', 'csv', 'vcf3', 'vcf4', 'list', 'labels24', 'labels14'])), name='crm_export_format'),
        ),
    ]
