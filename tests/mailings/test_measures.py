"""What a mailing measures is chosen, approved and frozen."""

from collections import Counter

import pytest

from mailings import actions
from mailings.models import Mailing, outcomes
from mailings.pipeline.freeze import audience_of
from mailings.pipeline.measures import numbers
from mailings.states import WrongState
from tests.factories.contacts import make_contact
from tests.factories.mailings import make_approved, make_draft, make_reader, make_started, person
from tests.factories.measuring import make_delivered, make_measured, make_office, make_readers, read_by
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def measured(mailing) -> dict[str, str]:
    return dict(mailing.deliveries.values_list("name", "measured_as"))


def test_nothing_is_measured_unless_asked_for():
    make_office()

    assert measured(make_started()) == {"Пресс-служба": ""}


def test_what_is_measured_follows_the_kind_of_reader():
    make_office()
    make_readers(5)

    assert sorted(measured(make_measured()).values()) == ["person", *["totals"] * 5]


def test_nothing_is_measured_of_internal_and_sealed_contacts():
    make_office("a@ministry.test", "Открытая")
    make_office("b@ministry.test", "Внутренняя", sensitivity="internal")
    make_office("c@ministry.test", "Закрытая", sensitivity="sealed")

    assert measured(make_measured()) == {"Открытая": "person", "Внутренняя": "", "Закрытая": ""}


def test_nothing_is_measured_of_people_of_banned_organisations():
    make_office()
    place = make_organisation("Запрещённая", restricted_on="2026-01-15")
    make_contact("Запретов", organisation=place.name, emails=["z@navid.test"], kind="press_service")

    assert measured(make_measured(restricted=["include"])) == {"Пресс-служба": "person", "Запретов": ""}


def test_few_of_a_kind_are_not_measured():
    make_readers(4)

    assert set(measured(make_measured()).values()) == {""}


def test_numbers_beside_the_text_are_what_is_frozen():
    make_office()
    make_readers(6)
    make_reader("lone@navid.test", languages="tg", kind="partner")
    mailing = make_measured(languages="ru tg")

    frozen = Counter(measured(mailing).values())

    assert numbers(audience_of(mailing).readers) == {"person": 1, "totals": 6, "nothing": 1}
    assert frozen == {"person": 1, "totals": 6, "": 1}


def test_choice_takes_the_approval_back():
    make_reader()
    mailing = make_approved()
    actions.set_measures(mailing, "clicks", by=mailing.author)

    mailing = Mailing.objects.get(pk=mailing.pk)
    assert (mailing.status, mailing.measures, mailing.approved_by) == ("draft", "clicks", None)


def test_choosing_what_is_chosen_leaves_the_approval():
    make_reader()
    mailing = make_approved()
    actions.set_measures(mailing, "", by=mailing.author)

    assert Mailing.objects.get(pk=mailing.pk).status == "approved"


def test_what_was_approved_before_stays_approved():
    draft = make_draft()
    before = draft.fingerprint()
    draft.measures = "all"

    assert (draft.fingerprint() != before, Mailing.objects.get(pk=draft.pk).fingerprint() == before) == (True, True)


def test_what_is_leaving_is_not_changed():
    make_reader()
    mailing = make_started()

    with pytest.raises(WrongState):
        actions.set_measures(mailing, "all", by=mailing.author)


def people(mailing, code) -> list[str]:
    keys = outcomes.people(f"{mailing.pk}:{code}")
    return sorted(mailing.deliveries.filter(contact__in=keys).values_list("name", flat=True))


def test_audience_can_be_chosen_by_opens_and_clicks(settings, tmp_path):
    settings.VISITS = tmp_path / "visits"
    for number, name in enumerate(["Молчит", "Открыла", "Перешла"]):
        make_office(f"press{number}@ministry.test", name)
    make_readers(5)
    mailing = make_delivered()
    read_by(mailing.deliveries.get(name="Открыла"))
    read_by(mailing.deliveries.get(name="Перешла"), url="https://example.org/text")

    assert {code: people(mailing, code) for code in ("opened", "clicked", "unopened")} == {
        "opened": ["Открыла", "Перешла"],
        "clicked": ["Перешла"],
        "unopened": ["Молчит"],
    }


@pytest.mark.parametrize(
    ("measures", "codes"), [("", set()), ("clicks", {"clicked"}), ("all", {"opened", "clicked", "unopened"})]
)
def test_only_what_is_measured_is_offered(measures, codes):
    offered = {outcome.code for outcome in outcomes.known(measures)}

    assert offered - {"sent", "silent", "failed"} == codes


def test_editor_chooses_on_the_page(client_of):
    draft = make_draft()
    answer = client_of(person("author@payom.test")).post(f"/mailings/{draft.pk}/measures/", {"measures": "all"})

    assert (answer.status_code, Mailing.objects.get().measures) == (302, "all")


def test_nonsense_changes_nothing(client_of):
    draft = make_draft()
    actions.set_measures(draft, "all", by=draft.author)
    client_of(draft.author).post(f"/mailings/{draft.pk}/measures/", {"measures": "everything"})

    assert Mailing.objects.get().measures == "all"
