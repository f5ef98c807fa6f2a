from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0009_vcards_and_paper'),
        ("mailings", "0009_what_people_do_not_want"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delivery',
            name='mailings_delivery_plain_or_sealed',
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('address', ''), _negated=True), ('sealed', '')), models.Q(('address', ''), models.Q(('sealed', ''), _negated=True)), models.Q(('address', ''), ('contact', None), ('name', ''), ('sealed', '')), _connector='OR'), name='mailings_delivery_plain_or_sealed'),
        ),
    ]
