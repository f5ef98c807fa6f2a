from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0006_contacts_as_they_are'),
        ('mailings', '0008_changed_text_pauses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exclusion',
            name='mailings_exclusion_reason_known',
        ),
        migrations.RemoveConstraint(
            model_name='mailing',
            name='mailings_mailing_kind',
        ),
        migrations.AddField(
            model_name='mailing',
            name='topics',
            field=models.ManyToManyField(blank=True, related_name='+', to='crm.topic', verbose_name='topics'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='status',
            field=models.CharField(choices=[('queued', 'waiting its turn'), ('claimed', 'taken by the sender'), ('inflight', 'on the wire'), ('sent', 'accepted by the mail server'), ('deferred', 'will be tried again'), ('failed', 'refused'), ('unknown', 'not known whether it arrived'), ('suppressed', 'not to be written to by then'), ('cancelled', 'mailing was stopped')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='exclusion',
            name='reason',
            field=models.CharField(choices=[('restricted', 'their organisation is banned by a court'), ('unsubscribed', 'unsubscribed'), ('hard_bounce', 'the mailbox does not exist'), ('complaint', 'marked our letter as spam'), ('manual', 'put on the stop list by staff'), ('no_mailings', 'asked for no mailings'), ('no_email', 'asked for no e-mail'), ('no_invitations', 'asked for no invitations'), ('no_greetings', 'asked for no greetings'), ('no_topic', 'asked for nothing on this topic'), ('no_address', 'no e-mail address'), ('no_version', 'no text in their languages'), ('same_address', 'shares a mailbox with another recipient')], max_length=20, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='mailing',
            name='kind',
            field=models.CharField(choices=[('statement', 'Statement'), ('press_release', 'Press release'), ('review', 'Review'), ('invitation', 'Invitation'), ('greeting', 'Greeting')], default='statement', max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['restricted', 'unsubscribed', 'hard_bounce', 'complaint', 'manual', 'no_mailings', 'no_email', 'no_invitations', 'no_greetings', 'no_topic', 'no_address', 'no_version', 'same_address'])), name='mailings_exclusion_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='mailing',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['statement', 'press_release', 'review', 'invitation', 'greeting'])), name='mailings_mailing_kind'),
        ),
    ]
