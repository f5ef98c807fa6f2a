"""The letters that follow from an answer: fixed words in three languages. Letters speak their reader's language."""

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
    "cancelled": {"ru": "Отмена: {event}", "tg": "Бекор шуд: {event}", "en": "Cancelled: {event}"},
}
TEXTS = {
    "confirmed": {
        "ru": "Ждём вас. Если планы изменятся, поменяйте ответ по той же ссылке.",
        "tg": "Мунтазири шумоем. Агар нақшаатон тағйир ёбад, ҷавобро бо ҳамин пайванд иваз кунед.",
        "en": "We look forward to seeing you. If your plans change, change your answer by the same link.",
    },
    "waiting": {
        "ru": "Место не подтверждено: сейчас все заняты. Если место освободится, мы напишем.",
        "tg": "Ҷой тасдиқ нашудааст: ҳоло ҳама банданд. Агар ҷой холӣ шавад, менависем.",
        "en": "Your place is not confirmed: all are taken now. If one becomes free, we will write.",
    },
    "offer": {
        "ru": "Мы держим для вас место. Подтвердите его по ссылке до {until}, потом оно уйдёт следующему.",
        "tg": "Мо барои шумо ҷой нигоҳ медорем. Онро то {until} бо пайванд тасдиқ кунед, баъд ба навбатӣ мегузарад.",
        "en": "We hold a place for you. Confirm it by the link until {until}; then it goes to the next in turn.",
    },
    "expired": {
        "ru": "Место, которое мы держали для вас, ушло следующему.",
        "tg": "Ҷое, ки барои шумо нигоҳ медоштем, ба нафари навбатӣ гузашт.",
        "en": "The place that we held for you has gone to the next in turn.",
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
    "cancelled": {
        "ru": "Мероприятие не состоится: {when}. Просим прощения за беспокойство.",
        "tg": "Чорабинӣ намешавад: {when}. Барои ташвиш узр мепурсем.",
        "en": "The event will not take place: {when}. We apologise for the trouble.",
    },
}
ANSWER = {"ru": "Ваш ответ", "tg": "Ҷавоби шумо", "en": "Your answer"}
# A discreet event is named in no subject line.
DISCREET = {"ru": "встреча", "tg": "мулоқот", "en": "meeting"}
