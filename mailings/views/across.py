"""What crosses mailings: a year of mail services, hours, complaints, the stop list, and who is silent."""

from django.core.paginator import Paginator
from django.db.models import Max, OuterRef, Subquery
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Right
from core.rights import requires
from crm.models import Suppression
from crm.states import Weekday

from ..models import Delivery
from ..pipeline import across
from ..resources import Table
from .report_files import tables_as_file

_TONES = ("1", "2", "3", "4")


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
        "complaint_line": [(_("complaints"), "2", [month.complaint_percent for month in everybody.months])],
        "stop_lines": [
            (Suppression.Reason(reason).label, tone, sizes)
            for (reason, sizes), tone in zip(grown.items(), _TONES, strict=True)
        ],
        "hours": _hours(),
        "health": across.health(request.user),
        "tables": [(table.code, table.title) for table in _tables(everybody, services, grown)],
        "level": everybody.level,
        "warn_at": across.WARN_AT,
        "stop_at": across.STOP_AT,
    }
    return render(request, "mailings/reports.html", context)


def _hours():
    """The week as a grid: the day, and for each two hours how many opened and how dark that is."""
    grid = across.best_hours()
    most = max(map(max, grid)) or 1
    days = [Weekday(number + 1).label for number in range(7)]
    rows = [(day, [(count, -(-4 * count // most)) for count in row]) for day, row in zip(days, grid, strict=True)]
    return {
        "rows": rows,
        "heads": [str(2 * number) for number in range(12)],
        "any": any(map(any, grid)),
    }


@requires(Right.MAILINGS_VIEW)
@require_POST
def export(request):
    everybody, services = across.services()
    tables = _tables(everybody, services, across.stop_list())
    return tables_as_file(request, tables, _("Mailings over a year"), "")


def _tables(everybody, services, grown):
    months = [date_format(month.at, "m.Y") for month in everybody.months]
    delivered = _("Delivered, % = delivered ÷ letters. Complaints, % = spam complaints ÷ delivered.")
    grid = across.best_hours()
    return [
        Table(
            "months",
            _("By month"),
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
            _("By mail service"),
            [_("Service"), *months],
            [[str(one.label), *(_rate(month.delivered_percent) for month in one.months)] for one in services],
            delivered,
        ),
        Table(
            "stop list",
            _("Growth of the stop list"),
            [_("Reason"), *months],
            [[str(Suppression.Reason(reason).label), *sizes] for reason, sizes in grown.items()],
        ),
        Table(
            "hours",
            _("When people open"),
            [_("Day"), *(f"{2 * number}–{2 * number + 2}" for number in range(12))],
            [[str(Weekday(number + 1).label), *row] for number, row in enumerate(grid)],
        ),
    ]


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
