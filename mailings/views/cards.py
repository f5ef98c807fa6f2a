"""A greeting card: its picture and words, who of last year is missing, its pages to print, and who was handed one."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.actions.exports import Refused, take_out
from crm.models import Contact, Export, form_of_address
from crm.salutations import suggest
from crm.views.exports import attachment
from crm.views.paper import page as label_page

from .. import artwork
from ..actions.cards import add_forgotten, save_card
from ..actions.handovers import hand_out
from ..forms.cards import CardForm, CardPrintForm, HandOutForm
from ..models import Card, MailingVersion
from ..pipeline.frame import art_of
from ..pipeline.freeze import audience_of
from ..pipeline.greetings import forgotten, paper_people, printed
from ..states import CardDesign, WrongState
from .numbers import number_in


def _card(pk) -> Card:
    cards = Card.objects.select_related("mailing", "occasion").prefetch_related("texts", "occasion__dates")
    return get_object_or_404(cards.prefetch_related("mailing__versions"), mailing=pk)


@requires(Right.MAILINGS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, pk):
    card = _card(pk)
    form = CardForm(request.POST or None, request.FILES or None, card=card)
    if request.method == "POST" and form.is_valid():
        try:
            save_card(card, **form.words, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("mailings:card-detail", pk=pk)
        except WrongState as refusal:
            form.add_error(None, str(refusal))
    return render(
        request, "mailings/card_detail.html", _context(request, card, form), status=422 if form.errors else 200
    )


def _context(request, card, form):
    mailing = card.mailing
    audience = audience_of(mailing)
    missing, hidden = forgotten(card, audience, request.user) if mailing.is_editable else ([], 0)
    some = [one.contact_id for one in audience.recipients[:50]]
    sample = Contact.objects.visible_to(request.user).filter(pk__in=some).order_by("pk").first()
    return {
        "card": card,
        "mailing": mailing,
        "form": form,
        "day": card.occasion.day_in(card.year),
        "audience": audience,
        "missing": missing,
        "addable": sum(one.can_be_added for one in missing),
        "hidden": hidden,
        "sample": sample,
        "sample_key": str(sample.pk) if sample else "",
    }


@requires(Right.MAILINGS_VIEW)
@require_safe
def picture(request, pk, language):
    """The picture as a chosen person would get it, or small, as it would be with another drawing."""
    if language not in MailingVersion.Language.values:
        raise Http404
    card = _card(pk)
    asked = request.GET.get("contact", "")
    people = Contact.objects.visible_to(request.user).prefetch_related("names")
    contact = get_object_or_404(people, pk=number_in(asked)) if asked.isdecimal() else None
    name = form_of_address(contact, language).text if contact else suggest(language).text
    art = art_of(card, language)
    return HttpResponse(artwork.picture_of(art, name), content_type=art.media_type)


@requires(Right.MAILINGS_VIEW)
@require_safe
def design(request, name):
    """A drawing of ours, small: what a card can be chosen from."""
    if name not in CardDesign.values:
        raise Http404
    return HttpResponse(artwork.thumbnail(name), content_type="image/png")


@requires(Right.MAILINGS_WRITE)
@require_POST
def add(request, pk):
    """People of last year's card into this year's audience: those marked, of whom nothing speaks against it."""
    card = _card(pk)
    if not card.mailing.is_editable:
        messages.error(request, _("This mailing has left already: its text and audience cannot be changed."))
        return redirect("mailings:mailing-detail", pk=pk)
    missing, _hidden = forgotten(card, audience_of(card.mailing), request.user)
    marked = set(request.POST.getlist("people"))
    chosen = [one.contact for one in missing if one.can_be_added and str(one.contact.pk) in marked]
    try:
        count = add_forgotten(card, chosen, by=request.user)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext(
            "%(count)s person of last year is in the audience now.",
            "%(count)s people of last year are in the audience now.",
            count,
        )
        messages.success(request, text % {"count": count})
    return redirect("mailings:card-detail", pk=pk)


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def print_cards(request, pk):
    """Cards and labels leave as every list of people does: with a reason, within the day's limit, written down."""
    # A request that waited for the password comes here past the middleware that asks for rights.
    if not request.user.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    card = _card(pk)
    form = CardPrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _printed(request, card, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    counts = {name: _people(request, card, name).that_may_leave().count() for name, _label in CardPrintForm.WHOM}
    context = {"card": card, "mailing": card.mailing, "form": form, "counts": counts}
    return render(request, "mailings/card_print.html", context, status=422 if form.errors else 200)


def _people(request, card, whom):
    keys = paper_people(card.mailing, beside_letters=whom == "everybody")
    return Contact.objects.visible_to(request.user).active().filter(pk__in=keys)


def _printed(request, card, typed):
    rule = {"query": "", "words": _("Greeting card “%(title)s”") % {"title": card.mailing.title}}
    as_cards = typed["format"] in Export.CARDS

    def write(export, contacts):
        if not as_cards:
            return label_page(request, typed, export, contacts)
        people = list(Contact.objects.filter(pk__in=[one.pk for one in contacts]).prefetch_related("names"))
        cards = printed(card.mailing, people)
        if not cards:
            raise Refused(_("The card has no text yet. Write it first."))
        return artwork.print_cards(cards, artwork.SheetFormat(typed["format"].removeprefix("cards_")))

    chosen = _people(request, card, typed["whom"])
    export, content = take_out(
        chosen, by=request.user, reason=typed["reason"], rule=rule, format=typed["format"], write=write
    )
    if as_cards:
        name = f"cards-{timezone.localtime(export.at):%Y-%m-%d}-{export.mark}.pdf"
        return attachment(content, name, "application/pdf")
    return HttpResponse(content, headers={"Cache-Control": "no-store"})


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, pk):
    """Printed cards that were given out: to whom of those they were meant for."""
    card = _card(pk)
    people = _people(request, card, "everybody").prefetch_related("positions__organisation")
    by_letter = card.greeted() | set(card.mailing.deliveries.values_list("contact", flat=True))
    form = HandOutForm(request.POST or None, people=people, user=request.user)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        count = hand_out(card, typed["people"], on=typed["on"], giver=typed["giver"], by=request.user)
        text = ngettext(
            "Written down: %(count)s card handed over on %(day)s.",
            "Written down: %(count)s cards handed over on %(day)s.",
            count,
        )
        messages.success(request, text % {"count": count, "day": date_format(typed["on"], "DATE_FORMAT")})
        return redirect("mailings:handover-list")
    marked = set(request.POST.getlist("people"))
    rows = [(one, one.pk in by_letter, str(one.pk) in marked) for one in people]
    context = {"card": card, "mailing": card.mailing, "form": form, "rows": rows}
    return render(request, "mailings/card_hand_over.html", context, status=422 if form.errors else 200)
