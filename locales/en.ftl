# Every word that a person reads. Same keys and variables as in ru.ftl: a test holds that.

start =
    <b>I am Nastroi.</b> I read what people write and see how they feel.

    Write or forward me any text in Russian, and I will say whether it speaks well, badly or calmly of something. If I am wrong, correct me with a button below my answer: that is how I learn.

    Add me to a group or a channel, and I will read silently and remember its mood.
help =
    <b>What I do</b>
    • Write me a text, and I will answer how it feels and whether it insults anyone.
    • Edit your message, and I will edit my answer.
    • Buttons below the answer: “right”, or the label that is. Changed your mind? Press another one.
    • In groups and channels I read silently.

    /ping — how I am doing
    /help — this text
unknown-command = I do not know that command.

command-start = Say hello
command-help = What the bot can do
command-ping = How the bot is doing

# The answer to a message
answer-heading = { $emoji } <b>{ $label }</b> — { $percent }%
answer-bar = { $bar } { $percent }% { $label }
answer-not-toxic = No toxicity to be seen ({ $percent }%)
answer-toxic = ⚠️ Looks like an insult or a threat ({ $percent }%)
answer-nothing-to-score = There are no words here that would tell a mood. Write a few, and I will try again 🙂
answer-no-text = I understand words only. Write a text or add a caption, and I will say how it feels 🙂

label-negative = negative
label-neutral = neutral
label-positive = positive

button-right = ✅ right
button-right-chosen = ✅ right · noted
button-right-not-chosen = right
button-label = { $emoji } { $label }
button-label-chosen = ✅ { $label }

press-recorded = Noted: { $label }. Thank you!
press-stale = This button is too old. Write the text once more, and I will answer afresh.

# /ping
ping =
    <b>I am here.</b>
    { $waiting ->
        [0] The queue is empty
        [one] { $waiting } text is waiting
       *[other] { $waiting } texts are waiting
    }
    { $workers }
    { $latest }
    { $dead ->
        [0] Every text could be read
        [one] { $dead } text could not be read
       *[other] { $dead } texts could not be read
    }
ping-no-workers = ⚠️ No worker answers and texts wait: start <code>python -m worker</code>
ping-workers =
    { $count ->
        [one] { $count } worker is up: { $names }
       *[other] { $count } workers are up: { $names }
    }
ping-worker = { $model } on { $device } ({ $engine })
ping-latest = The last verdict by <code>{ $model }</code> took { $milliseconds } ms
ping-no-latest = The model has not read anything yet

# Groups
group-cannot-read =
    Hello! Right now I see nothing but commands: my privacy mode is on.

    To let me see messages, make me an admin (no rights needed), or turn the mode off: @BotFather → Bot Settings → Group Privacy → Turn off, then remove me from the group and add me again.
