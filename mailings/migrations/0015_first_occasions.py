from datetime import date

from django.db import migrations

# Kind, month, day, picture, whether we greet on it, and names and wishes in Russian, Tajik and English.
_OCCASIONS = [
    ("official", 1, 1, "winter", True,
     ("Новый год", "Соли нав", "New Year"),
     ("С Новым годом!", "Соли нав муборак!", "Happy New Year!")),
    ("official", 3, 8, "page", True,
     ("День матери", "Рӯзи Модар", "Mother’s Day"),
     ("С Днём матери!", "Рӯзи Модар муборак!", "Happy Mother’s Day!")),
    ("professional", 3, 11, "page", True,
     ("День печати", "Рӯзи матбуот", "Tajik Press Day"),
     ("С Днём печати!", "Рӯзи матбуот муборак!", "Happy Press Day!")),
    ("official", 3, 21, "spring", True,
     ("Навруз", "Наврӯз", "Navruz"),
     ("С праздником Навруз!", "Наврӯзатон муборак!", "Happy Navruz!")),
    ("rights", 5, 3, "page", True,
     ("Всемирный день свободы печати", "Рӯзи ҷаҳонии озодии матбуот", "World Press Freedom Day"),
     ("Со Всемирным днём свободы печати!", "Бо Рӯзи ҷаҳонии озодии матбуот!", "To a free press!")),
    ("rights", 6, 26, "lights", False,
     ("Международный день в поддержку жертв пыток", "Рӯзи байналмилалии дастгирии қурбониёни шиканҷа",
      "International Day in Support of Victims of Torture"),
     ("Вместе против пыток", "Якҷоя зидди шиканҷа", "Together against torture")),
    ("official", 6, 27, "page", False,
     ("День национального единства", "Рӯзи Ваҳдати миллӣ", "National Unity Day"),
     ("С Днём национального единства!", "Рӯзи Ваҳдати миллӣ муборак!", "Happy National Unity Day!")),
    ("official", 9, 9, "page", True,
     ("День независимости", "Рӯзи Истиқлоли давлатӣ", "Independence Day"),
     ("С Днём независимости!", "Рӯзи Истиқлол муборак!", "Happy Independence Day!")),
    ("official", 11, 6, "page", True,
     ("День Конституции", "Рӯзи Конститутсия", "Constitution Day"),
     ("С Днём Конституции!", "Рӯзи Конститутсия муборак!", "Happy Constitution Day!")),
    ("professional", 11, 10, "page", True,
     ("День милиции", "Рӯзи милитсия", "Police Day"),
     ("С профессиональным праздником!", "Иди касбиатон муборак!", "Best wishes on Police Day!")),
    ("rights", 12, 10, "lights", True,
     ("Всемирный день прав человека", "Рӯзи умумиҷаҳонии ҳуқуқи инсон", "Human Rights Day"),
     ("С Днём прав человека!", "Бо Рӯзи ҳуқуқи инсон!", "Happy Human Rights Day!")),
    ("official", None, None, "lights", True,
     ("Иди Рамазон", "Иди Рамазон", "Eid al-Fitr"),
     ("С праздником Рамазон!", "Иди Рамазон муборак!", "Eid Mubarak!")),
    ("official", None, None, "lights", True,
     ("Иди Курбон", "Иди Қурбон", "Eid al-Adha"),
     ("С праздником Курбон!", "Иди Қурбон муборак!", "Eid Mubarak!")),
    ("birthday", None, None, "lights", True,
     ("День рождения", "Зодрӯз", "Birthday"),
     ("С днём рождения!", "Зодрӯзатон муборак!", "Happy birthday!")),
]
# By calculation; announced by the Council of Ulema only days before.
_DATES = {
    "Иди Рамазон": [date(2026, 3, 20), date(2027, 3, 10), date(2028, 2, 27)],
    "Иди Курбон": [date(2026, 5, 27), date(2027, 5, 17), date(2028, 5, 5)],
}


def add(apps, _schema_editor):
    occasions = apps.get_model("mailings", "Occasion").objects
    dates = apps.get_model("mailings", "OccasionDate").objects
    for kind, month, day, design, is_active, names, wishes in _OCCASIONS:
        words = dict(zip(("name_ru", "name_tg", "name_en"), names)) | dict(zip(("wish_ru", "wish_tg", "wish_en"), wishes))
        made = occasions.create(kind=kind, month=month, day=day, design=design, is_active=is_active, **words)
        dates.bulk_create(dates.model(occasion=made, on=on, year=on.year) for on in _DATES.get(names[0], []))


class Migration(migrations.Migration):

    dependencies = [
        ("mailings", "0014_greeting_cards"),
    ]

    operations = [
        # Taken back with their tables.
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
