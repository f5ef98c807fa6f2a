"""What the writing page asks while somebody writes: saving by itself, who else is there, history, test letters."""

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Contact

from .. import actions
from ..bodies import difference
from ..bodies.differences import words as difference_of_words
from ..forms import LanguagesForm, TestForm, VersionForm
from ..models import Mailing, MailingVersion, Revision
from ..pipeline.freeze import audience_of
from ..states import WrongState
from .numbers import number_in

_FOUND = 10


def _version(pk, language):
    """The version, saved or not yet."""
    mailing = get_object_or_404(Mailing, pk=pk)
    if language not in MailingVersion.Language.values:
        raise Http404
    found = mailing.versions.filter(language=language).first()
    return found or MailingVersion(mailing=mailing, language=language)


@requires(Right.MAILINGS_WRITE)
@require_POST
def autosave(request, pk, language):
    """Keep what somebody is writing. The page's script reads the answer; without it nothing is saved by itself."""
    version = _version(pk, language)
    form = VersionForm(request.POST, instance=version)
    if not form.is_valid():
        return JsonResponse({"error": " ".join(sum(form.errors.values(), []))}, status=422)
    words = form.cleaned_data
    revision = words.pop("revision")
    try:
        saved = actions.autosave(version.mailing, language, words=words, revision=revision, by=request.user)
    except actions.StaleText:
        error = _("A colleague changed the same place. Press Save to see both texts; nothing is lost.")
        return JsonResponse({"error": error}, status=409)
    except WrongState as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse(_answer(saved))


def _answer(saved):
    time = date_format(localtime(saved.version.changed_at), "TIME_FORMAT")
    answer = {"saved": _("Saved at %(time)s") % {"time": time}, "revision": saved.own}
    if saved.is_joined:
        version = saved.version
        joined = {name: getattr(version, name) for name in ("subject", "preheader", "body")}
        answer |= {"joined": joined | {"revision": version.revision}, "notice": _("A colleague's changes are in.")}
    return answer


@requires(Right.MAILINGS_WRITE)
@require_POST
def presence(request, pk, language):
    """Tell who else has this mailing open, and that this person has."""
    version = _version(pk, language)
    actions.note_presence(version.mailing, language, request.user)
    others = version.mailing.presences.now().exclude(user=request.user)
    return render(request, "mailings/_presence.html", {"others": others, "language": language})


@requires(Right.MAILINGS_WRITE)
@require_safe
def history(request, pk, language):
    """Every text of one version, and what each changed in the one before it."""
    version = _version(pk, language)
    before = Revision.objects.filter(version=version.pk, is_passing=False, number__lt=OuterRef("number"))
    entries = Revision.objects.filter(version=version.pk).entries()
    entries = list(entries.annotate(before=Subquery(before.order_by("-number").values("number")[:1])))
    asked = request.GET.get("show", "")
    shown = next((entry for entry in entries if str(entry.number) == asked), entries[0] if entries else None)
    older = next((entry for entry in entries if shown and entry.number == shown.before), Revision())
    context = {"mailing": version.mailing, "version": version, "entries": entries, "shown": shown}
    if shown:
        context["lines"] = [difference_of_words(getattr(older, name), getattr(shown, name)) for name in _LINES]
        context["body"] = difference(older.body, shown.body)
    return render(request, "mailings/version_history.html", context)


_LINES = ("subject", "preheader")


@requires(Right.MAILINGS_WRITE)
@require_POST
def restore(request, pk, language, number):
    version = _version(pk, language)
    get_object_or_404(Revision, version=version.pk, number=number)
    seen = number_in(request.POST.get("revision", ""))
    try:
        actions.restore(version.mailing, language, number, revision=seen, by=request.user)
    except actions.StaleText:
        messages.error(request, _("Somebody has saved this text meanwhile. Look at the newest entry, then bring back."))
        return redirect("mailings:version-history", pk=pk, language=language)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The older text is back. The newer one stays in the history."))
    return redirect("mailings:mailing-compose", pk=pk, language=language)


@requires(Right.MAILINGS_WRITE)
@require_POST
def up_to_date(request, pk, language):
    """Somebody compared a translation with its source: it says the same."""
    version = _version(pk, language)
    seen = number_in(request.POST.get("seen", ""))
    try:
        actions.call_up_to_date(version.mailing, language, seen=seen, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The translation counts as up to date."))
    return redirect("mailings:mailing-compose", pk=pk, language=language)


@requires(Right.MAILINGS_WRITE)
@require_POST
def languages(request, pk, language):
    """Which version is translated, and what becomes of readers without a text in their first language."""
    version = _version(pk, language)
    form = LanguagesForm(request.POST, prefix="languages")
    if not form.is_valid():
        messages.error(request, _("The languages are as they were: one of the choices is not there."))
    else:
        try:
            actions.set_languages(version.mailing, **form.cleaned_data, by=request.user)
        except WrongState as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
    return redirect("mailings:mailing-compose", pk=pk, language=language)


@requires(Right.MAILINGS_WRITE)
@require_POST
def test_letter(request, pk, language):
    version = _version(pk, language)
    form = TestForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, " ".join(sum(form.errors.values(), [])))
    else:
        try:
            count = actions.ask_for_test(version.mailing, language, to=form.cleaned_data["to"], by=request.user)
        except WrongState as refusal:
            messages.error(request, str(refusal))
        else:
            words = ngettext(
                "%(count)s test letter is on its way, as the text was saved last.",
                "%(count)s test letters are on their way, as the text was saved last.",
                count,
            )
            messages.success(request, words % {"count": count})
    return redirect("mailings:mailing-compose", pk=pk, language=language)


@requires(Right.MAILINGS_WRITE)
@require_safe
def readers(request, pk, language):
    """People of the audience found by name, to see the letter as they would."""
    version = _version(pk, language)
    asked = request.GET.get("who", "").strip()
    meant = {recipient.contact_id for recipient in audience_of(version.mailing).recipients} if asked else set()
    found = Contact.objects.visible_to(request.user).search(asked)[: _FOUND * 5] if asked else []
    people = [contact for contact in found if contact.pk in meant][:_FOUND]
    context = {"mailing": version.mailing, "language": language, "readers": people, "asked": asked}
    return render(request, "mailings/_readers.html", context)
