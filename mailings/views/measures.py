from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.roles import Right
from core.rights import requires

from .. import actions
from ..forms import MeasuresForm
from ..models import Mailing
from .mailings import step


@requires(Right.MAILINGS_WRITE)
@require_POST
def choose(request, pk):
    """What of its readers a mailing measures."""
    form = MeasuresForm(request.POST, instance=get_object_or_404(Mailing, pk=pk))
    if not form.is_valid():
        messages.error(request, _("Nothing was changed. Choose what is measured."))
        return redirect("mailings:mailing-detail", pk=pk)
    said = _("Saved. Beside the text and in the report you see of whom it is measured.")
    return step(request, pk, actions.set_measures, lambda _r: said, measures=form.cleaned_data["measures"])
