from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0003_blind_keys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='emailaddress',
            name='key',
            field=models.CharField(db_index=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name='suppression',
            name='key',
            field=models.CharField(editable=False, max_length=64, unique=True),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('sensitivity__in', ['open', 'internal', 'sealed'])), name='crm_contact_sensitivity'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('note', ''), ('sensitivity', 'sealed')), models.Q(models.Q(('sensitivity', 'sealed'), _negated=True), ('sealed_note', '')), _connector='OR'), name='crm_contact_note_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='emailaddress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('address', ''), _negated=True), ('sealed', '')), models.Q(('address', ''), models.Q(('sealed', ''), _negated=True)), _connector='OR'), name='crm_email_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='emailaddress',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='crm_email_has_a_key'),
        ),
        migrations.AddConstraint(
            model_name='phone',
            constraint=models.UniqueConstraint(fields=('contact', 'key'), name='crm_phone_once_per_contact'),
        ),
        migrations.AddConstraint(
            model_name='phone',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('number', ''), _negated=True), ('sealed', '')), models.Q(('number', ''), models.Q(('sealed', ''), _negated=True)), _connector='OR'), name='crm_phone_plain_or_sealed'),
        ),
        migrations.AddConstraint(
            model_name='phone',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='crm_phone_has_a_key'),
        ),
    ]
