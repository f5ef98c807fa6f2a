"""What the demo mails: a statement in three languages and an unfinished press release. All figures are invented."""

STATEMENT = {
    "ru": {
        "subject": "Заявление: адвокат нужен с первого часа задержания",
        "preheader": "Три шага, которые защитят человека до первого допроса",
        "body": """\
<h2>Адвокат с первого часа задержания</h2>
<p>Здравствуйте, {имя|коллеги}!</p>
<p>Первые часы после задержания решают многое: человек ещё не знает своих прав, а близкие не знают, где он. Коалиция \
изучила 40 обращений за 2025 год. В 26 из них задержанный впервые увидел адвоката только на вторые сутки.</p>
<h2>Что мы предлагаем</h2>
<ol>
<li>Вызывать адвоката сразу и не начинать допрос до его прихода.</li>
<li>Сообщать семье о месте задержания не позднее чем через 3 часа.</li>
<li>Снимать каждый допрос на видео и хранить запись 1 год.</li>
</ol>
<blockquote><p>Защита, которая приходит на второй день, защищает лишь наполовину.</p></blockquote>
<p>Полный текст предложений и таблица обращений опубликованы <a href="https://example.org/lawyer-first-hour">на \
сайте Коалиции</a>. Юрист Коалиции ответит на вопросы журналистов на таджикском, русском и английском языках: <a \
href="mailto:press@example.org">press@example.org</a>.</p>
""",
    },
    "tg": {
        "subject": "Изҳорот: адвокат аз соати аввали боздошт лозим аст",
        "preheader": "Се қадаме, ки инсонро то пурсиши аввал ҳимоя мекунад",
        "body": """\
<h2>Адвокат аз соати аввали боздошт</h2>
<p>Муҳтарам {ном|ҳамкорон}!</p>
<p>Соатҳои аввали баъди боздошт бисёр чизро ҳал мекунанд: инсон ҳанӯз аз ҳуқуқҳои худ огоҳ нест ва наздиконаш \
намедонанд, ки ӯ дар куҷост. Эътилоф 40 муроҷиати соли 2025-ро омӯхт. Дар 26 ҳолат шахси боздоштшуда адвокатро бори \
аввал танҳо дар шабонарӯзи дуюм дидааст.</p>
<h2>Мо чӣ пешниҳод мекунем</h2>
<ol>
<li>Адвокат фавран даъват карда шавад ва пурсиш то омадани ӯ оғоз наёбад.</li>
<li>Ба оила дар бораи ҷойи боздошт на дертар аз 3 соат хабар дода шавад.</li>
<li>Ҳар як пурсиш ба навор гирифта шавад ва навор 1 сол нигоҳ дошта шавад.</li>
</ol>
<blockquote><p>Ҳимояе, ки рӯзи дуюм мерасад, танҳо нимаи ҳимоя аст.</p></blockquote>
<p>Матни пурраи пешниҳодҳо ва ҷадвали муроҷиатҳо <a href="https://example.org/lawyer-first-hour">дар сомонаи \
Эътилоф</a> нашр шудааст. Ҳуқуқшиноси Эътилоф ба саволҳои рӯзноманигорон бо забонҳои тоҷикӣ, русӣ ва англисӣ ҷавоб \
медиҳад: <a href="mailto:press@example.org">press@example.org</a>.</p>
""",
    },
    "en": {
        "subject": "Statement: a lawyer is needed from the first hour of detention",
        "preheader": "Three steps that protect a person before the first questioning",
        "body": """\
<h2>A lawyer from the first hour of detention</h2>
<p>Hello, {name|colleagues}!</p>
<p>The first hours after an arrest decide a great deal: the person does not yet know their rights, and the family \
does not know where they are. The Coalition studied 40 appeals received in 2025. In 26 of them the detained person \
first saw a lawyer only on the second day.</p>
<h2>What we propose</h2>
<ol>
<li>Call a lawyer at once and begin no questioning before the lawyer has come.</li>
<li>Tell the family the place of detention within 3 hours at the latest.</li>
<li>Film every questioning and keep the recording for 1 year.</li>
</ol>
<blockquote><p>Protection that arrives on the second day is only half a protection.</p></blockquote>
<p>The full proposals and a table of the appeals are published <a href="https://example.org/lawyer-first-hour">on \
the Coalition's website</a>. The Coalition's lawyer answers journalists' questions in Tajik, Russian and English: <a \
href="mailto:press@example.org">press@example.org</a>.</p>
""",
    },
}

# No Tajik yet: the demo shows what a mailing looks like while somebody is still translating it.
PRESS_RELEASE = {
    "ru": {
        "subject": "Пресс-релиз: за полгода на горячую линию позвонили 186 человек",
        "preheader": "Каждый четвёртый спрашивал, как найти адвоката",
        "body": """\
<h2>Полгода горячей линии: 186 звонков</h2>
<p>Здравствуйте, {имя|коллеги}!</p>
<p>С января по июнь 2026 года горячая линия Коалиции приняла 186 звонков. Каждый четвёртый звонивший спрашивал, как \
найти адвоката для задержанного родственника.</p>
<h2>Откуда звонили</h2>
<ul>
<li>Душанбе и районы республиканского подчинения — 92.</li>
<li>Согдийская область — 58.</li>
<li>Хатлонская область — 36.</li>
</ul>
<p>В 19 случаях юристы Коалиции выехали на место в тот же день, в 7 случаях помогли подготовить жалобу.</p>
<blockquote><p>Люди звонят раньше, чем год назад, и это спасает доказательства, — говорит координатор горячей \
линии.</p></blockquote>
<p>Звонок бесплатный, называть своё имя не нужно. Таблица по месяцам — <a href="https://example.org/hotline-2026">на \
странице отчёта</a>. Вопросы редакций: <a href="mailto:press@example.org">press@example.org</a>.</p>
""",
    },
    "en": {
        "subject": "Press release: 186 people called the hotline in half a year",
        "preheader": "One caller in four asked how to find a lawyer",
        "body": """\
<h2>Half a year of the hotline: 186 calls</h2>
<p>Hello, {name|colleagues}!</p>
<p>From January to June 2026 the Coalition's hotline took 186 calls. One caller in four asked how to find a lawyer \
for a detained relative.</p>
<h2>Where the calls came from</h2>
<ul>
<li>Dushanbe and the Districts of Republican Subordination: 92.</li>
<li>Sughd region: 58.</li>
<li>Khatlon region: 36.</li>
</ul>
<p>In 19 cases the Coalition's lawyers went to the place on the same day, in 7 cases they helped to prepare a \
complaint.</p>
<blockquote><p>People call earlier than a year ago, and that saves evidence, says the coordinator of the \
hotline.</p></blockquote>
<p>The call is free and nobody has to give a name. A table by month is <a href="https://example.org/hotline-2026">on \
the report's page</a>. Questions from newsrooms: <a href="mailto:press@example.org">press@example.org</a>.</p>
""",
    },
}
