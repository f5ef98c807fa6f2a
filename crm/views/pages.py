"""Pages of the contact list, which stays fast with a hundred thousand of them."""

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

_FEW = 5_000


class ContactPaginator(Paginator):
    """Counts, and then reads, what no index finds in one pass over the table instead of two.

    Where few fit they are found without an order, since walking the order looks up every row until the page is full.
    Where many fit the pass ends early, and the order soon fills a page; of the rows before it only keys are read.
    """

    @cached_property
    def few(self) -> list[int] | None:
        """The keys of all that fit, unless there are many."""
        keys = list(self.object_list.order_by().values_list("pk", flat=True)[: _FEW + 1])
        return keys if len(keys) <= _FEW else None

    @cached_property
    def count(self) -> int:
        return self.object_list.count() if self.few is None else len(self.few)

    def page(self, number) -> Page:
        number = self.validate_number(number)
        here = slice((number - 1) * self.per_page, number * self.per_page)
        if self.few is None:
            keys = list(self.object_list.values_list("pk", flat=True)[here])
            return self._get_page(self.object_list.filter(pk__in=keys), number, self)
        return self._get_page(self.object_list.filter(pk__in=self.few)[here], number, self)
