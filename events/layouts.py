"""The letters that follow from an answer: fixed words in three languages. Letters speak their reader's language."""

from .states import Purpose

SUBJECTS = {
    "confirmed": {"ru": "Вы записаны: {event}", "tg": "Шумо сабт шудед: {event}", "en": "You are on the list: {event}"},
    "waiting": {
        "ru": "Вы в листе ожидания: {event}",
        "tg": "Шумо дар рӯйхати интизорӣ: {event}",
        "en": "You are on the waiting list: {event}",
    },
    "offer": {"ru": "Освободилось место: {event}", "tg": "Ҷой холӣ шуд: {event}", "en": "A place is free: {event}"},
    "expired": {
        "ru": "Срок подтверждения истёк: {event}",
        "tg": "Мӯҳлати тасдиқ гузашт: {event}",
        "en": "The offer has expired: {event}",
    },
    "off": {
        "ru": "Вас нет в списке: {event}",
        "tg": "Шумо дар рӯйхат нестед: {event}",
        "en": "You are not on the list: {event}",
    },
    "moved": {"ru": "Изменение: {event}", "tg": "Тағйирот: {event}", "en": "Changed: {event}"},
    "stays": {"ru": "Время прежнее: {event}", "tg": "Вақт ҳамон аст: {event}", "en": "The time stays: {event}"},
    "refused": {
        "ru": "Ваша заявка: {event}",
        "tg": "Дархости шумо: {event}",
        "en": "Your application: {event}",
    },
    "confirmed, pending": {
        "ru": "Ответ записан: {event}",
        "tg": "Ҷавоб сабт шуд: {event}",
        "en": "Your answer is noted: {event}",
    },
    "admitted": {
        "ru": "Вы аккредитованы: {event}",
        "tg": "Шумо аккредитатсия шудед: {event}",
        "en": "You are accredited: {event}",
    },
    "shut_out": {
        "ru": "Об аккредитации: {event}",
        "tg": "Дар бораи аккредитатсия: {event}",
        "en": "About your accreditation: {event}",
    },
    "cancelled": {"ru": "Отмена: {event}", "tg": "Бекор шуд: {event}", "en": "Cancelled: {event}"},
}
TEXTS = {
    "confirmed": {
        "ru": "Ждём вас. Если планы изменятся, поменяйте ответ по той же ссылке.",
        "tg": "Мунтазири шумоем. Агар нақшаатон тағйир ёбад, ҷавобро бо ҳамин пайванд иваз кунед.",
        "en": "We look forward to seeing you. If your plans change, change your answer by the same link.",
    },
    "waiting": {
        "ru": "Место пока не подтверждено. Как только сможем его дать, мы напишем.",
        "tg": "Ҷой ҳанӯз тасдиқ нашудааст. Ҳамин ки дода тавонем, менависем.",
        "en": "Your place is not confirmed yet. As soon as we can give you one, we will write.",
    },
    "offer": {
        "ru": "Мы держим для вас место. Подтвердите его по ссылке до {until}, потом оно уйдёт следующему.",
        "tg": "Мо барои шумо ҷой нигоҳ медорем. Онро то {until} бо пайванд тасдиқ кунед, баъд ба навбатӣ мегузарад.",
        "en": "We hold a place for you. Confirm it by the link until {until}; then it goes to the next in turn.",
    },
    "expired": {
        "ru": "Место, которое мы держали для вас, ушло следующему. Если всё же сможете прийти, ответьте по ссылке.",
        "tg": "Ҷое, ки барои шумо нигоҳ доштем, ба нафари навбатӣ гузашт. Агар омада тавонед, аз пайванд ҷавоб диҳед.",
        "en": "The place that we held for you has gone to the next in turn. If you can come, say so by the link.",
    },
    "expired, waits": {
        "ru": "Место, которое мы держали для вас, ушло следующему. Вы остаётесь в листе ожидания.",
        "tg": "Ҷое, ки барои шумо нигоҳ медоштем, ба нафари навбатӣ гузашт. Шумо дар рӯйхати интизорӣ мемонед.",
        "en": "The place that we held for you has gone to the next in turn. You stay on the waiting list.",
    },
    "off": {
        "ru": "Мы отметили, что вас не будет.",
        "tg": "Мо қайд кардем, ки шумо намеоед.",
        "en": "We have noted that you will not be there.",
    },
    "moved": {
        "ru": "Было: {was}. Стало: {when}. Подтвердите ответ по ссылке.",
        "tg": "Буд: {was}. Шуд: {when}. Ҷавобро бо пайванд тасдиқ кунед.",
        "en": "It was: {was}. It will be: {when}. Please confirm your answer by the link.",
    },
    "moved, kept": {
        "ru": "Было: {was}. Стало: {when}. Ваш ответ остаётся в силе.",
        "tg": "Буд: {was}. Шуд: {when}. Ҷавоби шумо дар қувва мемонад.",
        "en": "It was: {was}. It will be: {when}. Your answer stands.",
    },
    "moved, waits": {
        "ru": "Теперь: {when}. Вы по-прежнему в листе ожидания: подтверждать ничего не нужно.",
        "tg": "Акнун: {when}. Шумо ҳамоно дар рӯйхати интизорӣ ҳастед: чизеро тасдиқ кардан лозим нест.",
        "en": "It will be: {when}. You are still on the waiting list: there is nothing to confirm.",
    },
    "moved, offered": {
        "ru": "Теперь: {when}. Мы держим для вас место: подтвердите его по ссылке до {until}.",
        "tg": "Акнун: {when}. Мо барои шумо ҷой нигоҳ медорем: онро то {until} бо пайванд тасдиқ кунед.",
        "en": "It will be: {when}. We hold a place for you: confirm it by the link until {until}.",
    },
    # Neither day and hour of the beginning nor the place: their calendar, and the page, say what it is.
    "moved, otherwise": {
        "ru": "Уточнение: {when}, окончание {ends}. Ваш ответ остаётся в силе, подробности на странице по ссылке.",
        "tg": "Аниқкунӣ: {when}, анҷом {ends}. Ҷавоби шумо дар қувва мемонад, тафсилот дар саҳифа бо пайванд.",
        "en": "An update: {when}, until {ends}. Your answer stands; the details are on the page by the link.",
    },
    "off, withdrawn": {
        "ru": "Приглашение на это мероприятие больше не действует.",
        "tg": "Даъватнома ба ин чорабинӣ дигар эътибор надорад.",
        "en": "The invitation to this event is no longer in force.",
    },
    "stays": {
        "ru": "Спасибо за предложение. Перенести не получится, время прежнее: {when}. Ответьте по ссылке, придёте ли.",
        "tg": "Барои пешниҳод ташаккур. Вақт тағйир намеёбад: {when}. Бо пайванд ҷавоб диҳед, ки меоед ё не.",
        "en": "Thank you for the proposal. The time stays as it was: {when}. Please say by the link whether you come.",
    },
    "refused": {
        "ru": "Спасибо, что написали. На этот раз принять вас, к сожалению, не получится.",
        "tg": "Барои дархост ташаккур. Мутаассифона, ин дафъа шуморо қабул карда наметавонем.",
        "en": "Thank you for applying. This time, unfortunately, we cannot take you.",
    },
    "confirmed, pending": {
        "ru": "Об аккредитации решение ещё не принято: мы о нём напишем. Ответ можно поменять по той же ссылке.",
        "tg": "Дар бораи аккредитатсия ҳанӯз қарор нест: мо менависем. Ҷавобро бо ҳамин пайванд иваз кардан мумкин.",
        "en": "Your accreditation is still to be decided: we will write. You can change your answer by the same link.",
    },
    "admitted": {
        "ru": "Аккредитация подтверждена. Ждём вас.",
        "tg": "Аккредитатсия тасдиқ шуд. Мунтазири шумоем.",
        "en": "Your accreditation is confirmed. We look forward to seeing you.",
    },
    "shut_out": {
        "ru": "К сожалению, аккредитовать вас на это мероприятие не получится.",
        "tg": "Мутаассифона, шуморо ба ин чорабинӣ аккредитатсия карда наметавонем.",
        "en": "Unfortunately, we cannot accredit you for this event.",
    },
    "cancelled": {
        "ru": "Мероприятие не состоится: {when}. Просим прощения за беспокойство.",
        "tg": "Чорабинӣ намешавад: {when}. Барои ташвиш узр мепурсем.",
        "en": "The event will not take place: {when}. We apologise for the trouble.",
    },
}
ANSWER = {"ru": "Ваш ответ", "tg": "Ҷавоби шумо", "en": "Your answer"}
ENTRANCE = {
    "ru": "Номер для входа: {code}. Покажите его или назовите себя.",
    "tg": "Рақам барои даромад: {code}. Онро нишон диҳед ё номатонро гӯед.",
    "en": "Your number for the entrance: {code}. Show it, or say your name.",
}
# A discreet event is named in no subject line.
DISCREET = {"ru": "встреча", "tg": "мулоқот", "en": "meeting"}

# Letters after an event, as a beginning: people change them, and another person approves them.
PREPARED = {
    Purpose.THANKS: {
        "ru": (
            "Спасибо, что пришли: {event}",
            "<p>Здравствуйте!</p><p>Спасибо, что были с нами {day}: «{event}». Материалы приложены к этому письму.</p>"
            "<p>Если вы написали о событии, пришлите нам ссылку: мы собираем публикации.</p>",
        ),
        "tg": (
            "Ташаккур, ки омадед: {event}",
            "<p>Салом!</p><p>Ташаккур, ки {day} бо мо будед: «{event}». Мавод ба ин мактуб замима шудааст.</p>"
            "<p>Агар дар ин бора навишта бошед, ба мо истинод фиристед: мо нашрияҳоро ҷамъ мекунем.</p>",
        ),
    },
    Purpose.ABSENT: {
        "ru": (
            "Материалы: {event}",
            "<p>Здравствуйте!</p><p>Жаль, что {day} не получилось встретиться: «{event}». Материалы приложены к этому "
            "письму.</p><p>Если нужны комментарий или интервью, ответьте на это письмо.</p>",
        ),
        "tg": (
            "Мавод: {event}",
            "<p>Салом!</p><p>Афсӯс, ки {day} вохӯрда натавонистем: «{event}». Мавод ба ин мактуб замима шудааст.</p>"
            "<p>Агар шарҳ ё мусоҳиба лозим бошад, ба ин мактуб ҷавоб диҳед.</p>",
        ),
    },
    Purpose.MATERIALS: {
        "ru": (
            "Материалы: {event}",
            "<p>Здравствуйте!</p><p>{day} прошло событие: «{event}». Материалы приложены к этому письму.</p>"
            "<p>Если нужны комментарий или интервью, ответьте на это письмо.</p>",
        ),
        "tg": (
            "Мавод: {event}",
            "<p>Салом!</p><p>{day} чорабинӣ баргузор шуд: «{event}». Мавод ба ин мактуб замима шудааст.</p>"
            "<p>Агар шарҳ ё мусоҳиба лозим бошад, ба ин мактуб ҷавоб диҳед.</p>",
        ),
    },
}

# For messengers and the telephone: what is said of a change.
MESSAGES = {
    "moved": {
        "ru": "Изменение: {event}. Было: {was}. Стало: {when}. Ответьте, пожалуйста, сможете ли вы прийти.",
        "tg": "Тағйирот: {event}. Буд: {was}. Шуд: {when}. Лутфан ҷавоб диҳед, ки омада метавонед ё не.",
        "en": "Change: {event}. It was: {was}. It is now: {when}. Please say whether you can come.",
    },
    # What it was is not known: nobody was told by letter.
    "now": {
        "ru": "Изменение: {event}. Теперь: {when}. Ответьте, пожалуйста, сможете ли вы прийти.",
        "tg": "Тағйирот: {event}. Акнун: {when}. Лутфан ҷавоб диҳед, ки омада метавонед ё не.",
        "en": "Change: {event}. It is now: {when}. Please say whether you can come.",
    },
    "cancelled": {
        "ru": "Отменяется: {event}, {when}. Просим прощения за беспокойство.",
        "tg": "Бекор шуд: {event}, {when}. Барои ташвиш узр мепурсем.",
        "en": "Cancelled: {event}, {when}. We apologise for the trouble.",
    },
}
