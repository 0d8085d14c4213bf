# Все слова, которые читает человек. Ключи и переменные те же, что в en.ftl: это проверяет тест.

start =
    <b>Я — Настрой.</b> Читаю, что пишут люди, и замечаю, с каким настроением.

    Напишите или перешлите мне любой текст — скажу, негативный он, позитивный или нейтральный и нет ли в нём оскорбления. Если ошибусь, поправьте меня кнопкой под ответом: так я учусь.

    Пришлите ссылку на товар, приложение или место — прочитаю отзывы: что хвалят, что ругают.

    Добавьте меня в группу или канал, а потом напишите /link — покажу модераторам то, на что стоит взглянуть. Все команды — /help.
help =
    <b>Что я умею</b>
    • Напишите мне текст — отвечу, какое у него настроение и нет ли в нём оскорбления. Исправите текст — исправлю и ответ.
    • Пришлите ссылку на товар, приложение или место либо файл с отзывами — расскажу, что хвалят и что ругают.
    • Кнопки под ответом: «верно» или правильный вариант. Передумали — нажмите другую.
    • В группах и каналах читаю молча, а модераторам показываю карточки с тем, на что стоит взглянуть.

    <b>Для всех</b>
    /reviews — разобрать отзывы: по ссылке, из файла или вставленные
    /report — пожаловаться на сообщение в группе, ответом на него
    /appeal — оспорить решение модераторов
    /forget — стереть мои тексты и метки
    /ping — как я себя чувствую

    <b>Для администраторов и модераторов</b>
    /link — куда показывать карточки сообщества
    /settings — настройки сообщества
    /mood — какое настроение в сообществе, /export mood — файлом
    /watch — следить за публичным каналом
    /products — сравнить с тем, что пишут покупатели
    /stats — насколько я точен и быстр

    <b>Чтобы я учился</b>
    /label — разметить тексты
    /import, /export — загрузить и скачать разметку
    /retrain — обучить модель на метках
    /models, /rollback — версии модели
unknown-command = Такой команды я не знаю. Все, какие есть, — /help.
unknown-command-near = Такой команды я не знаю. Может быть, /{ $command }? Все, какие есть, — /help.
command-in-group = Эту команду пишут в самой группе. То же самое можно и здесь: /settings.
command-in-private = На эту команду отвечу в личном чате, чтобы не шуметь здесь.
command-button-private = 💬 Открыть личный чат

command-start = Познакомиться
command-help = Что умеет бот
command-stats = Насколько бот точен и быстр
command-mood = Какое настроение в сообществе
command-ping = Как бот себя чувствует
command-link = Привязать к чату модераторов
command-products = Где пишут покупатели
command-watch = Следить за публичным каналом
command-unwatch = Больше не следить за каналом
command-unlink = Отвязать от чата модераторов
command-settings = Настройки сообщества
command-moderator = Назначить модератора (ответом на его сообщение)

# Ответ на сообщение
answer-heading = { $emoji } <b>{ $label }</b> — { $percent } %
answer-bar = { $bar } { $percent } % { $label }
answer-not-toxic = Токсичности не видно ({ $percent } %)
answer-toxic = ⚠️ Похоже на оскорбление или угрозу ({ $percent } %)
answer-nothing-to-score = Здесь не нашлось слов, по которым можно понять настроение. Напишите пару слов — попробую ещё раз 🙂
answer-no-text-in-file = Из файлов я читаю только отзывы: CSV с колонкой <code>text</code> или TXT (подробнее — /reviews). Или добавьте к файлу подпись — и скажу, какое у неё настроение 🙂
answer-no-text = Я понимаю только слова. Напишите текст или добавьте подпись — и скажу, какое у них настроение 🙂

label-negative = негативно
label-neutral = нейтрально
label-positive = позитивно

button-right = ✅ верно
button-right-chosen = ✅ верно · записано
button-right-not-chosen = верно
button-label = { $emoji } { $label }
button-label-chosen = ✅ { $label }

press-recorded = Записано: { $label }. Спасибо!
press-stale = Эта кнопка устарела. Напишите текст ещё раз — отвечу заново.

# /ping
ping =
    <b>Я на месте.</b>
    { $waiting ->
        [0] Очередь пуста
        [one] В очереди { $waiting } текст
        [few] В очереди { $waiting } текста
       *[many] В очереди { $waiting } текстов
    }
    { $workers }
    { $latest }
    { $dead ->
        [0] Все тексты прочитались
        [one] { $dead } текст прочитать не удалось
        [few] { $dead } текста прочитать не удалось
       *[many] { $dead } текстов прочитать не удалось
    }
ping-no-workers = ⚠️ Ни один воркер не отвечает, тексты ждут: запустите <code>python -m worker</code>
ping-workers =
    { $count ->
        [one] Работает { $count } воркер: { $names }
        [few] Работают { $count } воркера: { $names }
       *[many] Работают { $count } воркеров: { $names }
    }
ping-worker = { $model } на { $device } ({ $engine })
ping-latest = Последний ответ модели <code>{ $model }</code> — за { $milliseconds } мс
ping-no-latest = Модель ещё ничего не читала

# Знакомство с чатом
joined =
    <b>Здравствуйте! Я — Настрой.</b> Читаю, что здесь пишут, и помогаю модераторам замечать важное.

    Пока только смотрю: ничего не удаляю и никого не наказываю.
joined-channel =
    <b>Теперь я читаю канал «{ $chat }».</b>

    Пока только смотрю: ничего не удаляю и никого не наказываю.
joined-missing = Чего мне не хватает:
joined-link = То, на что стоит взглянуть, я показываю карточками в чате модераторов. Выберите его — это может любой администратор.
missing-reading = • Видеть сообщения: включён режим приватности. Сделайте меня администратором — или выключите режим: @BotFather → Bot Settings → Group Privacy → Turn off, а потом удалите меня и добавьте снова.
missing-deleting = • Удалять сообщения: без этого права не уберу оскорбление, даже если попросите.
missing-restricting = • Блокировать участников: без этого права не смогу ни заставить молчать, ни забанить.
rights-complete = Спасибо, теперь у меня есть все права 👍
staff-lost = ⚠️ Меня нет в чате «{ $staff }», и карточки сообщества «{ $chat }» показывать негде. Верните меня туда — или выберите другой чат: /link.

# /link, /unlink
link-offer = Где показывать карточки этого чата? Выберите чат модераторов.
link-offer-again = Карточки этого чата уже приходят в чат модераторов. Можно выбрать другой, а /unlink отвяжет совсем.
link-choose-community = Какое сообщество привязать к чату модераторов?
link-choose-staff =
    Куда слать карточки сообщества «{ $chat }»?

    Вот группы, где есть и я, и вы — администратор. Нужной нет? Добавьте меня в неё кнопкой «Другая группа».
link-nowhere = Я пока не вижу чата, где вы администратор. Добавьте меня в свою группу — и напишите там /link.
link-confirm = Кто-то из администраторов хочет получать здесь карточки. Нажмите кнопку, чтобы я знал, что вы администратор и там.
link-itself = Это то самое сообщество, чьи карточки вы показываете. Выберите другую группу — или в личном чате со мной кнопку «Прямо в сообществе».
link-stale = Эта ссылка устарела. Напишите /link ещё раз.
link-no-right = Привязать чат может только администратор сообщества.
link-no-right-in-both = Вы должны быть администратором и здесь, и в сообществе.
link-done = ✅ Готово: карточки сообщества «{ $chat }» приходят в «{ $staff }».
link-done-watch = ✅ Готово: карточки сообщества «{ $chat }» будут приходить в «{ $staff }». Пока они выключены — включите их там кнопкой.
link-done-short = Готово
link-announced-watch =
    <b>Здесь будут карточки сообщества «{ $chat }».</b>

    Пока я только смотрю: показываю лишь жалобы участников (/report) и ничего не удаляю. Включите карточки, когда будете готовы.
link-announced-ask =
    <b>Здесь теперь карточки сообщества «{ $chat }».</b>

    На каждой — кнопки: решает тот, кто нажал первым.
link-announced-act =
    <b>Здесь теперь карточки сообщества «{ $chat }».</b>

    Явные оскорбления я удаляю сам и показываю здесь: любое решение можно отменить.
link-button-choose = 🔗 Выбрать чат модераторов
link-button-group = 💬 { $chat }
link-button-other = ➕ Другая группа
link-button-here = 📣 Прямо в сообществе (увидят все)
link-button-confirm = 🔗 Показывать карточки здесь
link-button-cards = 🙋 Включить карточки
link-button-settings = ⚙️ Настройки
link-button-add = ➕ Добавить в группу
unlink-done = Отвязал: карточек больше не будет. Настройки я запомнил, /link вернёт всё как было.
unlink-nothing = Этот чат ни к чему не привязан. Привязать: /link.

# /moderator
moderator-how = Чтобы назначить модератора, ответьте на его сообщение: /moderator. Модератор решает по карточкам, но не меняет настройки.
moderator-list = Модераторы: { $names }.
moderator-named = 🛡 { $name } — модератор этого сообщества.
moderator-dismissed = { $name } больше не модератор.
moderator-is-admin = Это администратор, у него и так есть все права.
moderator-not-here = Этого человека нет в чате.
moderator-button-dismiss = Снять
moderator-button-name = Назначить снова

# /settings
settings-only-admins = Это может только администратор сообщества.
settings-no-community = Настройки открыты администраторам привязанных сообществ. Привязать своё: /link.
settings-choose = Какое сообщество настроить?
settings-in-private = Настройки — в личном чате со мной, чтобы не шуметь здесь.
settings-closed = ⚙️ Настройки закрыты. Открыть снова: /settings.
settings-saved = Сохранено
settings-heading = ⚙️ <b>{ $chat }</b>
settings-staff = Карточки приходят в «{ $chat }».
settings-now = { $name }: <b>{ $value }</b>
settings-percent = { $percent } %
settings-last-week = За последние 7 дней при таком пороге:
settings-chosen = ✅ { $value }
settings-step-down = ▼ { $value }
settings-step-up = ▲ { $value }
settings-unlink-question = Отвязать от чата модераторов? Карточек больше не будет, настройки сохранятся.

settings-week-toxic-threshold =
    ⚠️ { $percent }: { $cards ->
        [0] ни одной карточки
        [one] { $cards } карточка об оскорблении
        [few] { $cards } карточки об оскорблении
       *[many] { $cards } карточек об оскорблении
    }{ $wrong ->
        [0] {""}
        [one] , { $wrong } из них потом признана ошибкой
       *[other] , { $wrong } из них потом признаны ошибкой
    }
settings-week-act-threshold =
    ⚡ { $percent }: { $cards ->
        [0] ничего не удалил бы сам
        [one] удалил бы сам { $cards } сообщение
        [few] удалил бы сам { $cards } сообщения
       *[many] удалил бы сам { $cards } сообщений
    }{ $wrong ->
        [0] {""}
        [one] , { $wrong } из них потом признано ошибкой
       *[other] , { $wrong } из них потом признаны ошибкой
    }
settings-week-care-threshold =
    💛 { $percent }: { $cards ->
        [0] ни одной карточки
        [one] { $cards } карточка об огорчённом
        [few] { $cards } карточки об огорчённых
       *[many] { $cards } карточек об огорчённых
    }{ $wrong ->
        [0] {""}
        [one] , { $wrong } из них потом признана ошибкой
       *[other] , { $wrong } из них потом признаны ошибкой
    }

settings-name-mode = Режим
settings-name-toxic-threshold = Порог карточки
settings-name-act-threshold = Порог удаления
settings-name-care-threshold = Порог заботы
settings-name-newcomer-hours = Новичок
settings-name-warnings-before-mute = Предупреждений до тишины
settings-name-language = Язык
settings-name-retention-days = Хранение текстов
settings-name-quiet-from = Тихие часы с
settings-name-quiet-to = Тихие часы до
settings-name-time-zone = Часовой пояс

settings-about-mode =
    <b>Только смотрю</b>: ничего не удаляю, показываю лишь жалобы участников (/report).
    <b>Показываю карточки</b>: решаете вы.
    <b>Удаляю сам</b>: явные оскорбления удаляю сразу и показываю карточку, решение можно отменить.
settings-about-toxic-threshold = Сообщение, которое я с такой уверенностью считаю оскорблением, становится карточкой. Ниже порог — больше карточек и больше лишних.
settings-about-act-threshold = Только в режиме «удаляю сам»: с такой уверенностью сообщение удаляется сразу.
settings-about-care-threshold = Если человек огорчён и я уверен в этом, прошу ему ответить. За огорчение я никогда не удаляю.
settings-about-newcomer-hours = Столько времени после прихода к человеку я строже: порог карточки ниже.
settings-about-warnings-before-mute = После стольких предупреждений человек замолкает на время.
settings-about-language = На каком языке я пишу в этом сообществе и в его чате модераторов. «Авто» — на языке того, кому отвечаю.
settings-about-retention-days = Через сколько дней я забываю тексты («обычно» — как настроено для всех). Тексты с метками остаются: на них я учусь.
settings-about-quiet-from = С этого часа не беспокою модераторов.
settings-about-quiet-to = До этого часа не беспокою модераторов. Нужны оба часа: с которого и до которого.
settings-about-time-zone = По этому времени считаются тихие часы.

settings-explained-watch = 👀 Только смотрю: ничего не удаляю, показываю лишь жалобы участников.
settings-explained-ask = 🙋 Показываю карточки, решаете вы.
settings-explained-act = ⚡ Явные оскорбления удаляю сам и показываю карточку.
settings-mode-watch = 👀 Только смотрю
settings-mode-ask = 🙋 Показываю карточки
settings-mode-act = ⚡ Удаляю сам
settings-language-none = авто
settings-language-ru = русский
settings-language-en = English
settings-newcomer-hours-value =
    { $value ->
        [0] не отличаю
       *[other] { $value } ч
    }
settings-warnings-before-mute-value = { $value }
settings-retention-days-none = обычно
settings-retention-days-value = { $value } дн.
settings-quiet-from-none = нет
settings-quiet-from-value = { $value }:00
settings-quiet-to-none = нет
settings-quiet-to-value = { $value }:00
settings-zone = { $zone } ({ $hours })

settings-button-mode = { $value }
settings-button-toxic-threshold = ⚠️ Карточка: { $value }
settings-button-act-threshold = ⚡ Удаление: { $value }
settings-button-care-threshold = 💛 Забота: { $value }
settings-button-newcomer-hours = 🐣 Новички: { $value }
settings-button-warnings-before-mute = 🔔 Предупр.: { $value }
settings-button-language = 🌐 Язык: { $value }
settings-button-retention-days = 🗄 Хранить: { $value }
settings-button-quiet-from = 🌙 Тихо с: { $value }
settings-button-quiet-to = ☀️ Тихо до: { $value }
settings-button-time-zone = 🕓 { $value }
settings-roles = <b>Модераторы.</b> Администраторы меняют настройки и решают по карточкам, модераторы — только решают.
settings-button-roles = 🛡 Модераторы
settings-button-dismiss = Снять: { $name }
settings-button-others = 💬 Другой чат
settings-button-unlink = ⛓ Отвязать
settings-button-unlink-yes = Да, отвязать
settings-button-back = ← Назад
settings-button-close = ✖️ Закрыть
settings-button-private = ⚙️ Открыть настройки

# Карточки модераторов
press-no-right = Это могут только модераторы сообщества.

card-heading-moderate = ⚠️ <b>Похоже на оскорбление</b> · { $chat }
card-heading-care = 💛 <b>Человек огорчён — ему бы ответить</b> · { $chat }
card-heading-reported = 🚩 <b>Пожаловались участники</b> · { $chat }
card-heading-raid =
    🌊 <b>Набег</b> · { $chat }
    { $messages ->
        [one] { $messages } сообщение
        [few] { $messages } сообщения
       *[many] { $messages } сообщений
    } от { $senders ->
        [one] { $senders } человека
       *[other] { $senders } человек
    }
card-somebody = Кто-то
card-link = сообщение
card-no-text = (без слов)
card-more =
    … и ещё { $count ->
        [one] { $count } сообщение
        [few] { $count } сообщения
       *[many] { $count } сообщений
    }
card-edited = ✏️ Автор правил текст; показан последний вариант.
card-edited-before = ✏️ Автор правил текст; сначала было:
card-why = Почему: { $reasons }
card-model = модель <code>{ $model }</code>
card-taken = 🙋 Отвечает { $name }
card-outcome-deleted = 🗑 Удалено. Решение: { $name }
card-outcome-warned = ⚠️ Предупреждение автору. Решение: { $name }
card-outcome-deleted-by-bot = 🤖 Удалено ботом: так настроено в этом сообществе
card-outcome-muted-hour = 🔇 Удалено, час тишины. Решение: { $name }
card-outcome-muted-day = 🔇 Удалено, сутки тишины. Решение: { $name }
card-outcome-banned = ⛔ Удалено, автор забанен. Решение: { $name }
card-outcome-left = 👌 Оставлено. Решение: { $name }
card-outcome-answered = ✅ Ответили. Отметка: { $name }
card-outcome-wrong = ✏️ Модель ошиблась. Поправка: { $name }
card-outcome-wrong-label = ✏️ Модель ошиблась, на деле: { $label }. Поправка: { $name }
card-failed = ⚠️ Не вышло { $what }: { $why }
card-undone = ↩️ Отменено: { $name }
card-lifted = ⚖️ По апелляции отменено для { $who }. Рассудил(а): { $name }
card-lifted-more =
    … и ещё для { $count ->
        [one] { $count } человека
       *[other] { $count } человек
    }

card-button-deleted = 🗑 Удалить
card-button-warned = ⚠️ Предупредить
card-button-muted-hour = 🔇 На час
card-button-muted-day = 🔇 На сутки
card-button-banned = ⛔ Забанить
card-button-left = 👌 Оставить
card-button-answered = ✅ Ответили
card-button-take = 🙋 Отвечу я
card-button-fix = ✏️ Модель ошиблась
card-button-back = ← Назад
card-button-undo = ↩️ Отменить

card-said-deleted = Удаляю
card-said-warned = Предупреждаю
card-said-muted-hour = Удаляю, час тишины
card-said-muted-day = Удаляю, сутки тишины
card-said-banned = Удаляю и баню
card-said-left = Оставляю как есть
card-said-answered = Отмечено
card-said-taken = За вами
card-said-undone = Отменяю
card-said-too-late = Уже решено: посмотрите на карточку

label-toxic = оскорбление
label-ok = не оскорбление

reason-toxic-over = вероятность оскорбления не ниже порога { $percent } %
reason-negative-over = вероятность негатива не ниже порога { $percent } %
reason-newcomer = автор здесь недавно, для новичков порог { $percent } %
reason-acted-over = от { $percent } % бот удаляет сам
reason-reported = пожаловались участники: { $percent }

measure-delete = удалить сообщение
measure-warn = предупредить вслух
measure-unwarn = снять предупреждение вслух
measure-mute = заставить молчать
measure-ban = забанить
measure-unmute = вернуть голос
measure-unban = разбанить
measure-restore = вернуть сообщение
refusal-no-rights = у меня нет на это прав — дайте их в настройках группы
refusal-cannot-delete = Telegram разрешает удалять только свежие сообщения (48 часов)
refusal-is-admin = это администратор
refusal-moved = группа переехала, её старые сообщения недоступны
refusal-is-moderator = это модератор сообщества
refusal-banned-already = уже забанен
refusal-silent-already = и так молчит, и дольше
refusal-banned-besides = забанен ещё и за другое
refusal-silent-besides = молчит ещё и за другое
refusal-basic-group = Telegram умеет это только в супергруппах
refusal-too-late = срок уже вышел
refusal-is-channel = канал можно только забанить
refusal-restarted = я как раз перезапускался и не знаю, дошло ли сообщение
restored = ↩️ Модераторы вернули сообщение. { $name }: <blockquote>{ $text }</blockquote>
warned = ⚠️ { $who }, это предупреждение { $number } из { $most }. Давайте без оскорблений.
warned-and-muted = 🔇 { $who }, это предупреждение { $number } из { $most } — сутки тишины. Не согласны? Напишите мне в личку /appeal.
unwarned = ↩️ Модераторы сняли предупреждение: { $who }
warned-more =
    … и ещё { $count ->
        [one] { $count } человек
        [few] { $count } человека
       *[many] { $count } человек
    }

# Жалобы и апелляции
report-where = Чтобы пожаловаться, ответьте командой /report на само сообщение в группе. Жалобу увидят только модераторы.
report-unheard = Вы пожаловались на сообщение в «{ $chat }», но жалобы оттуда пока никому не приходят: администраторы не выбрали чат модераторов. Напишите кому-нибудь из них напрямую.
report-how-to-hear = Жалобы (/report) здесь пока никому не приходят: не выбран чат модераторов. Администраторы могут выбрать его командой /link.
appeal-nothing = За последние семь дней ваших сообщений не касалось ни одно решение, которое ещё можно оспорить.
appeal-choose = С каким решением вы не согласны? Его пересмотрит другой модератор.
appeal-gone = Это решение уже нельзя оспорить
appeal-asked-open = 📨 Передал. Решение пересмотрит другой модератор, а я сразу напишу вам, что он скажет.
appeal-asked-upheld = Эту апелляцию уже рассмотрели: решение остаётся в силе.
appeal-asked-taken-back = Это решение уже отменено.
appeal-course-open =
    ⏳ «{ $chat }», «{ $text }»
    Апелляция передана. Её рассудит другой модератор, и я сразу напишу.
appeal-course-upheld =
    👎 «{ $chat }», «{ $text }»
    Апелляцию рассмотрели: решение остаётся в силе.
appeal-course-taken-back =
    ↩️ «{ $chat }», «{ $text }»
    Решение отменено.
appeal-heading = ⚖️ <b>Апелляция</b> · { $chat }
appeal-question = Автор не согласен с решением. Что решено и кем — намеренно не показываю: рассудите свежим взглядом.
appeal-button-uphold = 👎 Решение верное
appeal-button-back = ↩️ Отменить решение
appeal-said-upheld = Решение остаётся в силе
appeal-said-taken-back = Отменяю решение
appeal-own-decision = Это решали вы. Пусть посмотрит кто-то другой — так честнее.
appeal-own-message = Это ваше сообщение. Пусть рассудит кто-то другой.
appeal-outcome-upheld = 👎 Решение оставлено в силе. Рассудил(а): { $name }
appeal-outcome-taken-back = ↩️ Решение отменено. Рассудил(а): { $name }
appeal-result-upheld =
    ⚖️ Ваше сообщение в «{ $chat }» посмотрел другой модератор. Решение остаётся в силе.
    <blockquote>{ $text }</blockquote>
appeal-result-taken-back =
    ⚖️ Ваше сообщение в «{ $chat }» посмотрели ещё раз. Решение отменено — спасибо, что сказали.
    <blockquote>{ $text }</blockquote>

# /label
command-label = Разметить тексты: так модель учится
ask-no-community = Размечать могут модераторы сообществ, с которыми я связан. Если вы модератор, попросите администратора связать чат со мной: /link.
ask-in-private = Размечаем в личном чате, чтобы не шуметь здесь: @{ $bot }, команда /label.
ask-question = 🏷 <b>Какое настроение у этого текста?</b>
ask-question-toxicity = 🏷 <b>Есть ли здесь оскорбление или угроза?</b>
ask-conflict = ⚖️ Модераторы разошлись во мнениях — рассудите, пожалуйста.
ask-progress =
    Размечено { $total }, сегодня { $today } · { $changed ->
        [0] модель пока права
        [one] модель поправлена { $changed } раз
        [few] модель поправлена { $changed } раза
       *[many] модель поправлена { $changed } раз
    }
ask-none-left = 🎉 <b>Новых текстов для разметки нет.</b> Загляните позже: придут сообщения — найдутся и вопросы.
ask-skip = Пропустить →
ask-back = ↩️ Назад
ask-skipped = Пропущено
ask-went-back = Прошлый ответ отменён
ask-gone = Этот текст изменился или удалён. Вот следующий.
ask-corrected = Записано: { $label }. Модель думала: { $shown }

# /stats
stats-heading = 📊 <b>{ $title }</b>
stats-heading-all = 📊 <b>Все ваши сообщества: { $count }</b>
stats-none =
    Статистику я показываю администраторам сообществ, с которыми я связан.

    Если вы администратор, свяжите со мной чат: /link.
stats-not-admin = Статистику я показываю только администраторам сообщества. Если вы пишете анонимно, спросите меня в личке: /stats.
stats-labels =
    { $count ->
        [one] { $count } метка
        [few] { $count } метки
       *[many] { $count } меток
    }
stats-no-labels = Меток за 30 дней нет. Разметить: /label
stats-quality =
    <b>{ $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }</b> · { $labels }
    верно { $accuracy }
    macro-F1 { $f1 }
stats-estimate = { $value } % <i>({ $low }–{ $high })</i>
stats-few =
    <b>{ $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    }</b> · { $labels }
    { $more ->
        [one] Чтобы судить о модели, нужна ещё { $more } метка: /label
        [few] Чтобы судить о модели, нужны ещё { $more } метки: /label
       *[many] Чтобы судить о модели, нужно ещё { $more } меток: /label
    }
stats-task-few = { $task }: { $labels }, нужно ещё { $more }
stats-coverage = о { $percent } % потока, об остальном меток нет
stats-calibration = Уверенность расходится с правотой на { $percent } % <i>(ECE)</i>
stats-agreement =
    { $pairs ->
        [one] Согласие людей: κ { $kappa }, { $pairs } пара меток
        [few] Согласие людей: κ { $kappa }, { $pairs } пары меток
       *[many] Согласие людей: κ { $kappa }, { $pairs } пар меток
    }
stats-agreement-few =
    { $pairs ->
        [one] Согласие людей: κ { $kappa }, всего { $pairs } пара меток
        [few] Согласие людей: κ { $kappa }, всего { $pairs } пары меток
       *[many] Согласие людей: κ { $kappa }, всего { $pairs } пар меток
    }
stats-drift-none = Поток за неделю не изменился <i>(PSI { $index })</i>
stats-drift-slight = Поток за неделю немного изменился <i>(PSI { $index })</i>: { $shares }
stats-drift-great = ⚠️ Поток за неделю сильно изменился <i>(PSI { $index })</i>: { $shares }
stats-drift-share = { $label } { $before } → { $now } %
stats-speed =
    { $texts ->
        [one] <b>Скорость</b> · { $texts } текст за 7 дней
        [few] <b>Скорость</b> · { $texts } текста за 7 дней
       *[many] <b>Скорость</b> · { $texts } текстов за 7 дней
    }
stats-speed-none = <b>Скорость</b> · за 7 дней текстов не было
stats-waiting = очередь
stats-scoring = модель
stats-total = всего
stats-milliseconds = { $count } мс
stats-seconds = { $count } с
stats-now = Сейчас: { $rate } сообщ./с · ждут { $waiting } · не прочитано { $dead }
stats-workers =
    { $count ->
        [0] ⚠️ Ни один воркер не отвечает
        [one] { $count } воркер: { $devices }
        [few] { $count } воркера: { $devices }
       *[many] { $count } воркеров: { $devices }
    }
stats-devices = { $count } × { $device } ({ $engine })
stats-present = <b>Модель <code>{ $model }</code></b> · с { $since }
stats-present-task = { $task }: верно { $accuracy }, F1 { $f1 }, { $labels }
stats-present-no-labels = Меток на её ответах пока нет
stats-present-speed = p50 { $p50 }, p95 { $p95 }, p99 { $p99 }
stats-communities = <b>По сообществам</b>
stats-community = <b>{ $title }</b>
stats-community-task = { $task } { $percent } % ({ $labels })
stats-community-texts =
    { $texts ->
        [one] { $texts } текст
        [few] { $texts } текста
       *[many] { $texts } текстов
    } за неделю, p99 { $p99 }
stats-community-silent = за неделю текстов не было
stats-communities-more = … и ещё { $count }
stats-footnote = <i>В скобках — интервал 95 %. Доли пересчитаны на весь поток: размечают чаще то, в чём модель не уверена.</i>
picture-all = Все сообщества: { $count }
picture-few = { $labels }, мало
picture-percent = { $count } %
picture-change = Было → стало
picture-change-f1 = macro-F1 { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
picture-true = на деле
picture-said = сказала модель
picture-reliability = Верить ли уверенности
picture-confidence = уверенность, %
picture-right = верно, %
picture-latency = Время ответа
picture-nothing = пока нет данных

# /mood
mood-heading = 🌡 <b>{ $title }</b> · { $period }
mood-with-discussion = <i>вместе с обсуждением «{ $title }»</i>
mood-hours =
    { $count ->
        [one] { $count } час
        [few] { $count } часа
       *[many] { $count } часов
    }
mood-days =
    { $count ->
        [one] { $count } день
        [few] { $count } дня
       *[many] { $count } дней
    }
mood-votes =
    { $count ->
        [one] { $count } голос
        [few] { $count } голоса
       *[many] { $count } голосов
    }
mood-messages =
    { $count ->
        [one] { $count } сообщение
        [few] { $count } сообщения
       *[many] { $count } сообщений
    }
mood-score = Настроение <b>{ $score }</b> <i>({ $interval })</i>
mood-few = Пока написали слишком мало, чтобы судить о настроении.
mood-no-before = Сравнить не с чем: перед этим написали слишком мало.
mood-change-up = 📈 Раньше было { $before }: стало лучше, { $by } <i>({ $interval })</i>
mood-change-down = 📉 Раньше было { $before }: стало хуже, { $by } <i>({ $interval })</i>
mood-change-none = Раньше было { $before }: разница { $by } <i>({ $interval })</i>, её может объяснить и случай
mood-volume = { $votes } · { $messages }
mood-silent = За это время никто ничего не написал.
mood-threads = <b>Где говорили больше всего</b>
mood-thread = • { $thread } · { $score } · { $votes }
mood-thread-unnamed = ветка № { $number }
mood-posts-best =
    { $count ->
        [one] <b>Теплее всего отвечают</b> <i>(из { $count } поста)</i>
       *[many] <b>Теплее всего отвечают</b> <i>(из { $count } постов)</i>
    }
mood-posts-worst = <b>Холоднее всего</b>
mood-own-best =
    { $count ->
        [one] <b>Самые светлые посты</b> <i>(из { $count } поста)</i>
       *[many] <b>Самые светлые посты</b> <i>(из { $count } постов)</i>
    }
mood-own-worst = <b>Самые мрачные</b>
mood-own-post = • { $post } · { $score }
mood-examples = <b>Например</b>
mood-words-more = <b>Говорят чаще:</b> { $words }
mood-words-less = <b>Говорят реже:</b> { $words }
mood-words-note =
    { $texts ->
        [one] <i>Слова сравниваю по { $texts } тексту этого и прежнего времени.</i>
       *[many] <i>Слова сравниваю по { $texts } текстам этого и прежнего времени.</i>
    }
mood-footnote = <i>Настроение — доля позитивного минус доля негативного, от −100 до 100; в скобках интервал 95 %. Кто бы сколько ни писал, за час в одной ветке это один голос, а копии одного текста — не больше одного.</i>
mood-button-shown = · { $period } ·
mood-choice = { $title }
mood-choice-watched = 👀 { $title }
mood-choose = 🌡 О каком сообществе рассказать?
mood-none =
    О настроении сообществ я рассказываю их администраторам.

    Если вы администратор, свяжите со мной чат: /link.
mood-not-admin = О настроении сообщества я рассказываю только его модераторам. Если вы пишете анонимно, спросите меня в личке: /mood.
mood-period-how =
    Можно так:
    /mood 24h — за сутки
    /mood 7d, /mood 30d — за столько дней
    /mood 01.11–15.11 — с какого по какое
    /mood 2026-11-01..2026-11-15
mood-period-unreadable = Не понимаю, за какое время.
mood-period-no-such-day = Такого дня в календаре нет.
mood-period-backwards = Конец здесь раньше начала.
mood-period-future = Это время ещё не наступило.
mood-period-too-long = Это слишком долго: я помню настроение по часам не дальше 72 часов и по дням не дальше { $days }.
mood-picture-volume = Голоса
mood-picture-note = светлым — все сообщения
mood-picture-outside = Внутри и снаружи
mood-picture-nothing = за это время никто не писал

# Обучение: /retrain
command-retrain = Обучить модель на метках
command-models = Версии модели
command-rollback = Вернуть прежнюю версию
command-report = Пожаловаться на сообщение (ответом на него)
command-appeal = Оспорить решение модераторов

training-progress =
    🎓 <b>Учу модель</b> на { $labels ->
        [one] { $labels } размеченном тексте
       *[other] { $labels } размеченных текстах
    }
    <code>{ $bar } { $percent } %</code>
    { $step }
training-step-queued = Жду своей очереди
training-step-preparing = Готовлю тексты
training-step-training = Учу
training-step-judging = Сверяю с прежней на незнакомых текстах
training-step-interrupted = Обучение прервалось. Продолжу с сохранённого места, как только вернётся обучающий процесс
training-step-resumed = Учу дальше: обучение прерывалось и продолжается
training-step-done = Подвожу итог
training-step-cancelling = Останавливаю
training-left-seconds = осталось меньше минуты
training-left-minutes =
    { $minutes ->
        [one] осталась примерно { $minutes } минута
        [few] осталось примерно { $minutes } минуты
       *[many] осталось примерно { $minutes } минут
    }
training-button-cancel = ✖️ Остановить
training-button-start = 🎓 Обучить
training-button-later = Не сейчас
training-over =
    🎓 Учил модель на { $labels ->
        [one] { $labels } размеченном тексте
       *[other] { $labels } размеченных текстах
    }. Итог ниже.
training-proposal =
    🎓 С прошлого обучения { $labels ->
        [one] прибавился { $labels } размеченный текст
        [few] прибавилось { $labels } размеченных текста
       *[many] прибавилось { $labels } размеченных текстов
    }. Обучить модель? Новая заменит прежнюю, только если окажется лучше.

training-proposal-drift =
    📈 За неделю поток сильно изменился (как именно, покажет /stats), и модель ошибается по-новому. С прошлого обучения { $labels ->
        [one] прибавился { $labels } размеченный текст
        [few] прибавилось { $labels } размеченных текста
       *[many] прибавилось { $labels } размеченных текстов
    }, а /label добавит ещё. Обучить модель? Новая заменит прежнюю, только если окажется лучше.
training-no-trainer =
    Сейчас учить некому: обучающий процесс не запущен.

    Тому, кто держит бота, нужно один раз выполнить <code>make trainer</code> и снова <code>make run</code> — или запустить <code>python -m worker.trainer</code> рядом. Потом повторите /retrain.
training-no-labels = Учить пока не на чем: нет ни одного размеченного текста, о котором люди согласны. Разметьте несколько — /label — и повторите /retrain.
training-busy = Одно обучение уже идёт. Дождитесь его итога или остановите кнопкой под ним.
training-said-ordered = Начинаю
training-said-refused = Не получилось
training-said-cancelling = Останавливаю
training-said-over = Это обучение уже закончилось
training-said-later = Хорошо. Захотите — /retrain

training-promoted =
    🎉 <b>Модель стала лучше и уже служит</b>
    Теперь <code>{ $version }</code>, была <code>{ $champion }</code>
training-kept =
    🤝 <b>Прежняя модель остаётся</b>
    Служит <code>{ $champion }</code>, новая <code>{ $version }</code> сохранена в /models
training-nothing-made = 🤝 <b>Новой модели не вышло.</b> Служит прежняя.
training-failed = 😕 <b>Обучить не получилось.</b> Служит прежняя модель.
training-cancelled = ✋ <b>Обучение остановлено.</b> Служит прежняя модель.
training-change =
    <b>{ $task }</b> · { $set }, { $count ->
        [one] { $count } текст
        [few] { $count } текста
       *[many] { $count } текстов
    }
training-set-community = ваши метки
training-new-task = новое умение: верно { NUMBER($accuracy, style: "percent") }, macro-F1 { NUMBER($f1, minimumFractionDigits: 2, maximumFractionDigits: 2) }
training-accuracy = Верно: { NUMBER($before, style: "percent") } → <b>{ NUMBER($after, style: "percent") }</b>
training-macro-f1 = Macro-F1: { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → <b>{ NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }</b>
training-ece = Ошибка уверенности: { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
training-recalls = Найдено: { $recalls }
training-recall = { $label } { NUMBER($before, style: "percent") } → { NUMBER($after, style: "percent") }
training-better = 👍 <b>Теперь верно</b>
training-worse = 👎 <b>Было верно, теперь нет</b>
training-example = «{ $text }»: { $before } → { $after }
training-picture = Что на деле и что сказала модель: было → стало

task-sentiment = Настроение
task-toxicity = Токсичность

why-better = Macro-F1 на { $texts ->
        [one] { $texts } отложенном тексте
       *[other] { $texts } отложенных текстах
    } выросла с { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } до { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }, и это не случайность (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
why-not-better = Разница на { $texts ->
        [one] { $texts } отложенном тексте
       *[other] { $texts } отложенных текстах
    } может быть случайной: macro-F1 { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) } (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
why-recall-fell = Хуже находит «{ $label }»: { NUMBER($before, style: "percent") } → { NUMBER($after, style: "percent") }
why-forgot = Забывает прежнее ({ $on }): { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
why-worse-calibrated = Хуже знает, в чём уверена: ошибка { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
why-too-slow = Слишком медленна: на текст уходит в { NUMBER($times, maximumFractionDigits: 1) } раза больше времени
why-too-few-held-out = Для проверки мало текстов: { $texts }, а нужно хотя бы { $needed }. Разметьте ещё — /label
why-too-few-labels = Мало размеченных текстов: { $labels }, а нужно хотя бы { $needed }. Разметьте ещё — /label
why-nothing-new = С прошлого обучения новых меток не было
why-crashed = Обучение прервалось с ошибкой: { $error }
why-kept-crashing = Обучение обрывалось { $times ->
        [one] { $times } раз
        [few] { $times } раза
       *[other] { $times } раз
    } подряд, больше не пробую. Хватает ли обучающему процессу памяти?
why-out-of-time = Не уложилось в { $minutes } мин
why-lost = Обучающий процесс пропал. Проверьте, что он запущен, и повторите /retrain
why-champion-changed = Пока она училась, включили { $version }: сама новая её не сменит
why-version-unknown = Версии { $version } больше нет: посмотрите /models
why-version-serves = { $version } сейчас служит: сначала включите другую
why-version-is-base = { $version } — исходная модель, она всегда под рукой
why-nothing-before = До { $version } никто не служил, возвращаться некуда. Другую версию можно включить в /models
why-registry-failed = Хранилище моделей недоступно: { $error }

# Версии модели: /models, /rollback
models-not-allowed = Это могут те, кто управляет моделью: операторы бота (OPERATORS), а если они не названы — админы сообществ, связанных через /link.
models-no-worker = Ни один воркер не ответил. Проверьте /ping: без воркера версии не переключить.
models-gone = Этой версии уже нет в списке: посмотрите /models
models-heading =
    🧠 <b>Версии модели</b> · { $count }
models-older = … и ещё { $count }, постарше
models-serving = ✅ <b>{ $version }</b> — служит
models-version = ▫️ <b>{ $version }</b>
models-base = исходная
models-parent = из { $version }
models-figures =
    { $set }: верно { NUMBER($accuracy, style: "percent") }, macro-F1 { NUMBER($f1, minimumFractionDigits: 2, maximumFractionDigits: 2) } ({ $count ->
        [one] { $count } текст
        [few] { $count } текста
       *[many] { $count } текстов
    })
models-rolled-back =
    ↩️ Снова служит <code>{ $version }</code>
    <code>{ $before }</code> осталась в /models
models-promoted =
    ✅ Теперь служит <code>{ $version }</code>, была <code>{ $before }</code>
    Вернуть — /rollback
models-said-serves = Теперь служит она
models-said-deleted = Удалена
models-said-sure = Точно? Её будет не вернуть
models-said-kept = Вот что есть
models-said-refused = Не получилось
model-button-promote = ▶️ { $version }
model-button-delete = 🗑
model-button-sure = 🗑 Да, удалить { $version }
model-button-keep = ← Оставить
model-button-back = ↩️ Вернуть { $version }
model-button-anyway = ▶️ Всё равно включить { $version }

# Проверка версии на живых сообщениях
models-tried = 👀 <b>{ $version }</b> — проверяется на живых сообщениях
models-try-how = 👀 — проверить на живых сообщениях: версия оценивает их рядом с той, что служит, и ничего не решает
shadow-started =
    👀 <b>Проверяю { $version } на живых сообщениях</b>

    Она оценивает их рядом с { $champion }, но ничего не решает. Где версии разойдутся, /label спросит модераторов первым делом — и не скажет, кто что думает.

    Итог пришлю сюда, когда рассудят { $needed ->
        [one] { $needed } расхождение
        [few] { $needed } расхождения
       *[many] { $needed } расхождений
    }, самое позднее через неделю.
shadow-standing = 👀 <b>{ $version } проверяется</b> рядом с { $champion }
shadow-standing-judged = Рассудили { $judged } из { $needed }. Вопросы ждут в /label
shadow-not-running = ⚠️ Сейчас её не запускает ни один воркер: почему — в его журнале. Сообщения идут как обычно.
shadow-nothing-compared = Сравнивать пока нечего: сообщений ещё не было.
shadow-ended-judged = 👀 <b>Проверка { $version } закончена</b>
shadow-ended-time = 👀 <b>Проверка { $version } закончена</b>: прошла неделя
shadow-ended-stopped = 👀 <b>Проверка { $version } остановлена</b>
shadow-ended-over = 👀 <b>Проверка { $version } прервалась</b>: { $champion }, с которой я её сравнивал, больше не служит, или саму версию удалили
shadow-task = <b>{ $task }</b>: сошлись { $agreed }, разошлись { $differed }
shadow-judged =
    Рассудили { $judged ->
        [one] { $judged } расхождение
        [few] { $judged } расхождения
       *[many] { $judged } расхождений
    }:
    { $version } права — { $challenger }
    { $champion } права — { $before }
    обе ошиблись — { $neither }
shadow-unjudged = Расхождений никто не рассудил: они ждали ответов в /label.
shadow-same = Ни разу не разошлись: менять одну на другую нет смысла.
shadow-better = 👍 <b>{ $version } чаще права</b>, и это не случайность (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
shadow-worse = 👎 <b>{ $champion } чаще права</b>, и это не случайность (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
shadow-unclear = 🤷 Кто лучше, ещё не видно: такой счёт бывает и случайно (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
shadow-examples-challenger = 👍 <b>Права { $version }</b>
shadow-examples-champion = 👎 <b>Права { $champion }</b>
shadow-example = <a href="{ $link }">«{ $text }»</a>: { $before } → { $after }
shadow-button-try = 👀 Проверить на живых сообщениях
shadow-button-try-short = 👀
shadow-button-look = 👀 Как идёт проверка
shadow-button-stop = ⏹ Закончить проверку
shadow-button-promote = ▶️ Включить { $version }
shadow-button-leave = 👌 Оставить как есть
shadow-said-started = Начинаю
shadow-said-stopping = Заканчиваю
shadow-said-over = Эта проверка уже закончилась
shadow-said-left = Хорошо, всё остаётся как есть
why-version-serves-already = { $version } и так служит
why-another-is-tried = Уже проверяется другая версия. Сначала закончите ту проверку: /models

# /import, /export
command-import = Загрузить разметку из файла
command-export = Скачать разметку
import-no-community = Загружать разметку могут администраторы сообществ, с которыми я связан. Свяжите чат со мной: /link.
import-how =
    <b>Пришлите файл CSV</b> с колонками <code>text</code> и <code>label</code>, до 5 МБ и 20 000 строк:

    <pre>text,label
    "Спасибо, всё понравилось",positive
    Заказ так и не пришёл,negative
    Сам ты такой,toxic</pre>

    Метки: <code>negative</code>, <code>neutral</code>, <code>positive</code>, а об оскорблениях — <code>ok</code> и <code>toxic</code>.
import-where = Для какого сообщества эта разметка?
import-reading = Читаю файл…
import-gone = Я уже не вижу этот файл. Пришлите его ещё раз.
import-no-right = Это могут только администраторы сообщества.
import-done =
    📥 <b>{ $added ->
        [0] Ничего нового
        [one] Добавлена { $added } метка
        [few] Добавлено { $added } метки
       *[many] Добавлено { $added } меток
    }</b>{ $known ->
        [0] {""}
       *[other] , уже были: { $known }
    }
import-conflicts =
    ⚖️ { $conflicts ->
        [one] { $conflicts } текст размечен раньше иначе
        [few] { $conflicts } текста размечены раньше иначе
       *[many] { $conflicts } текстов размечены раньше иначе
    }: спрошу модераторов в /label.
import-contradicting =
    Пропущено строк: { $rows }. В них один и тот же текст с разными метками.
import-encoding = ℹ️ Файл в кодировке { $encoding }, я прочитал его так. Надёжнее сохранять в UTF-8.
import-refused =
    ⛔ <b>Файл не принят, ничего не записано.</b>
    { $reason }
import-refused-too-big = Он больше { $megabytes } МБ.
import-refused-too-many = В нём больше { $rows } строк. Разделите его на части.
import-refused-encoding = Строка { $row }: не читается как UTF-8. Сохраните файл в UTF-8.
import-refused-no-header = В первой строке должны быть названия колонок: text и label.
import-refused-no-rows = В нём нет ни одной строки с текстом.
import-refused-columns = Строка { $row }: колонок { $found }, а в первой строке { $wanted }. Текст с запятыми возьмите в кавычки.
import-refused-quotes = Строка { $row }: кавычка не закрыта. Кавычки внутри текста удваивают.
import-refused-empty-text = Строка { $row }: нет текста.
import-refused-long-text = Строка { $row }: текст длиннее { $most } знаков.
import-refused-no-label = Строка { $row }: нет метки.
import-refused-label = Строка { $row }: метки «{ $label }» я не знаю. Есть negative, neutral, positive, ok и toxic.
export-caption =
    📤 { $labels ->
        [one] { $labels } метка
        [few] { $labels } метки
       *[many] { $labels } меток
    }. Этот файл можно править и вернуть через /import.
export-mood-where = Чьи оценки выгрузить?
export-how = Выгрузить можно разметку — <code>/export</code> — или оценки сообщений: <code>/export mood 7d</code>.
export-mood-how =
    Такого срока я не понял. Вот как можно:
    <code>/export mood 7d</code>
    <code>/export mood 01.11–15.11 jsonl</code>
    Без срока — за 30 дней, в CSV; год — самое большее.
export-mood-writing = Собираю файл…
export-mood-done = 📤 Файл готов.
export-mood-nothing = За это время оценок нет.
export-mood-caption =
    📤 «{ $chat }»: { $messages ->
        [one] { $messages } оценённое сообщение
        [few] { $messages } оценённых сообщения
       *[many] { $messages } оценённых сообщений
    }. Авторы под случайными именами, в каждом файле новыми.
export-mood-cut =
    📤 «{ $chat }»: первые { $messages ->
        [one] { $messages } сообщение
        [few] { $messages } сообщения
       *[many] { $messages } сообщений
    } — больше в файл для Telegram не помещается. Остальное получите, если взять срок покороче.
export-nothing = Разметки пока нет. Начните с /label или пришлите файл: /import.
export-no-community = Разметку получают администраторы сообществ, с которыми я связан. Свяжите чат со мной: /link.

# /forget
command-forget = Стереть мои тексты и метки
forget-ask-self =
    <b>Забыть вас?</b>
    Я сотру у себя тексты всех ваших сообщений и разметку: вашу и на ваших текстах. Из чатов Telegram сообщения не пропадут, а вернуть стёртое будет нельзя.
forget-ask =
    <b>Забыть человека { $person }?</b>
    Я сотру у себя тексты его сообщений в этом сообществе и разметку: его и на его текстах. Вернуть будет нельзя.
forget-yes = 🗑 Да, забыть
forget-no = Нет, оставить
forget-whom = Кого забыть? Ответьте этой командой на сообщение человека или напишите его номер: <code>/forget 123456789</code>.
forget-no-right = Это может только сам человек или администратор сообщества.
forget-kept = Оставил всё как есть.
forget-begun = Забываю…
forget-done-self =
    🗑 <b>Забыл вас.</b> { $texts ->
        [one] Стёрт { $texts } текст
        [few] Стёрто { $texts } текста
       *[many] Стёрто { $texts } текстов
    } и { $labels ->
        [one] { $labels } метка
        [few] { $labels } метки
       *[many] { $labels } меток
    }.
forget-done =
    🗑 <b>Забыл этого человека.</b> { $texts ->
        [one] Стёрт { $texts } текст
        [few] Стёрто { $texts } текста
       *[many] Стёрто { $texts } текстов
    } и { $labels ->
        [one] { $labels } метка
        [few] { $labels } метки
       *[many] { $labels } меток
    }.
forget-no-versions = Ни одна версия модели на них не училась.
forget-versions =
    { $count ->
        [one] На них училась версия: { $versions }.
       *[other] На них учились версии ({ $count }): { $versions }.
    } Администраторы удаляют версии в /models.

# /watch
watch-no-community = Следить за каналами я могу для сообщества: привяжите его командой /link, и если вы его администратор, попробуйте ещё раз.
watch-not-admin = За какими каналами следить, решают администраторы сообщества. Если вы пишете анонимно, спросите меня в личке: /watch.
watch-no-channel =
    Не узнаю канала. Пришлите его имя или ссылку, например <code>/watch @durov</code>. Канал должен быть публичным.
watch-where = Для какого сообщества следить за @{ $name }?
watch-begun = 👀 Слежу за @{ $name } для «{ $chat }». Сейчас почитаю и скажу, получилось ли.
watch-own = Посты @{ $name } приходят мне и так: за своим каналом следить не нужно. Настроение покажет /mood.
watch-already = За @{ $name } уже слежу для «{ $chat }».
watch-too-many = Больше { $most } каналов на сообщество я не осилю. Уберите какой-нибудь: /unwatch
watch-stopped = Больше не слежу за @{ $name }. То, что прочитано, останется.
watch-stopped-short = Больше не слежу
watch-was-not = За @{ $name } я и не следил.
watch-nothing = Пока не слежу ни за одним каналом. Чтобы начать: <code>/watch @имя</code>
watch-list = 👀 <b>Слежу за каналами</b>
watch-line =
    @{ $name } · { $outcome ->
        [new] ещё не читал
        [read] { $posts ->
            [one] { $posts } пост
            [few] { $posts } поста
           *[many] { $posts } постов
        }
        [not-found] нет такого канала
        [no-reviews] постов не видно
       *[other] ⚠️ сейчас не читается
    }
watch-how = Настроение канала покажет /mood, а если негатива в постах станет больше обычного, напишу модераторам. Добавить: <code>/watch @имя</code>
watch-button-stop = ✖️ @{ $name }
watch-news-read =
    👀 @{ $name } читается: { $posts ->
        [one] уже { $posts } пост
        [few] уже { $posts } поста
       *[many] уже { $posts } постов
    }. Новые замечу сам, настроение покажет /mood.
watch-news-missing =
    @{ $name } не прочитать: { $outcome ->
        [not-found] такого канала нет
       *[other] его постов не видно снаружи — канал закрыт, или это не канал
    }. Если это опечатка, уберите его: /unwatch
watch-news-trouble =
    @{ $name } пока не читается: { $outcome ->
        [blocked] Telegram меня не пускает
        [robots] Telegram просит программы не читать эту страницу
        [busy] Telegram просит подождать
        [unreachable] до Telegram не достучаться
        [changed] страница выглядит непривычно
       *[other] что-то пошло не так
    }. Буду пробовать сам и скажу, когда получится.

# Отзывы по ссылке
command-reviews = Разобрать отзывы по ссылке
reviews-how =
    <b>Разберу отзывы на товар, приложение или место.</b>

    • Пришлите ссылку — прочитаю страницу сам.
    • Или файл: CSV с колонкой <code>text</code> (можно ещё <code>stars</code>) либо TXT, где отзывы разделены пустой строкой.
    • Или вставьте отзывы сюда: <code>/reviews</code>, а дальше текст, между отзывами — пустая строка.
reviews-reading = 🔎 Читаю отзывы: { $host }…
reviews-taking = 🔎 Читаю отзывы…
reviews-progress =
    { $reviews ->
        [one] Нашёлся { $reviews } отзыв
        [few] Нашлось { $reviews } отзыва
       *[many] Нашлось { $reviews } отзывов
    }, разобрано: { $scored }
reviews-model-away = ⏳ Модель сейчас не отвечает. Отзывы у меня: отчёт появится здесь, как только она вернётся.
reviews-title = 🗣 <b>{ $title }</b>
reviews-plain-title = Отзывы
reviews-title-none = 🗣 <b>Отзывы</b>
reviews-count =
    { $reviews ->
        [one] { $reviews } отзыв
        [few] { $reviews } отзыва
       *[many] { $reviews } отзывов
    }
reviews-count-of = прочитано { $reviews } из { $total }
reviews-wordless = без слов: { $count }
reviews-source-text = взято прямо из текста страницы, возможны неточности
reviews-read-before =
    Страницу читал { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    } назад.
reviews-partial = Это не все отзывы: дальше страница не отдаёт или я упёрся в предел.
reviews-few = ⚠️ Отзывов мало, доли приблизительны.
reviews-nothing-scored = Слов, по которым виден настрой, в отзывах не нашлось.
reviews-stars =
    ⭐ Звёзды: <b>{ $mean }</b> из 5 ({ $count ->
        [one] { $count } оценка
        [few] { $count } оценки
       *[many] { $count } оценок
    })
reviews-stars-yet = { $stars } звезды и меньше поставили только { $few } %, и всё же недовольны в словах { $percent } %.
reviews-stars-few = { $stars } звезды и меньше поставили { $few } %, а недовольны в словах { $percent } %.
reviews-stars-site = На сайте средняя — { $rating }.
reviews-rating = ⭐ На сайте <b>{ $rating }</b> из 5, а недовольны в словах { $percent } %.
reviews-gloomy =
    { $count ->
        [one] { $count } отзыв
        [few] { $count } отзыва
       *[many] { $count } отзывов
    } с { $stars }–5 звёздами — с недовольными словами.
reviews-rosy =
    { $count ->
        [one] { $count } отзыв
        [few] { $count } отзыва
       *[many] { $count } отзывов
    } с 1–{ $stars } звёздами — с добрыми словами.
reviews-praised = 👍 <b>Хвалят:</b> { $words }
reviews-cursed = 👎 <b>Ругают:</b> { $words }
reviews-wording = { $words } ({ $count })
reviews-quote = { $number }. «{ $text }»{ $stars }
reviews-button-quote = ✏️ { $number }
reviews-button-csv = 📄 CSV
reviews-button-anew = 🔄 Прочитать заново
reviews-button-back = ‹ Назад
reviews-button-paste = 📋 Как вставить отзывы
reviews-paste =
    Скопируйте отзывы и отправьте ответом на это сообщение. Между отзывами — пустая строка.
reviews-quote-how = Какой это отзыв на самом деле?
reviews-file-caption =
    📄 { $reviews ->
        [one] { $reviews } отзыв
        [few] { $reviews } отзыва
       *[many] { $reviews } отзывов
    }
reviews-gone = Этих отзывов у меня уже нет. Пришлите ссылку ещё раз.
reviews-wait-under-way = Я ещё читаю то, что вы прислали. Подождите отчёта и пришлите это ещё раз.
reviews-wait-too-often =
    За этот час вы прислали уже { $most } страниц. Передохнём: дальше — через { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }.
reviews-anew-short = Читаю заново
reviews-no-link = Не вижу здесь ссылки. Пришлите её целиком, например <code>/reviews https://сайт/товар</code>.
reviews-no-texts = В этом тексте не нашлось ни одного отзыва.

reviews-end-no-reviews =
    🤷 <b>На странице { $host } отзывов не нашлось.</b>
    Она открылась, но отзывов на ней нет или я их не узнал. Вставьте отзывы текстом — ответом на это сообщение, между ними пустая строка — или пришлите файлом CSV или TXT.
reviews-end-not-found =
    🔍 <b>Такой страницы нет:</b> { $host } отвечает, что она удалена или её не было. Проверьте ссылку.
reviews-end-blocked =
    🚧 <b>{ $host } меня не пускает.</b> Отзывы там могут быть, но сайт закрыт от программ. Вставьте их текстом — ответом на это сообщение — или пришлите файлом.
reviews-end-changed =
    🧩 <b>{ $host } изменился, и я его больше не понимаю.</b> Отзывы там могут быть. Сообщите тому, кто меня запускает, а пока вставьте их текстом — ответом на это сообщение.
reviews-end-robots =
    🤖 <b>{ $host } просит программы не читать эту страницу</b> (robots.txt), и я слушаюсь. Вставьте отзывы текстом — ответом на это сообщение — или пришлите файлом.
reviews-end-refused =
    🔒 <b>По таким адресам я не хожу.</b> Читаю только обычные открытые сайты: http или https, без паролей и внутренних адресов.
reviews-end-busy =
    ⏳ <b>К { $host } я ходил слишком часто</b> и не хочу ему мешать. Попробуйте через несколько минут.
reviews-end-unreachable =
    📡 <b>До { $host } не достучаться:</b> сайт не отвечает или такого адреса нет. Проверьте ссылку или попробуйте позже.
reviews-end-redirects =
    🔁 <b>{ $host } водит по кругу:</b> слишком много перенаправлений. Пришлите ссылку на саму страницу с отзывами.
reviews-end-too-big =
    🐘 <b>Страница { $host } слишком большая</b>, я не стал её читать. Вставьте отзывы текстом — ответом на это сообщение — или пришлите файлом.
reviews-end-too-slow =
    🐌 <b>{ $host } отвечает слишком медленно</b>, я не дождался. Попробуйте позже.
reviews-end-not-a-page =
    🖼 <b>По этой ссылке не страница</b>, а картинка, файл или программа. Пришлите ссылку на страницу с отзывами.
reviews-end-crashed =
    💥 <b>Я споткнулся об эту страницу</b> и прочитать её не смог. Отзывы там могут быть: попробуйте ещё раз или вставьте их текстом — ответом на это сообщение.
reviews-end-no-reader =
    🙈 <b>Страницы сейчас читать некому.</b> Нужно, чтобы работал процесс чтения: <code>python -m worker.reader</code>. А пока вставьте отзывы текстом — ответом на это сообщение — или пришлите файлом.
reviews-end-lost =
    🕳 <b>Чтение оборвалось:</b> от него давно ничего не слышно. Попробуйте ещё раз.

reviews-refused = ⛔ <b>Файл не прочитан.</b> { $reason }
reviews-refused-too-big = Он больше { $megabytes } МБ.
reviews-refused-too-many = В нём больше { $rows } отзывов. Разделите его на части.
reviews-refused-encoding = Строка { $row }: не читается ни как UTF-8, ни как windows-1251. Сохраните файл в UTF-8.
reviews-refused-no-header = В первой строке CSV должно быть название колонки text. Можно и stars.
reviews-refused-no-rows = В нём нет ни одного отзыва.
reviews-refused-columns = Строка { $row }: колонок { $found }, а в первой строке { $wanted }. Текст с запятыми возьмите в кавычки.
reviews-refused-quotes = Строка { $row }: кавычка не закрыта. Кавычки внутри текста удваивают.
reviews-refused-empty-text = Строка { $row }: нет текста.
reviews-refused-long-text = Строка { $row }: текст длиннее { $most } знаков.
reviews-refused-stars = Строка { $row }: звёзд «{ $stars }» не бывает. Нужно число от 1 до 5 или пусто.

reviews-picture-split = Что в словах
reviews-picture-stars = Что в словах при этих звёздах
reviews-picture-stars-note = средняя { $mean }

# Сигнал о негативе
alert-heading = 🌧 <b>Негатива стало больше обычного</b> · { $title }
alert-rose = С { $since } негативны <b>{ $now } %</b> голосов, а обычно в такие часы { $usual } %.
alert-votes =
    { $votes ->
        [one] За это время — { $votes } голос
        [few] За это время — { $votes } голоса
       *[many] За это время — { $votes } голосов
    }: негативных { $negative }, а обычно было бы { $expected }.
alert-heading-channel =
    🌧 <b>В канале негатива стало больше обычного</b> · { $title }
    <i>за ним следит «{ $community }»</i>
alert-rose-channel = С { $since } негативны <b>{ $now } %</b> голосов, а обычно { $usual } %.
alert-votes-channel =
    { $votes ->
        [one] За это время — { $votes } голос
        [few] За это время — { $votes } голоса
       *[many] За это время — { $votes } голосов
    } (час с постами — один голос): негативных { $negative }, а обычно было бы { $expected }.
alert-chance = <i>Одной случайностью это не объяснить.</i>
alert-thread = Больше всего — здесь: { $thread } ({ $percent } % прироста)
alert-judged-seen = 👀 Принято: { $name }
alert-judged-false = 🤷 Ложная тревога: { $name }. Какое-то время буду осторожнее.
alert-button-seen = 👀 Вижу, спасибо
alert-button-false = 🤷 Ложная тревога
alert-said-seen = Хорошо. Пока не станет спокойно, об этом больше не напишу
alert-said-false = Понял, буду осторожнее
alert-said-too-late = Уже отмечено: посмотрите на сообщение

# Сводка
digest-heading-daily = 🗞 <b>{ $title }</b> · за сутки до { $last }
digest-heading-weekly = 🗞 <b>{ $title }</b> · неделя { $first } – { $last }
digest-missed = <i>Прошлая сводка не вышла: в тот час я не работал.</i>
digest-no-cards = Карточек не было.
digest-cards =
    { $cards ->
        [one] Была { $cards } карточка
        [few] Было { $cards } карточки
       *[many] Было { $cards } карточек
    }{ $waiting ->
        [0] , все решены
        [one] , { $waiting } ждёт решения
       *[other] , { $waiting } ждут решения
    }{ $wrong ->
        [0] {""}
        [one] , { $wrong } признана ошибкой модели
       *[other] , { $wrong } признаны ошибкой модели
    }.
digest-busiest = <b>Больше всего говорили здесь</b>
digest-channels = <b>Каналы, за которыми слежу</b>
digest-channel =
    • { $channel } · { $score }{ $way ->
        [up] {" "}📈
        [down] {" "}📉
       *[none] {""}
    } · { $posts ->
        [one] { $posts } пост
        [few] { $posts } поста
       *[many] { $posts } постов
    }
digest-channel-few =
    • { $channel } · { $posts ->
        [0] постов не было
        [one] { $posts } пост: судить рано
        [few] { $posts } поста: судить рано
       *[many] { $posts } постов: судить рано
    }
digest-more = <i>Подробнее: /mood. Когда присылать сводку, решают в /settings.</i>

settings-name-alert = Сигнал о негативе
settings-name-digest = Сводка о настроении
settings-name-digest-hour = Час сводки
settings-about-alert = Если негатива становится заметно больше обычного, пишу модераторам: один раз за всплеск. О каналах, за которыми слежу, — тоже. Чем чувствительнее, тем больше ложных тревог: с «осторожно» — реже одной в год, с «обычно» — несколько в год, с «чутко» — до одной в месяц.
settings-about-digest = Коротко о настроении: стало лучше или хуже, сколько было карточек, о чём говорили. Приходит в чат модераторов, еженедельная — по понедельникам.
settings-about-digest-hour = В этот час по времени сообщества приходит сводка.
settings-alert-off = 🔕 выключен
settings-alert-low = осторожно
settings-alert-normal = обычно
settings-alert-high = чутко
settings-digest-off = 🔕 не присылать
settings-digest-daily = каждый день
settings-digest-weekly = каждую неделю
settings-digest-hour-value = { $value }:00
settings-button-alert = 🌧 Сигнал: { $value }
settings-button-digest = 🗞 { $value }
settings-button-digest-hour = 🕙 Сводка в { $value }
settings-button-send-now = 📨 Прислать сейчас
settings-sending = Присылаю
settings-button-read = 📬 Присылать и мне в личку
settings-button-read-not = 📭 Больше не присылать мне

# /products
products-no-community = Страницы товаров я читаю для сообщества: привяжите его командой /link, и если вы его администратор, попробуйте ещё раз.
products-not-admin = Какие страницы читать, решают администраторы сообщества. Если вы пишете анонимно, спросите меня в личке: /products.
products-how =
    Вот как можно:
    <code>/products add https://магазин/товар</code>
    <code>/products remove https://магазин/товар</code>
    /products — что уже привязано
products-where = Какому сообществу добавить эту страницу?
products-added = 🛒 Добавил <b>{ $name }</b> для «{ $chat }». Сейчас почитаю, что пишут покупатели, дальше — раз в день.
products-known = <b>{ $name }</b> уже есть у «{ $chat }».
products-too-many = Больше { $most } страниц на сообщество я не читаю. Уберите какую-нибудь: /products
products-removed = Убрал <b>{ $name }</b>, и всё, что я оттуда запомнил.
products-removed-short = Убрал
products-was-not = Страницы <b>{ $name }</b> у меня и не было.
products-nothing = Страниц пока нет. Добавьте ту, где покупатели пишут отзывы: <code>/products add https://магазин/товар</code> — и /mood покажет, что говорят снаружи и что внутри.
products-list = 🛒 <b>Где пишут покупатели</b>
products-line =
    • { $name } · { $outcome ->
        [new] ещё не читал
        [read] { $reviews ->
            [one] { $reviews } отзыв
            [few] { $reviews } отзыва
           *[many] { $reviews } отзывов
        }
        [no-reviews] отзывов не видно
        [not-found] ⚠️ такой страницы нет
        [blocked] ⚠️ сайт меня не пускает
       *[other] ⚠️ сейчас не читается
    }
products-footnote = Читаю раз в день и слов не храню, только оценки. Обе линии — в /mood.
products-button-read = 🔄 { $name }
products-button-remove = ✖️ { $name }
products-hurried = Прочитаю заново, но не чаще раза в час.
products-read =
    🛒 { $name }: { $reviews ->
        [0] прочитал, но отзывов со словами пока нет
        [one] прочитал { $reviews } отзыв
        [few] прочитал { $reviews } отзыва
       *[many] прочитал { $reviews } отзывов
    }. Что снаружи и что внутри, покажет /mood.
products-unread =
    🛒 { $name }: прочитать не вышло — { $outcome ->
        [no-reviews] страница открылась, но отзывов на ней не видно
        [not-found] такой страницы нет
        [blocked] сайт не пускает программы
        [changed] сайт изменился, и я его больше не понимаю
        [robots] сайт просит программы её не читать
        [refused] по таким адресам я не хожу
        [busy] сайт просит подождать
        [unreachable] сайт не отвечает
       *[other] что-то пошло не так
    }. Попробую ещё раз завтра; если ссылка не та, уберите её: /products
mood-outside = 🛒 <b>Снаружи</b> { $outside } <i>({ $interval })</i> по { $reviews ->
        [one] { $reviews } отзыву
       *[other] { $reviews } отзывам
    } за это время, <b>внутри</b> { $inside }
mood-outside-few =
    🛒 Снаружи за это время { $reviews ->
        [0] отзывов не было.
        [one] всего { $reviews } отзыв: судить рано.
        [few] всего { $reviews } отзыва: судить рано.
       *[many] всего { $reviews } отзывов: судить рано.
    }
mood-outside-ever = За всё время там <b>{ $outside }</b> <i>({ $interval })</i> по { $reviews ->
        [one] { $reviews } отзыву
       *[other] { $reviews } отзывам
    }
mood-line-inside = участники
mood-line-outside = покупатели
