"""What leaves a report: its tables as a file, its people as a list or a file, and the evidence of delivery."""

from functools import partial
from itertools import repeat

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Right
from audit.log import log
from core.addresses import codes_alone
from core.rights import requires
from crm.actions.exports import Refused, take_out
from crm.forms.exports import TakeOutForm
from crm.forms.segments import SegmentForm
from crm.models import Contact, Segment

from .. import actions
from ..filters import DeliveryFilter
from ..models import Exclusion, Mailing
from ..pipeline import analytics, course, ledger
from ..pipeline.breakdown import breakdown
from ..pipeline.visits import TRAP
from ..resources import TYPES, Table, written
from ..states import Reason


@requires(Right.MAILINGS_VIEW)
@require_POST
def export(request, pk):
    """The tables of a report, all of them or one. They count people and name none."""
    mailing = _reported(pk)
    line = _line(mailing)
    return tables_as_file(request, _tables(mailing, request.user), mailing.title, line, subject=mailing)


def tables_as_file(request, tables, title, line, *, subject=None):
    """The answer to a form that names a table, or none, and a kind of file."""
    kind, code = request.POST.get("format", ""), request.POST.get("table", "")
    chosen = [table for table in tables if code in {"", table.code}]
    if kind not in TYPES or not chosen:
        messages.error(request, _("Choose a table and a kind of file."))
        return redirect("mailings:mailing-report", pk=subject.pk) if subject else redirect("mailings:report-across")
    log("mailings.report.exported", subject, by=request.user, format=kind, table=code or "all")
    name = f"report-{timezone.localdate():%Y-%m-%d}.{kind}"
    return as_file(written(chosen, kind, title=title, line=line), name, TYPES[kind])


def as_file(content, name, content_type):
    """A file that no browser opens by itself."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _reported(pk):
    return get_object_or_404(Mailing.objects.for_list(), pk=pk, frozen_count__isnull=False)


def _line(mailing):
    """When it left, and who stands behind it; nobody does while its text is corrected for the rest."""
    begun = date_format(timezone.localtime(mailing.started_at), "DATETIME_FORMAT")
    if mailing.approved_by is None:
        return _("Begun %(begun)s") % {"begun": begun} + f" · {mailing.author.name}"
    return _("Sent %(begun)s. %(author)s, approved by %(approver)s.") % {
        "begun": begun,
        "author": mailing.author.name,
        # The sentence has a full stop of its own.
        "approver": mailing.approved_by.name.rstrip("."),
    }


def table_names():
    """The tables of a report, to choose from."""
    return [
        ("totals", _("Totals")),
        ("groups", _("By group")),
        ("languages", _("By language")),
        ("providers", _("By mail service")),
        ("outlets", _("By kind of outlet")),
        ("regions", _("By region")),
        ("hours", _("By hour")),
        ("links", _("By link")),
        ("problems", _("Needs attention")),
        ("left out", _("Left out")),
        ("earlier", _("Beside earlier ones")),
    ]


def _tables(mailing, user):
    names = dict(table_names())
    found, split = analytics.totals(mailing), breakdown(mailing, seen_by=user)
    heads = [_("Letters"), _("Delivered"), _("Delivered, %"), _("Measured"), _("Opened"), _("Followed a link")]
    formula = _("Delivered, % = delivered ÷ letters. Opened and followed: people, of the measured letters.")
    by_name = _("Delivered, % = delivered ÷ letters. Opened and followed: of those who are measured by name.")

    def split_table(code, groups, named=False):
        """Where only those known by name can be told apart, they are the whole that opens are a part of."""
        columns = ["letters", "sent", "delivered_percent", "named" if named else "measured", "opened", "clicked"]
        rows = [[str(group.label), *(getattr(group, column) for column in columns)] for group in groups]
        own = [*heads[:3], _("Measured by name"), *heads[4:]] if named else heads
        return Table(code, names[code], [names[code], *own], rows, by_name if named else formula)

    links = mailing.links.exclude(url__in=["", TRAP]).order_by("-people", "pk")
    return [
        Table("totals", names["totals"], [_("Figure"), _("Number"), "%"], _totals(found), _formulas()),
        split_table("groups", split.kinds),
        split_table("languages", split.languages),
        split_table("providers", split.providers, named=True),
        split_table("outlets", split.outlets, named=True),
        split_table("regions", split.regions, named=True),
        Table(
            "hours",
            names["hours"],
            [_("When"), _("Delivered"), _("Came back"), _("Opened"), _("Followed a link")],
            _hours(mailing),
        ),
        Table(
            "links",
            names["links"],
            [_("Link"), _("People"), _("Clicks"), _("By machines")],
            [[link.url, link.people, link.human, link.machine] for link in links],
        ),
        *_tables_beside(mailing, user, names),
    ]


def _tables_beside(mailing, user, names):
    """What did not arrive and why, who was left out and why, and how it went before."""
    heads = [_("Mailing"), _("Sent"), _("Letters"), _("Delivered"), _("Measured"), _("Opened"), _("Followed a link")]
    heads.append(_("Unsubscribed"))
    problems = analytics.problems(mailing, seen_by=user)
    return [
        Table(
            "problems",
            names["problems"],
            [_("Reason"), _("Letters"), _("State"), _("The server's words")],
            [
                [_refusal(one.bounce_class), one.letters, _tried(one.waiting), codes_alone(one.words)]
                for one in problems
            ],
        ),
        Table(
            "left out",
            names["left out"],
            [_("Reason"), _("People")],
            [[str(reason.label), count] for reason, count in analytics.by_reason(mailing)],
        ),
        Table(
            "earlier",
            names["earlier"],
            heads,
            [
                [
                    one.mailing.title,
                    date_format(timezone.localtime(one.mailing.started_at), "SHORT_DATE_FORMAT"),
                    *[one.letters, one.sent, one.measured, one.opened, one.clicked, one.unsubscribed],
                ]
                for one in course.earlier(mailing)
            ],
        ),
    ]


def _refusal(bounce_class):
    return render_to_string("mailings/_bounce.html", {"bounce": bounce_class}).strip()


def _tried(is_waiting):
    return _("we try again by ourselves") if is_waiting else _("did not arrive")


def _hours(mailing):
    """How many letters and people there were by each hour of the first day."""
    letters = course.arrivals(mailing, days=1)
    people = course.over_time(mailing, days=1) if mailing.measures else []
    return [
        [
            date_format(timezone.localtime(arrived.at), "SHORT_DATETIME_FORMAT"),
            *[arrived.sent, arrived.bounced],
            *([seen.opened, seen.clicked] if seen else ["", ""]),
        ]
        for arrived, seen in zip(letters, people or repeat(None), strict=False)
    ]


def _totals(found):
    """Each figure, and its share where it is one of a whole."""
    share = partial(round, ndigits=2)
    return [
        [_("Letters"), found.frozen, ""],
        [_("Delivered"), found.sent, share(found.delivered_percent)],
        [_("Did not arrive"), found.failed, ""],
        [_("On the way"), found.waiting, ""],
        [_("Stopped"), found.stopped, ""],
        [_("Left out"), found.left_out, ""],
        [_("Unsubscribed"), found.unsubscribed, share(found.unsubscribed_percent)],
        [_("Called it spam"), found.complained, share(found.complained_percent)],
        [_("Measured"), found.measured, ""],
        [_("Opened"), found.opened, share(found.opened_percent) if found.measured else ""],
        [_("Followed a link"), found.clicked, share(found.clicked_percent) if found.measured else ""],
        [_("Visits of machines, not counted"), found.machine, ""],
    ]


def _formulas():
    return " ".join(
        [
            _("Delivered, % = delivered ÷ letters. Opened and followed: people, of the measured letters."),
            _("Unsubscribed and called spam: of the delivered letters."),
        ]
    )


# The people behind a figure


def _people(request, mailing, query):
    """Contacts whom the filter of the recipients shows this person, and the deliveries themselves."""
    shown = DeliveryFilter(QueryDict(query), queryset=mailing.deliveries.visible_to(request.user), request=request).qs
    return shown, Contact.objects.visible_to(request.user).filter(pk__in=shown.order_by().values("contact"))


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def make_list(request, pk):
    """“Make a list of these”: a name, and the people whom the filter shows now."""
    mailing = _reported(pk)
    query = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    _shown, contacts = _people(request, mailing, query)
    back = f"{reverse('mailings:delivery-list', args=[pk])}?{query}"
    return list_of(request, contacts, name=mailing.title[:60], steps=_steps(mailing), back=back, query=query)


def list_of(request, contacts, *, name, steps, back, query=""):
    """Ask for a name, and make a fixed list of these contacts."""
    form = SegmentForm(request.POST or None, instance=Segment(made_by=request.user, name=name))
    if request.method == "POST" and form.is_valid():
        segment = actions.make_list(form.instance, contacts, by=request.user)
        messages.success(request, _("Saved: %(name)s") % {"name": segment.name})
        return redirect("crm:segment-detail", pk=segment.pk)
    context = {"form": form, "steps": steps, "back": back, "query": query, "count": contacts.count()}
    return render(request, "mailings/list_form.html", context, status=422 if form.errors else 200)


def _steps(mailing):
    """Where one is, as the crumbs say it."""
    report = reverse("mailings:mailing-report", args=[mailing.pk])
    return [(_("Mailings"), reverse("mailings:mailing-list")), (mailing.title, report)]


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def take_people(request, pk):
    """The recipients that the filter shows, as a file with what became of each letter."""

    def made(export, contacts):
        chosen = {contact.pk for contact in contacts}
        rows = [_row(one) for one in shown.select_related("contact") if one.contact_id in chosen]
        heads = [
            _("Name"),
            _("E-mail"),
            _("Language"),
            _("State"),
            _("Sent"),
            _("Opened"),
            _("Followed a link"),
            _("Code"),
        ]
        table = Table("recipients", _("Recipients"), [*heads, _("Mark")], [[*row, export.mark] for row in rows])
        return written([table], export.format, title=mailing.title, line="")

    mailing, query = _reported(pk), request.POST.get("query", request.GET.urlencode())
    shown, contacts = _people(request, mailing, query)
    words = _("Recipients of “%(title)s”") % {"title": mailing.title}
    kind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    return gate(request, contacts, words=words, made=made, kind=kind, steps=_steps(mailing), name=str(pk), query=query)


def _row(delivery):
    moments = (delivery.sent_at, delivery.opened_at, delivery.clicked_at)
    return [
        delivery.name,
        delivery.address,
        delivery.language,
        str(delivery.get_status_display()),
        *(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "" for at in moments),
        str(delivery.code or ""),
    ]


# Who was left out


def _left_out(request, mailing):
    """Whom this person may know of those who were left out, all or for one reason; the query; the contacts."""
    query = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    rows = Exclusion.objects.filter(mailing=mailing).visible_to(request.user)
    if (reason := QueryDict(query).get("reason")) in Reason.values:
        rows = rows.filter(reason=reason)
    return query, rows, Contact.objects.visible_to(request.user).filter(pk__in=rows.order_by().values("contact"))


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def list_left_out(request, pk):
    mailing = _reported(pk)
    query, _rows, contacts = _left_out(request, mailing)
    back = f"{reverse('mailings:exclusion-list', args=[pk])}?{query}"
    return list_of(request, contacts, name=mailing.title[:60], steps=_steps(mailing), back=back, query=query)


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def take_left_out(request, pk):
    """Who was left out, as a file, each with the reason."""

    def made(export, contacts):
        chosen = {contact.pk for contact in contacts}
        told = [[one.name, one.address, str(Reason(one.reason).label)] for one in rows if one.contact_id in chosen]
        heads = [_("Name"), _("E-mail"), _("Reason"), _("Mark")]
        table = Table("left out", _("Left out"), heads, [[*row, export.mark] for row in told])
        return written([table], export.format, title=mailing.title, line="")

    mailing = _reported(pk)
    query, rows, contacts = _left_out(request, mailing)
    kind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    words = _("Left out") + f": {mailing.title}"
    return gate(
        request, contacts, words=words, made=made, kind=kind, steps=_steps(mailing), name=f"{pk}-left-out", query=query
    )


# Evidence


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def evidence(request, pk):
    """The answers of the receiving servers as a signed file, with the addresses of those who may be read."""

    def made(_export, _contacts):
        log("mailings.evidence.exported", mailing, by=request.user)
        return ledger.signed(mailing, seen_by=request.user)

    mailing = _reported(pk)
    contacts = Contact.objects.filter(pk__in=mailing.deliveries.order_by().values("contact"))
    words = _("Evidence of delivery of “%(title)s”") % {"title": mailing.title}
    about = {"is_evidence": True, "public_key": ledger.public_key(), "letters": mailing.evidence.count()}
    return gate(
        request,
        contacts,
        words=words,
        made=made,
        kind="csv",
        steps=_steps(mailing),
        name=str(pk),
        ending="json",
        **about,
    )


def gate(request, contacts, *, words, made, kind, steps, name, query="", ending="", **about):
    """The way out of a list of people: a reason, within the limit of the day, written down."""
    if not request.user.may(Right.CONTACTS_EXPORT):
        raise PermissionDenied
    form = TakeOutForm(request.POST or None, initial={"query": query})
    if request.method == "POST" and form.is_valid():
        rule = {"query": "", "words": words}
        try:
            export, content = take_out(
                contacts, by=request.user, reason=form.cleaned_data["reason"], rule=rule, format=kind, write=made
            )
        except (Refused, ledger.Broken) as refusal:
            form.add_error(None, str(refusal))
        else:
            ending = ending or kind
            return as_file(content, f"{name}-{export.mark}.{ending}", TYPES.get(ending, "application/json"))
    context = {"form": form, "words": words, "count": contacts.count(), "steps": steps, "back": steps[-1][1]} | about
    return render(request, "mailings/take_out.html", context, status=422 if form.errors else 200)
