"""What other rooms may want to hear of."""

from django.dispatch import Signal

# Sent inside the transaction of a lock down; `lockdown` says who and why. Whoever sends or shows something stops.
locked_down = Signal()
