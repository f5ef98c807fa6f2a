"""How letters speak to people, to be looked through before they are sent: the odd ones first."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import Right
from core.rights import requires

from ..actions.forms_of_address import check_address
from ..criteria import CRITERIA
from ..models import LANGUAGE_CODES, Contact, PersonName, condition, form_of_address
from ..models.rules import is_key, speaks
from ..states import Sensitivity

PAGE = 50
LONGEST = 200


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def address_list(request):
    """The people of a rule, as the contact list and a mailing write one, who read the language asked for."""
    language = request.GET.get("in") if request.GET.get("in") in LANGUAGE_CODES else LANGUAGE_CODES[0]
    if request.method == "POST":
        return _check(request, language)
    return _page(request, language)


def _people(request, language):
    """Whom this person may write to and change; those whom nobody greeted by hand and nothing tells much of first."""
    rule = {name: request.GET.getlist(name) for name in CRITERIA if name in request.GET}
    names = PersonName.objects.filter(contact=OuterRef("pk"), language=language)
    found = Contact.objects.visible_to(request.user).active().filter(condition(rule) & speaks(language))
    found = found.annotate(
        has_name=Exists(names.exclude(surname="", given_name="")),
        is_checked=Exists(names.filter(address_checked_at__isnull=False)),
    )
    return found if "all" in request.GET else found.filter(is_checked=False)


def _page(request, language, typed=None, status=200):
    people = _people(request, language)
    readable = people
    if not request.user.may(Right.CONTACTS_SEALED):
        readable = people.exclude(sensitivity=Sensitivity.SEALED)
    ordered = readable.order_by("is_checked", "has_name", "gender", "sort_key", "pk").prefetch_related("names")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    typed = typed or {}
    rows = [(contact, form_of_address(contact, language)) for contact in page]
    context = {
        "rows": [(contact, found, typed.get(contact.pk, found.text)) for contact, found in rows],
        "longest": LONGEST,
        "page_obj": page,
        "language": language,
        "languages": [(code, label, _with(request, code)) for code, label in settings.LANGUAGES],
        "hidden": people.count() - page.paginator.count,
        "refused": status == 422,
    }
    return render(request, "crm/salutation_list.html", context, status=status)


def _with(request, language):
    """The same people, in another language."""
    asked = {name: values for name, values in request.GET.lists() if name not in {"in", "page"}}
    return "?" + urlencode({"in": language, **asked}, doseq=True)


def _check(request, language):
    """What a button asks for, and whatever else was corrected on the page: nothing typed is lost."""
    typed = {
        int(key[8:]): text.strip() for key, text in request.POST.items() if key[:8] == "address-" and is_key(key[8:])
    }
    if any(len(text) > LONGEST for text in typed.values()):
        return _page(request, language, typed, 422)
    only, every = request.POST.get("only"), "every" in request.POST
    wanted = [pk for pk, text in typed.items() if every or str(pk) == only or text != request.POST.get(f"shown-{pk}")]
    people = Contact.objects.visible_to(request.user).filter(pk__in=wanted)
    if not request.user.may(Right.CONTACTS_SEALED):
        people = people.exclude(sensitivity=Sensitivity.SEALED)
    for contact in people:
        check_address(contact, language, typed[contact.pk], by=request.user)
    text = ngettext("%(count)s form of address checked.", "%(count)s forms of address checked.", len(people))
    messages.success(request, text % {"count": len(people)})
    return redirect(f"{request.path}?{request.GET.urlencode()}")
