"""What crosses mailings: a year of mail services, hours, complaints, the stop list, and who is silent."""

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.db.models import Max, OuterRef, Subquery
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Suppression
from crm.states import Weekday

from ..models import Delivery
from ..pipeline import across, analytics
from ..resources import Table, written
from .report_files import gate, list_of, tables_as_file

_TONES = ("1", "2", "3", "4")
_SILENT = "mailings:report-silent"


@requires(Right.MAILINGS_VIEW)
@require_safe
def reports(request):
    everybody, services = across.services()
    grown = across.stop_list()
    months = [date_format(month.at, "M y") for month in everybody.months]
    context = {
        "everybody": everybody,
        "services": services,
        "months": months,
        "service_lines": [
            (one.label, tone, [month.delivered_percent for month in one.months])
            for one, tone in zip(services, _TONES, strict=False)
        ],
        "complaint_lines": [
            (_("complaints"), "2", [month.complaint_percent for month in everybody.months]),
            (_("be careful"), "3", [analytics.WARN_AT] * len(months)),
            (_("Gmail refuses"), "4", [analytics.STOP_AT] * len(months)),
        ],
        "stop_lines": [
            (Suppression.Reason(reason).label, tone, sizes)
            for (reason, sizes), tone in zip(grown.items(), _TONES, strict=True)
        ],
        "hours": _hours(),
        "health": across.health(request.user),
        "tables": _table_names().items(),
        "level": everybody.level,
        "warn_at": analytics.WARN_AT,
        "stop_at": analytics.STOP_AT,
    }
    return render(request, "mailings/reports.html", context)


def _hours():
    """The week as a grid: the day, and for each two hours how many opened and how dark that is."""
    grid = across.best_hours()
    most = max(map(max, grid)) or 1
    days = [Weekday(number + 1).label for number in range(7)]
    day, hour = max(((day, hour) for day in range(7) for hour in range(12)), key=lambda at: grid[at[0]][at[1]])
    shades = [[(count, -(-4 * count // most)) for count in row] for row in grid]
    rows = [(days[number], WEEKDAYS_ABBR[number], cells) for number, cells in enumerate(shades)]
    return {
        "rows": rows,
        "heads": [str(2 * number) for number in range(12)],
        "any": any(map(any, grid)),
        "best": {"day": days[day], "from": 2 * hour, "to": 2 * hour + 2, "people": grid[day][hour]},
    }


@requires(Right.MAILINGS_VIEW)
@require_POST
def export(request):
    everybody, services = across.services()
    tables = _tables(everybody, services, across.stop_list(), across.outlets(request.user, most=None))
    tables.append(_health_table(across.health(request.user)))
    return tables_as_file(request, tables, _("Mailings over a year"), "")


def _table_names():
    """The tables across mailings, to choose from."""
    return {
        "months": _("By month"),
        "services": _("By mail service"),
        "stop list": _("Growth of the stop list"),
        "hours": _("When people open"),
        "outlets": _("Outlets and organisations"),
        "health": _("Health of the list"),
    }


def _tables(everybody, services, grown, outlets):
    names = _table_names()
    months = [date_format(month.at, "m.Y") for month in everybody.months]
    delivered = _("Delivered, % = delivered ÷ letters. Complaints, % = spam complaints ÷ delivered.")
    grid = across.best_hours()
    return [
        Table(
            "months",
            names["months"],
            [_("Month"), _("Letters"), _("Delivered"), _("Delivered, %"), _("Unsubscribed"), _("Complaints, %")],
            [
                [
                    at,
                    one.letters,
                    one.sent,
                    _rate(one.delivered_percent),
                    one.unsubscribed,
                    _rate(one.complaint_percent),
                ]
                for at, one in zip(months, everybody.months, strict=True)
            ],
            delivered,
        ),
        Table(
            "services",
            names["services"],
            [_("Service"), *months],
            [[str(one.label), *(_rate(month.delivered_percent) for month in one.months)] for one in services],
            delivered,
        ),
        Table(
            "stop list",
            names["stop list"],
            [_("Reason"), *months],
            [[str(Suppression.Reason(reason).label), *sizes] for reason, sizes in grown.items()],
        ),
        Table(
            "hours",
            names["hours"],
            [_("Day"), *(f"{2 * number}–{2 * number + 2}" for number in range(12))],
            [[str(Weekday(number + 1).label), *row] for number, row in enumerate(grid)],
        ),
        Table(
            "outlets",
            names["outlets"],
            [_("Organisation"), _("People"), _("Letters"), _("Opened"), _("Last word")],
            [
                [
                    one.organisation.name,
                    one.readers,
                    one.letters,
                    one.opened,
                    date_format(timezone.localtime(one.last_word), "SHORT_DATE_FORMAT") if one.last_word else "",
                ]
                for one in outlets
            ],
        ),
    ]


def _health_table(health):
    rows = [
        [_("Can be written to"), health.writable],
        [_("On the stop list"), health.stopped],
        [_("No e-mail address"), health.no_address],
        [_("In all"), health.everybody],
        [_("Silent for half a year"), health.silent],
    ]
    formula = _("In all = can be written to + on the stop list + no e-mail address.")
    return Table("health", _table_names()["health"], [_("Figure"), _("Number")], rows, formula)


def _rate(rate):
    """A month without letters has no rate."""
    return "" if rate is None else rate


@requires(Right.CONTACTS_VIEW)
@require_safe
def silent(request):
    """Contacts and outlets from whom nothing came for half a year."""
    last = Delivery.objects.filter(contact=OuterRef("pk")).order_by().values("contact").annotate(at=Max("sent_at"))
    people = across.silent(request.user).annotate(written_at=Subquery(last.values("at"))).order_by("sort_key", "pk")
    page = Paginator(people.for_list(), 50).get_page(request.GET.get("page"))
    return render(request, "mailings/silent.html", {"page_obj": page, "outlets": across.outlets(request.user)})


def _steps():
    return [(_("Reports"), reverse("mailings:report-across")), (_("Silent for half a year"), reverse(_SILENT))]


@requires(Right.CONTACTS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def silent_list(request):
    """“Make a list of these” of those who are silent now."""
    name = _("Silent for half a year")
    return list_of(request, across.silent(request.user), name=name, steps=_steps(), back=reverse(_SILENT))


@requires(Right.CONTACTS_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def take_silent(request):
    """Those who are silent as a file: whom to call."""

    def made(export, contacts):
        last = dict(_written_at(Delivery.objects.filter(contact__in=[contact.pk for contact in contacts])))
        rows = [_silent_row(contact, last.get(contact.pk), export.mark) for contact in contacts]
        heads = [_("Name"), _("Organisation"), _("E-mail"), _("Telephone"), _("Last letter"), _("Mark")]
        return written([Table("silent", name, heads, rows)], export.format, title=name, line="")

    name = _("Silent for half a year")
    kind = "csv" if request.POST.get("format") == "csv" else "xlsx"
    people = across.silent(request.user).order_by("sort_key", "pk")
    return gate(request, people, words=name, made=made, kind=kind, steps=_steps(), name="silent")


def _written_at(deliveries):
    return deliveries.order_by().values("contact").annotate(at=Max("sent_at")).values_list("contact", "at")


def _silent_row(contact, written_at, mark):
    return [
        contact.name,
        str(contact.position.organisation) if contact.position else "",
        ", ".join(one.address for one in contact.emails.all() if not one.retired_on),
        ", ".join(one.number for one in contact.phones.all()),
        date_format(timezone.localtime(written_at), "SHORT_DATE_FORMAT") if written_at else "",
        mark,
    ]
