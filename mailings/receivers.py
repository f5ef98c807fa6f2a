from django.dispatch import receiver

from accounts.signals import locked_down

from .models import Mailing


@receiver(locked_down)
def stop_everything(sender, **kwargs):
    Mailing.objects.pause_for_lockdown()
