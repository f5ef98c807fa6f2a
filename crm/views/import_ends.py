"""How an import ends otherwise than by being written, of people and of organisations alike."""

from types import ModuleType

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..actions.import_undo import CannotUndo
from ..actions.imports import AlreadyCommitted, discard
from ..models.imports import Upload
from .import_jobs import undone_words


def take_back(request, batch: Upload, verbs: ModuleType, result: str) -> HttpResponse:
    """A short list at once, a long one by a job; `verbs` know how this kind of list is taken back."""
    try:
        if verbs.is_long(batch):
            return redirect("jobs:job-detail", pk=verbs.begin_undo(batch, by=request.user).pk)
        counts = verbs.undo(batch, by=request.user)
    except CannotUndo:
        messages.warning(request, _("This import cannot be taken back any more, or is at work just now."))
    else:
        messages.success(request, undone_words(counts))
    return redirect(result, pk=batch.pk)


def throw_away(request, batch: Upload, beginning: str) -> HttpResponse:
    try:
        discard(batch, by=request.user)
    except AlreadyCommitted:
        messages.info(request, _("This list was written before. It cannot be deleted any more."))
    else:
        messages.success(request, _("The upload is deleted. Nothing of it was written."))
    return redirect(beginning)
