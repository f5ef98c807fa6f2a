from django.db.models import Case, Count, Value, When
from django.utils.decorators import method_decorator

from core.rights import requires
from core.views import FilteredListView

from .filters import EntryFilter
from .kinds import Kind
from .models import Entry
from .rows import Row, may_follow
from .visibility import readable


@method_decorator(requires("audit.view"), name="dispatch")
class EntryList(FilteredListView):
    """The journal: sign-ins, changes, looks, exports. Reading it changes nothing and is not written down."""

    filterset_class = EntryFilter
    template_name = "audit/entry_list.html"
    partial_name = "audit/_entry_table.html"

    def get_queryset(self):
        may_read = Case(When(readable(self.request.user), then=Value(True)), default=Value(False))
        self.queryset = Entry.objects.annotate(may_read=may_read)
        return super().get_queryset()

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        counts = dict(Entry.objects.order_by().values_list("kind").annotate(Count("pk")))
        user = self.request.user
        return context | {
            "tabs": [(kind.value, kind.label, counts.get(kind.value, 0)) for kind in Kind],
            "total": sum(counts.values()),
            "rows": [Row(entry, entry.may_read, may_follow(user, entry)) for entry in context["object_list"]],
        }
