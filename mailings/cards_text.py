"""What a new greeting card says at first, in the reader's language and not the interface's; people write it anew."""

# Whoever wants no letters about it gets no cards.
TOPIC = "Поздравления"
FIRST_TEXT = {
    "ru": "<p>Спасибо, что весь год вы были рядом: писали, отвечали, помогали людям узнать о своих правах.</p>"
    "<p>Желаем вам и вашим близким здоровья, спокойствия и добрых новостей.</p>",
    "tg": "<p>Ташаккур, ки тамоми сол ҳамроҳи мо будед: менавиштед, ҷавоб медодед, ба мардум дар бораи ҳуқуқашон "
    "мегуфтед.</p><p>Ба шумо ва наздиконатон тандурустӣ, осоиш ва хабарҳои хуш орзумандем.</p>",
    "en": "<p>Thank you for being with us all year: for writing, for answering, for helping people to know their "
    "rights.</p><p>We wish you and those close to you health, peace and good news.</p>",
}
SIGNATURE = {
    "ru": "С уважением,\nКоалиция гражданского общества против пыток и безнаказанности в Таджикистане",
    "tg": "Бо эҳтиром,\nЭътилофи ҷомеаи шаҳрвандӣ зидди шиканҷа ва беҷазоӣ дар Тоҷикистон",
    "en": "With respect,\nCivil Society Coalition against Torture and Impunity in Tajikistan",
}
