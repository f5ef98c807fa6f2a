import pytest

from audit.models import Entry
from crm.actions.contacts import save_contact
from tests.factories.mailings import make_reader

pytestmark = pytest.mark.django_db


def test_change_of_a_contact_is_written_down_with_before_and_after(author):
    contact = make_reader("old@navid.test", city="Хорог", note="Звонить после обеда")
    contact.city, contact.note = "Душанбе", "Не звонить"
    ways = {"emails": ["new@navid.test"], "phones": ["+992930000047"], "organisation": "Навид", "title": "редактор"}
    save_contact(contact, ways=ways, by=author)

    assert Entry.objects.get(action="crm.contact.changed").changes == {
        "city": ["Хорог", "Душанбе"],
        "note": [{"characters": 19}, {"characters": 10}],
        "emails": [["o•••d@n•••.test"], ["n•••w@n•••.test"]],
        "phones": [[], ["•••47"]],
        "organisation": ["", "Навид"],
        "title": ["", "редактор"],
    }


def test_new_contact_is_written_down_without_its_data(author):
    make_reader("reader@navid.test", city="Хорог")

    assert list(Entry.objects.values_list("action", "changes", "details")) == [("crm.contact.added", {}, {})]
