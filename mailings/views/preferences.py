"""What a reader says about our letters, by a letter's link. No account, no script; opening a page changes nothing."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.addresses import mask
from crm import dossier
from crm.actions.own_word import choices_of

from .. import actions
from ..forms.preferences import PauseForm, PreferencesForm
from ..models import OWN_DATA, Delivery, OwnDataRequest
from ..pipeline.render import UNSUBSCRIBE
from .public import number_in

# Right tokens of this number stand in previews and test letters.
OF_A_TEST = 0


@login_not_required
@csrf_exempt  # the token is the authority: mail programs post here without cookies (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """Where mail programs post, and the page on which a person chooses; a POST that says nothing unsubscribes."""
    number = number_in(UNSUBSCRIBE, token)
    if number == OF_A_TEST:
        return _test_page(request)
    delivery = Delivery.objects.select_related("mailing", "contact").filter(pk=number).first()
    if delivery is None:
        raise Http404
    if request.POST.get("List-Unsubscribe") == "One-Click":
        actions.unsubscribe(delivery)
        return HttpResponse(status=200)
    language = _language(request, delivery.language)
    with override(language):
        page = _Page(request, delivery, language)
        if request.method == "POST":
            page.act(request.POST.get("action", "unsubscribe"))
        return page.answer()


def _test_page(request):
    """The link of a test letter works, and changes nothing: there is no reader behind it."""
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(status=200)
    language = _language(request, settings.LANGUAGE_CODE)
    with override(language):
        return render(request, "public/test_letter.html", {"language": language})


def _language(request, otherwise):
    chosen = request.GET.get("lang", "")
    return chosen if chosen in dict(settings.LANGUAGES) else otherwise


class _Page:
    """The page of one reader, and what its buttons do. Who is a contact no more finds the way out alone."""

    def __init__(self, request, delivery, language):
        self.request, self.delivery, self.language = request, delivery, language
        self.form = self.pause = None
        self.said = ""

    def act(self, action):
        {
            "save": self._save,
            "pause": self._pause,
            "resume": self._resume,
            "back": self._back,
            "copy": self._ask,
            "erasure": self._ask,
        }.get(action, self._unsubscribe)(action)

    def _save(self, _action):
        if self.delivery.contact is None:
            return
        form = self._form(self.request.POST)
        if not form.is_valid():
            self.form = form
            return
        actions.choose(self.delivery, form.chosen(), form.cleaned_data["language"])
        self.said = _("Saved. It holds from this moment on.")

    def _pause(self, action):
        """What else was changed on the form is kept, too."""
        pause = PauseForm(self.request.POST)
        if self.delivery.contact is None or not pause.is_valid():
            self.pause = pause
            return
        if "language" in self.request.POST:
            self._save(action)
        actions.pause_for(self.delivery, pause.cleaned_data["until"])
        self.said = _("Paused. What has not left yet does not leave.")

    def _resume(self, _action):
        if self.delivery.contact is not None:
            actions.pause_for(self.delivery, None)
            self.said = _("You will get our letters as before.")

    def _back(self, _action):
        actions.resubscribe(self.delivery)
        self.said = _("You will get our letters as before.")

    def _unsubscribe(self, _action):
        actions.unsubscribe(self.delivery)

    def _ask(self, action):
        """The same words whether or not a letter leaves: whoever holds a passed-on link learns nothing."""
        actions.ask_for_own_data(self.delivery, action, language=self.language)
        self.said = _("We write to the address that this letter came to. Open the link there to confirm.")

    def _form(self, data=None):
        topics = actions.topics_for(self.delivery)
        return PreferencesForm(data, choices=choices_of(self.delivery.contact, topics), topics=topics)

    def answer(self):
        stopped = actions.word_of(self.delivery)
        until = actions.until_when(self.delivery, stopped)
        if self.form is None and self.delivery.contact is not None and not (stopped or until):
            self.form = self._form()
        context = {
            "language": self.language,
            "stopped": stopped,
            "until": until,
            "now": timezone.now(),
            "address": self._address(),
            "form": self.form,
            "pause": self.pause or PauseForm(),
            "said": self.said,
        }
        is_wrong = any(form is not None and form.errors for form in (self.form, self.pause))
        return render(self.request, "public/preferences.html", context, status=422 if is_wrong else 200)

    def _address(self):
        """The reader's own address, to be recognised and not learnt; of a sealed contact nothing of it."""
        return mask(self.delivery.address) if self.delivery.address else ""


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request, token):
    """The link of the letter that asks whether it was they: its button gives the file, or passes the wish on to us."""
    found = OwnDataRequest.objects.select_related("delivery__contact").filter(pk=number_in(OWN_DATA, token)).first()
    if found is None or not found.is_open or found.delivery.contact is None:
        raise Http404
    language = _language(request, found.language)
    contact = actions.confirm(found) if request.method == "POST" else None
    if contact:
        return _file(dossier.write(contact, notes=False))
    with override(language):
        context = {"asked": found, "language": language, "is_confirmed": request.method == "POST"}
        return render(request, "public/own_data.html", context)


def _file(content):
    answer = HttpResponse(content, content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="my-data-{timezone.localdate():%Y-%m-%d}.html"'
    return answer
