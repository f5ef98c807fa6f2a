"""The letter around the text: one MJML frame, its words in three languages, and the kinds that use it."""

from dataclasses import dataclass

TEMPLATE = "email/letter.mjml"


@dataclass(frozen=True)
class Words:
    """What the frame says. Letters speak their reader's language, not the interface's, so this is no catalogue."""

    organisation: str
    kinds: dict[str, str]
    contact: str
    why: str
    unsubscribe: str


WORDS = {
    "ru": Words(
        organisation="Коалиция гражданского общества против пыток и безнаказанности в Таджикистане",
        kinds={
            "statement": "Заявление",
            "press_release": "Пресс-релиз",
            "review": "Обзор",
            "invitation": "Приглашение",
            "greeting": "Поздравление",
        },
        contact="Пресс-контакт",
        why="Вы получили это письмо, потому что ваш адрес есть в списке для прессы и партнёров Коалиции.",
        unsubscribe="Отписаться",
    ),
    "tg": Words(
        organisation="Эътилофи ҷомеаи шаҳрвандӣ зидди шиканҷа ва беҷазоӣ дар Тоҷикистон",
        kinds={
            "statement": "Изҳорот",
            "press_release": "Хабарномаи матбуотӣ",
            "review": "Шарҳ",
            "invitation": "Даъватнома",
            "greeting": "Табрикнома",
        },
        contact="Тамос барои матбуот",
        why="Шумо ин номаро гирифтед, зеро нишонии шумо дар рӯйхати матбуот ва шарикони Эътилоф ҳаст.",
        unsubscribe="Бекор кардани обуна",
    ),
    "en": Words(
        organisation="Civil Society Coalition against Torture and Impunity in Tajikistan",
        kinds={
            "statement": "Statement",
            "press_release": "Press release",
            "review": "Review",
            "invitation": "Invitation",
            "greeting": "Greeting",
        },
        contact="Press contact",
        why="You received this letter because your address is on the Coalition's list for the press and partners.",
        unsubscribe="Unsubscribe",
    ),
}
