# Every word that a person reads. Same keys and variables as in ru.ftl: a test holds that.

start =
    <b>I am Nastroi.</b> I read what people write and notice how they feel.

    Write or forward me any text in Russian, and I will say whether it is negative, positive or neutral, and whether it insults anyone. If I am wrong, correct me with a button below my answer: that is how I learn.

    Send me a link to a product, an app or a place, and I will read its reviews: what is praised, what is cursed.

    Add me to a group or a channel, then write /link, and I will show moderators what deserves a look. All commands: /help.
help =
    <b>What I do</b>
    • Write me a text, and I will answer how it feels and whether it insults anyone. Edit it, and I will edit my answer.
    • Send me a link to a product, an app or a place, or a file of reviews, and I will tell what is praised and what is cursed.
    • Buttons below the answer: “right”, or the label that is. Changed your mind? Press another one.
    • In groups and channels I read silently, and show moderators cards with what deserves a look.

    <b>For everyone</b>
    /reviews — read reviews: behind a link, in a file, or pasted
    /report — report a message in a group, as a reply to it
    /appeal — appeal against a moderators’ decision
    /forget — erase my texts and labels
    /ping — how I am doing

    <b>For admins and moderators</b>
    /link — where to show your community’s cards
    /settings — your community’s settings
    /mood — how the community feels, /export mood — as a file
    /watch — watch a public channel
    /products — compare with what buyers write
    /stats — how accurate and fast I am

    <b>To let me learn</b>
    /label — label texts
    /import, /export — bring and fetch labels
    /retrain — train the model on labels
    /models, /rollback — the model’s versions
unknown-command = I do not know that command. All there are: /help.
unknown-command-near = I do not know that command. Is it /{ $command }? All there are: /help.
command-in-group = That command is for the group itself. The same can be done here: /settings.
command-in-private = I answer that command in private, to keep this chat quiet.
command-button-private = 💬 Open the private chat

command-start = Say hello
command-help = What the bot can do
command-stats = How accurate and fast the bot is
command-mood = How the community feels
command-ping = How the bot is doing
command-link = Link to a moderators’ chat
command-products = Where buyers write
command-watch = Watch a public channel
command-unwatch = Stop watching a channel
command-unlink = Unlink from the moderators’ chat
command-settings = The community’s settings
command-moderator = Name a moderator (as a reply to them)

# The answer to a message
answer-heading = { $emoji } <b>{ $label }</b> — { $percent }%
answer-bar = { $bar } { $percent }% { $label }
answer-not-toxic = No toxicity to be seen ({ $percent }%)
answer-toxic = ⚠️ Looks like an insult or a threat ({ $percent }%)
answer-nothing-to-score = There are no words here that would tell a mood. Write a few, and I will try again 🙂
answer-no-text-in-file = Of files I read reviews only: a CSV with a column <code>text</code>, or a TXT (more at /reviews). Or add a caption, and I will say how it feels 🙂
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

# Coming into a chat
joined =
    <b>Hello! I am Nastroi.</b> I read what is written here and help moderators to notice what matters.

    For now I only watch: I delete nothing and punish nobody.
joined-channel =
    <b>I now read the channel “{ $chat }”.</b>

    For now I only watch: I delete nothing and punish nobody.
joined-missing = What I lack:
joined-link = What deserves a look I show as cards in a moderators’ chat. Choose it: any admin can.
missing-reading = • Seeing messages: my privacy mode is on. Make me an admin, or turn the mode off: @BotFather → Bot Settings → Group Privacy → Turn off, then remove me and add me again.
missing-deleting = • Deleting messages: without this right I can’t remove an insult, even if you ask me to.
missing-restricting = • Banning members: without this right I can neither mute nor ban anyone.
rights-complete = Thank you, now I have every right I need 👍
staff-lost = ⚠️ I am no longer in “{ $staff }”, so the cards of “{ $chat }” have nowhere to go. Bring me back there, or choose another chat: /link.

# /link, /unlink
link-offer = Where shall I show this chat’s cards? Choose a moderators’ chat.
link-offer-again = This chat’s cards already go to a moderators’ chat. You can choose another; /unlink takes it away.
link-choose-community = Which community shall be linked to a moderators’ chat?
link-choose-staff =
    Where shall the cards of “{ $chat }” go?

    These are the groups where I am and you are an admin. The one you want is missing? Add me to it with “Another group”.
link-nowhere = I see no chat yet where you are an admin. Add me to your group and write /link there.
link-confirm = One of the admins wants cards to be shown here. Press the button, so that I know that you are an admin there, too.
link-itself = This is the very community whose cards you are placing. Choose another group, or “Right in the community” in our private chat.
link-stale = This link is too old. Write /link once more.
link-no-right = Only an admin of the community can link it.
link-no-right-in-both = You must be an admin both here and in the community.
link-done = ✅ Done: the cards of “{ $chat }” go to “{ $staff }”.
link-done-watch = ✅ Done: the cards of “{ $chat }” will go to “{ $staff }”. They are off for now: a button there turns them on.
link-done-short = Done
link-announced-watch =
    <b>The cards of “{ $chat }” will come here.</b>

    For now I only watch: I show only what members /report and delete nothing. Turn cards on when you are ready.
link-announced-ask =
    <b>The cards of “{ $chat }” now come here.</b>

    Each has buttons: whoever presses first decides.
link-announced-act =
    <b>The cards of “{ $chat }” now come here.</b>

    Plain insults I delete myself and show here: every decision can be undone.
link-button-choose = 🔗 Choose the moderators’ chat
link-button-group = 💬 { $chat }
link-button-other = ➕ Another group
link-button-here = 📣 Right in the community (everybody sees)
link-button-confirm = 🔗 Show cards here
link-button-cards = 🙋 Turn cards on
link-button-settings = ⚙️ Settings
link-button-add = ➕ Add to a group
unlink-done = Unlinked: no more cards. I keep the settings, and /link brings everything back.
unlink-nothing = This chat is linked to nothing. To link it: /link.

# /moderator
moderator-how = To name a moderator, reply to a message of theirs: /moderator. A moderator settles cards, but changes no settings.
moderator-list = Moderators: { $names }.
moderator-named = 🛡 { $name } is a moderator of this community.
moderator-dismissed = { $name } is no moderator any more.
moderator-is-admin = That is an admin, who has every right anyway.
moderator-not-here = That person is not in this chat.
moderator-button-dismiss = Take back
moderator-button-name = Name again

# /settings
settings-only-admins = Only an admin of the community can do that.
settings-no-community = Settings are open to admins of linked communities. To link yours: /link.
settings-choose = Which community’s settings?
settings-in-private = The settings are in our private chat, to keep this one quiet.
settings-closed = ⚙️ The settings are closed. To open them again: /settings.
settings-saved = Saved
settings-heading = ⚙️ <b>{ $chat }</b>
settings-staff = Cards go to “{ $chat }”.
settings-now = { $name }: <b>{ $value }</b>
settings-percent = { $percent }%
settings-last-week = In the last 7 days, such a threshold:
settings-chosen = ✅ { $value }
settings-step-down = ▼ { $value }
settings-step-up = ▲ { $value }
settings-unlink-question = Unlink from the moderators’ chat? There will be no more cards; the settings stay.

settings-week-toxic-threshold =
    ⚠️ { $percent }: { $cards ->
        [0] no card
        [one] { $cards } card about an insult
       *[other] { $cards } cards about insults
    }{ $wrong ->
        [0] {""}
       *[other] , { $wrong } of them later marked wrong
    }
settings-week-act-threshold =
    ⚡ { $percent }: { $cards ->
        [0] nothing deleted by me
        [one] { $cards } message deleted by me
       *[other] { $cards } messages deleted by me
    }{ $wrong ->
        [0] {""}
       *[other] , { $wrong } of them later marked wrong
    }
settings-week-care-threshold =
    💛 { $percent }: { $cards ->
        [0] no card
        [one] { $cards } card about someone upset
       *[other] { $cards } cards about people upset
    }{ $wrong ->
        [0] {""}
       *[other] , { $wrong } of them later marked wrong
    }

settings-name-mode = Mode
settings-name-toxic-threshold = Card threshold
settings-name-act-threshold = Deletion threshold
settings-name-care-threshold = Care threshold
settings-name-newcomer-hours = Newcomer
settings-name-warnings-before-mute = Warnings before a mute
settings-name-language = Language
settings-name-retention-days = Keeping texts
settings-name-quiet-from = Quiet hours from
settings-name-quiet-to = Quiet hours until
settings-name-time-zone = Time zone

settings-about-mode =
    <b>Only watch</b>: I delete nothing and show only what members /report.
    <b>Show cards</b>: you decide.
    <b>Delete myself</b>: plain insults I delete at once and show a card; the decision can be undone.
settings-about-toxic-threshold = A message that I take for an insult as surely as this becomes a card. The lower, the more cards, and the more needless ones.
settings-about-act-threshold = Only in the mode “delete myself”: a message taken for an insult as surely as this is deleted at once.
settings-about-care-threshold = When someone is upset and I am as sure of it as this, I ask you to answer them. I never delete for being upset.
settings-about-newcomer-hours = For so long after someone comes I am stricter with them: the card threshold is lower.
settings-about-warnings-before-mute = After so many warnings a person is muted for a while.
settings-about-language = The language in which I write in this community and in its moderators’ chat. “Auto” is the language of whom I answer.
settings-about-retention-days = After how many days I forget texts (“as usual” is what is set for all). Labelled texts stay: I learn from them.
settings-about-quiet-from = From this hour on I leave moderators in peace.
settings-about-quiet-to = Until this hour I leave moderators in peace. Both hours are needed: from and until.
settings-about-time-zone = Quiet hours go by this time.

settings-explained-watch = 👀 I only watch: nothing deleted, no cards but for what members report.
settings-explained-ask = 🙋 I show cards, you decide.
settings-explained-act = ⚡ Plain insults I delete myself and show a card.
settings-mode-watch = 👀 Only watch
settings-mode-ask = 🙋 Show cards
settings-mode-act = ⚡ Delete myself
settings-language-none = auto
settings-language-ru = русский
settings-language-en = English
settings-newcomer-hours-value =
    { $value ->
        [0] all alike
       *[other] { $value } h
    }
settings-warnings-before-mute-value = { $value }
settings-retention-days-none = as usual
settings-retention-days-value = { $value } d
settings-quiet-from-none = none
settings-quiet-from-value = { $value }:00
settings-quiet-to-none = none
settings-quiet-to-value = { $value }:00
settings-zone = { $zone } ({ $hours })

settings-button-mode = { $value }
settings-button-toxic-threshold = ⚠️ Card: { $value }
settings-button-act-threshold = ⚡ Deletion: { $value }
settings-button-care-threshold = 💛 Care: { $value }
settings-button-newcomer-hours = 🐣 Newcomers: { $value }
settings-button-warnings-before-mute = 🔔 Warnings: { $value }
settings-button-language = 🌐 Language: { $value }
settings-button-retention-days = 🗄 Keep: { $value }
settings-button-quiet-from = 🌙 Quiet from: { $value }
settings-button-quiet-to = ☀️ Quiet until: { $value }
settings-button-time-zone = 🕓 { $value }
settings-roles = <b>Moderators.</b> Admins change settings and settle cards, moderators only settle cards.
settings-button-roles = 🛡 Moderators
settings-button-dismiss = Take back: { $name }
settings-button-others = 💬 Another chat
settings-button-unlink = ⛓ Unlink
settings-button-unlink-yes = Yes, unlink
settings-button-back = ← Back
settings-button-close = ✖️ Close
settings-button-private = ⚙️ Open the settings

# Moderators' cards
press-no-right = Only moderators of the community can do this.

card-heading-moderate = ⚠️ <b>Looks like an insult</b> · { $chat }
card-heading-care = 💛 <b>Somebody is upset and should be answered</b> · { $chat }
card-heading-reported = 🚩 <b>Members reported this</b> · { $chat }
card-heading-raid =
    🌊 <b>A raid</b> · { $chat }
    { $messages ->
        [one] { $messages } message
       *[other] { $messages } messages
    } from { $senders ->
        [one] { $senders } person
       *[other] { $senders } people
    }
card-somebody = Somebody
card-link = message
card-no-text = (no words)
card-more =
    … and { $count ->
        [one] { $count } more message
       *[other] { $count } more messages
    }
card-edited = ✏️ The author edited the text; this is its latest state.
card-edited-before = ✏️ The author edited the text; at first it said:
card-why = Why: { $reasons }
card-model = model <code>{ $model }</code>
card-taken = 🙋 { $name } will answer
card-outcome-deleted = 🗑 Deleted. Decided by { $name }
card-outcome-warned = ⚠️ The author is warned. Decided by { $name }
card-outcome-deleted-by-bot = 🤖 Deleted by the bot, as this community has set
card-outcome-muted-hour = 🔇 Deleted, muted for an hour. Decided by { $name }
card-outcome-muted-day = 🔇 Deleted, muted for a day. Decided by { $name }
card-outcome-banned = ⛔ Deleted, the author is banned. Decided by { $name }
card-outcome-left = 👌 Left as it is. Decided by { $name }
card-outcome-answered = ✅ Answered. Noted by { $name }
card-outcome-wrong = ✏️ The model was wrong. Corrected by { $name }
card-outcome-wrong-label = ✏️ The model was wrong, this is: { $label }. Corrected by { $name }
card-failed = ⚠️ Could not { $what }: { $why }
card-undone = ↩️ Undone by { $name }
card-lifted = ⚖️ Taken back on appeal for { $who }. Judged by { $name }
card-lifted-more =
    … and for { $count ->
        [one] { $count } more person
       *[other] { $count } more people
    }

card-button-deleted = 🗑 Delete
card-button-warned = ⚠️ Warn
card-button-muted-hour = 🔇 For an hour
card-button-muted-day = 🔇 For a day
card-button-banned = ⛔ Ban
card-button-left = 👌 Leave it
card-button-answered = ✅ Answered
card-button-take = 🙋 I will answer
card-button-fix = ✏️ The model is wrong
card-button-back = ← Back
card-button-undo = ↩️ Undo

card-said-deleted = Deleting
card-said-warned = Warning
card-said-muted-hour = Deleting, muted for an hour
card-said-muted-day = Deleting, muted for a day
card-said-banned = Deleting and banning
card-said-left = Left as it is
card-said-answered = Noted
card-said-taken = It is yours
card-said-undone = Undoing
card-said-too-late = Already decided: see the card

label-toxic = an insult
label-ok = no insult

reason-toxic-over = the probability of an insult reaches the threshold of { $percent }%
reason-negative-over = the probability of negativity reaches the threshold of { $percent }%
reason-newcomer = the author is new here, for newcomers the threshold is { $percent }%
reason-acted-over = from { $percent }% on the bot deletes by itself
reason-reported = reported by members: { $percent }

measure-delete = delete the message
measure-warn = say the warning aloud
measure-unwarn = say aloud that the warning is lifted
measure-mute = mute
measure-ban = ban
measure-unmute = give the voice back
measure-unban = lift the ban
measure-restore = bring the message back
refusal-no-rights = I lack the right, grant it in the group's settings
refusal-cannot-delete = Telegram lets me delete fresh messages only (48 hours)
refusal-is-admin = this is an administrator
refusal-moved = the group has moved, its old messages can't be reached
refusal-is-moderator = they moderate this community
refusal-banned-already = they are banned already
refusal-silent-already = they are silent already, and for longer
refusal-banned-besides = they are banned for something else, too
refusal-silent-besides = they are silent for something else, too
refusal-basic-group = Telegram can do that in supergroups only
refusal-too-late = its time is over
refusal-is-channel = a channel can only be banned
refusal-restarted = I was just restarting and can't tell whether it got through
restored = ↩️ The moderators brought a message back. { $name }: <blockquote>{ $text }</blockquote>
warned = ⚠️ { $who }, this is warning { $number } of { $most }. No insults, please.
warned-and-muted = 🔇 { $who }, this is warning { $number } of { $most }: a day of silence. You disagree? Write /appeal to me in private.
unwarned = ↩️ The moderators lifted a warning: { $who }
warned-more =
    … and { $count ->
        [one] { $count } more person
       *[other] { $count } more people
    }

# Reports and appeals
report-where = To report a message, reply to it with /report in the group. Only the moderators will see that.
report-unheard = You reported a message in “{ $chat }”, but nobody gets reports from there yet: its admins have chosen no moderators' chat. Please write to one of them directly.
report-how-to-hear = Reports (/report) reach nobody here yet: no moderators' chat is chosen. Admins can choose one with /link.
appeal-nothing = In the last seven days nothing was decided about your messages that can still be appealed.
appeal-choose = Which decision do you disagree with? Another moderator will look at it again.
appeal-gone = This decision can't be appealed any more
appeal-asked-open = 📨 Passed on. Another moderator will look again, and I will write to you as soon as they say.
appeal-asked-upheld = This appeal has been judged: the decision stands.
appeal-asked-taken-back = This decision has been taken back already.
appeal-course-open =
    ⏳ “{ $chat }”, “{ $text }”
    Your appeal is passed on. Another moderator will judge it, and I'll write at once.
appeal-course-upheld =
    👎 “{ $chat }”, “{ $text }”
    Your appeal was judged: the decision stands.
appeal-course-taken-back =
    ↩️ “{ $chat }”, “{ $text }”
    The decision was taken back.
appeal-heading = ⚖️ <b>An appeal</b> · { $chat }
appeal-question = The author disagrees with a decision. I leave out on purpose what it was and whose: please judge afresh.
appeal-button-uphold = 👎 The decision was right
appeal-button-back = ↩️ Take it back
appeal-said-upheld = The decision stands
appeal-said-taken-back = Taking it back
appeal-own-decision = You decided this. Let somebody else look: it is fairer.
appeal-own-message = This is your own message. Let somebody else judge.
appeal-outcome-upheld = 👎 The decision stands. Judged by { $name }
appeal-outcome-taken-back = ↩️ The decision is taken back. Judged by { $name }
appeal-result-upheld =
    ⚖️ Another moderator looked at your message in “{ $chat }”. The decision stands.
    <blockquote>{ $text }</blockquote>
appeal-result-taken-back =
    ⚖️ Your message in “{ $chat }” was looked at again. The decision is taken back; thank you for speaking up.
    <blockquote>{ $text }</blockquote>

# /label
command-label = Label texts, so that the model learns
ask-no-community = Labelling is for moderators of the communities that I look after. If you are one, ask an admin to link the chat with me: /link.
ask-in-private = Labelling is in private, to keep this chat quiet: @{ $bot }, command /label.
ask-question = 🏷 <b>How does this text feel?</b>
ask-question-toxicity = 🏷 <b>Does this insult or threaten anyone?</b>
ask-conflict = ⚖️ Moderators differ on this one: please decide.
ask-progress =
    { $total } labelled, { $today } today · { $changed ->
        [0] the model was right so far
        [one] the model was corrected once
       *[other] the model was corrected { $changed } times
    }
ask-none-left = 🎉 <b>There are no new texts to label.</b> Come back later: new messages bring new questions.
ask-skip = Skip →
ask-back = ↩️ Back
ask-skipped = Skipped
ask-went-back = The last answer is withdrawn
ask-gone = This text was edited or deleted. Here is the next one.
ask-corrected = Noted: { $label }. The model thought: { $shown }

# /stats
stats-heading = 📊 <b>{ $title }</b>
stats-heading-all = 📊 <b>All your communities: { $count }</b>
stats-none =
    I show statistics to admins of the communities that I am linked to.

    If you are an admin, link a chat to me: /link.
stats-not-admin = I show statistics to the community’s admins only. If you write anonymously, ask me in private: /stats.
stats-labels =
    { $count ->
        [one] { $count } label
       *[other] { $count } labels
    }
stats-no-labels = No labels within 30 days. Give some: /label
stats-quality =
    <b>{ $days ->
        [one] { $days } day
       *[other] { $days } days
    }</b> · { $labels }
    right { $accuracy }
    macro-F1 { $f1 }
stats-estimate = { $value }% <i>({ $low }–{ $high })</i>
stats-few =
    <b>{ $days ->
        [one] { $days } day
       *[other] { $days } days
    }</b> · { $labels }
    { $more ->
        [one] To judge the model, { $more } more label is needed: /label
       *[other] To judge the model, { $more } more labels are needed: /label
    }
stats-task-few = { $task }: { $labels }, { $more } more needed
stats-coverage = on { $percent }% of the traffic; the rest has no labels
stats-calibration = Confidence is off by { $percent }% <i>(ECE)</i>
stats-agreement =
    { $pairs ->
        [one] People agree: κ { $kappa }, { $pairs } pair of labels
       *[other] People agree: κ { $kappa }, { $pairs } pairs of labels
    }
stats-agreement-few =
    { $pairs ->
        [one] People agree: κ { $kappa }, only { $pairs } pair of labels
       *[other] People agree: κ { $kappa }, only { $pairs } pairs of labels
    }
stats-drift-none = The week’s traffic is as before <i>(PSI { $index })</i>
stats-drift-slight = The week’s traffic has changed a little <i>(PSI { $index })</i>: { $shares }
stats-drift-great = ⚠️ The week’s traffic has changed a lot <i>(PSI { $index })</i>: { $shares }
stats-drift-share = { $label } { $before } → { $now }%
stats-speed =
    { $texts ->
        [one] <b>Speed</b> · { $texts } text in 7 days
       *[other] <b>Speed</b> · { $texts } texts in 7 days
    }
stats-speed-none = <b>Speed</b> · no texts in 7 days
stats-waiting = queue
stats-scoring = model
stats-total = total
stats-milliseconds = { $count } ms
stats-seconds = { $count } s
stats-now = Now: { $rate } messages/s · { $waiting } waiting · { $dead } unreadable
stats-workers =
    { $count ->
        [0] ⚠️ No worker answers
        [one] { $count } worker: { $devices }
       *[other] { $count } workers: { $devices }
    }
stats-devices = { $count } × { $device } ({ $engine })
stats-present = <b>Model <code>{ $model }</code></b> · since { $since }
stats-present-task = { $task }: right { $accuracy }, F1 { $f1 }, { $labels }
stats-present-no-labels = No labels on its answers yet
stats-present-speed = p50 { $p50 }, p95 { $p95 }, p99 { $p99 }
stats-communities = <b>By community</b>
stats-community = <b>{ $title }</b>
stats-community-task = { $task } { $percent }% ({ $labels })
stats-community-texts =
    { $texts ->
        [one] { $texts } text
       *[other] { $texts } texts
    } this week, p99 { $p99 }
stats-community-silent = no texts this week
stats-communities-more = … and { $count } more
stats-footnote = <i>In brackets: 95% intervals. Shares are weighed back to all traffic, since what gets labelled is what the model is unsure of.</i>
picture-all = All communities: { $count }
picture-few = { $labels }, few
picture-percent = { $count }%
picture-change = Before → after
picture-change-f1 = macro-F1 { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
picture-true = true
picture-said = the model said
picture-reliability = Trust its confidence?
picture-confidence = confidence, %
picture-right = right, %
picture-latency = Time to answer
picture-nothing = nothing to show yet

# /mood
mood-heading = 🌡 <b>{ $title }</b> · { $period }
mood-with-discussion = <i>together with the discussion “{ $title }”</i>
mood-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
mood-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
mood-votes =
    { $count ->
        [one] { $count } vote
       *[other] { $count } votes
    }
mood-messages =
    { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
mood-score = Mood <b>{ $score }</b> <i>({ $interval })</i>
mood-few = Too little was written yet to tell the mood.
mood-no-before = Nothing to compare with: too little was written before.
mood-change-up = 📈 It was { $before } before: better now, { $by } <i>({ $interval })</i>
mood-change-down = 📉 It was { $before } before: worse now, { $by } <i>({ $interval })</i>
mood-change-none = It was { $before } before: a difference of { $by } <i>({ $interval })</i>, which may be chance
mood-volume = { $votes } · { $messages }
mood-silent = Nobody wrote anything in that time.
mood-threads = <b>Where most was said</b>
mood-thread = • { $thread } · { $score } · { $votes }
mood-thread-unnamed = thread no. { $number }
mood-posts-best =
    { $count ->
        [one] <b>Answered most warmly</b> <i>(of { $count } post)</i>
       *[other] <b>Answered most warmly</b> <i>(of { $count } posts)</i>
    }
mood-posts-worst = <b>Most coldly</b>
mood-own-best =
    { $count ->
        [one] <b>The brightest posts</b> <i>(of { $count } post)</i>
       *[other] <b>The brightest posts</b> <i>(of { $count } posts)</i>
    }
mood-own-worst = <b>The gloomiest</b>
mood-own-post = • { $post } · { $score }
mood-examples = <b>For example</b>
mood-words-more = <b>Said more often:</b> { $words }
mood-words-less = <b>Said less often:</b> { $words }
mood-words-note =
    { $texts ->
        [one] <i>Words are compared over { $texts } text of this time and the one before.</i>
       *[other] <i>Words are compared over { $texts } texts of this time and the one before.</i>
    }
mood-footnote = <i>The mood is the share of positive less the share of negative, −100 to 100; in brackets the 95 % interval. However much somebody writes, an hour in one thread is one vote, and copies of one text are no more than one.</i>
mood-button-shown = · { $period } ·
mood-choice = { $title }
mood-choice-watched = 👀 { $title }
mood-choose = 🌡 Which community shall I tell you about?
mood-none =
    I tell communities' admins how their communities feel.

    If you are an admin, link a chat to me: /link.
mood-not-admin = I tell how a community feels only to those who moderate it. If you write anonymously, ask me in private: /mood.
mood-period-how =
    You can write:
    /mood 24h — the last day
    /mood 7d, /mood 30d — so many days
    /mood 01.11–15.11 — from one day to another
    /mood 2026-11-01..2026-11-15
mood-period-unreadable = I don't understand which time you mean.
mood-period-no-such-day = There is no such day in the calendar.
mood-period-backwards = The end comes before the beginning here.
mood-period-future = That time has not come yet.
mood-period-too-long = That is too long: I know moods for up to 72 hours by the hour, and for up to { $days } days.
mood-picture-volume = Votes
mood-picture-note = light: all messages
mood-picture-outside = Inside and outside
mood-picture-nothing = nobody wrote in that time

# Training: /retrain
command-retrain = Train the model on labels
command-models = Versions of the model
command-rollback = Bring the previous version back
command-report = Report a message (as a reply to it)
command-appeal = Appeal against a moderators' decision

training-progress =
    🎓 <b>Training</b> on { $labels ->
        [one] { $labels } labelled text
       *[other] { $labels } labelled texts
    }
    <code>{ $bar } { $percent }%</code>
    { $step }
training-step-queued = Waiting for a turn
training-step-preparing = Preparing the texts
training-step-training = Training
training-step-judging = Comparing with the old model on unseen texts
training-step-interrupted = The training was broken off. It goes on from where it was saved once the training process is back
training-step-resumed = Training on: it was broken off and goes on
training-step-done = Summing up
training-step-cancelling = Stopping
training-left-seconds = less than a minute left
training-left-minutes =
    { $minutes ->
        [one] about { $minutes } minute left
       *[other] about { $minutes } minutes left
    }
training-button-cancel = ✖️ Stop
training-button-start = 🎓 Train
training-button-later = Not now
training-over =
    🎓 Trained on { $labels ->
        [one] { $labels } labelled text
       *[other] { $labels } labelled texts
    }. How it ended stands below.
training-proposal =
    🎓 { $labels ->
        [one] { $labels } more text has been labelled
       *[other] { $labels } more texts have been labelled
    } since the last training. Train the model? The new one takes over only if it is better.

training-proposal-drift =
    📈 What people write has changed a lot this week (/stats shows how), so the model errs in new ways. { $labels ->
        [one] { $labels } text has been labelled
       *[other] { $labels } texts have been labelled
    } since the last training; /label adds some. Train the model? The new one takes over only if it is better.
training-no-trainer =
    There is nobody to train: the training process is not running.

    Whoever runs the bot does <code>make trainer</code> once and <code>make run</code> again, or starts <code>python -m worker.trainer</code> beside it. Then send /retrain again.
training-no-labels = There is nothing to learn from yet: no labelled text on which people agree. Label a few with /label, then send /retrain again.
training-busy = A training is under way. Wait for its end, or stop it with the button below it.
training-said-ordered = Starting
training-said-refused = That did not work
training-said-cancelling = Stopping
training-said-over = This training has ended
training-said-later = All right. Whenever you like: /retrain

training-promoted =
    🎉 <b>The model got better and serves already</b>
    Now <code>{ $version }</code>, before <code>{ $champion }</code>
training-kept =
    🤝 <b>The old model stays</b>
    <code>{ $champion }</code> serves, the new <code>{ $version }</code> is kept in /models
training-nothing-made = 🤝 <b>No new model came of it.</b> The old one serves.
training-failed = 😕 <b>The training failed.</b> The old model serves.
training-cancelled = ✋ <b>The training was stopped.</b> The old model serves.
training-change =
    <b>{ $task }</b> · { $set }, { $count ->
        [one] { $count } text
       *[other] { $count } texts
    }
training-set-community = your labels
training-new-task = a new skill: { NUMBER($accuracy, style: "percent") } right, macro-F1 { NUMBER($f1, minimumFractionDigits: 2, maximumFractionDigits: 2) }
training-accuracy = Right: { NUMBER($before, style: "percent") } → <b>{ NUMBER($after, style: "percent") }</b>
training-macro-f1 = Macro-F1: { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → <b>{ NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }</b>
training-ece = Error of its confidence: { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
training-recalls = Found: { $recalls }
training-recall = { $label } { NUMBER($before, style: "percent") } → { NUMBER($after, style: "percent") }
training-better = 👍 <b>Now right</b>
training-worse = 👎 <b>Was right, is not now</b>
training-example = “{ $text }”: { $before } → { $after }
training-picture = What is true and what the model said: before → after

task-sentiment = Mood
task-toxicity = Toxicity

why-better = Macro-F1 on { $texts ->
        [one] { $texts } held-out text
       *[other] { $texts } held-out texts
    } rose from { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } to { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }, and not by chance (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
why-not-better = The difference on { $texts ->
        [one] { $texts } held-out text
       *[other] { $texts } held-out texts
    } may be chance: macro-F1 { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) } (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
why-recall-fell = Finds less of “{ $label }”: { NUMBER($before, style: "percent") } → { NUMBER($after, style: "percent") }
why-forgot = Forgets what it knew ({ $on }): { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
why-worse-calibrated = Knows less well when it is sure: error { NUMBER($before, minimumFractionDigits: 2, maximumFractionDigits: 2) } → { NUMBER($after, minimumFractionDigits: 2, maximumFractionDigits: 2) }
why-too-slow = Too slow: a text takes { NUMBER($times, maximumFractionDigits: 1) } times as long
why-too-few-held-out = Too few texts to judge by: { $texts }, at least { $needed } are needed. Label some more: /label
why-too-few-labels = Too few labelled texts: { $labels }, at least { $needed } are needed. Label some more: /label
why-nothing-new = There are no new labels since the last training
why-crashed = The training broke off with an error: { $error }
why-kept-crashing = The training died { $times ->
        [one] { $times } time
       *[other] { $times } times
    } in a row, so it is not tried again. Has the training process enough memory?
why-out-of-time = It took more than { $minutes } min
why-lost = The training process is gone. Make sure that it runs, then send /retrain again
why-champion-changed = While it was learning, { $version } was promoted: the new one won't replace it by itself
why-version-unknown = There is no version { $version } any more: see /models
why-version-serves = { $version } serves now: promote another one first
why-version-is-base = { $version } is the base model, which is always at hand
why-nothing-before = Nothing served before { $version }, so there is no way back. Promote another version in /models
why-registry-failed = The models' storage can't be reached: { $error }

# Versions of the model: /models, /rollback
models-not-allowed = This is for those who run the model: the bot's operators (OPERATORS) or, where none are named, admins of communities joined by /link.
models-no-worker = No worker has answered. See /ping: without a worker no version can be switched.
models-gone = This version is no longer in the list: see /models
models-heading =
    🧠 <b>Versions of the model</b> · { $count }
models-older = … and { $count } older ones
models-serving = ✅ <b>{ $version }</b> — serves
models-version = ▫️ <b>{ $version }</b>
models-base = base
models-parent = from { $version }
models-figures =
    { $set }: { NUMBER($accuracy, style: "percent") } right, macro-F1 { NUMBER($f1, minimumFractionDigits: 2, maximumFractionDigits: 2) } ({ $count ->
        [one] { $count } text
       *[other] { $count } texts
    })
models-rolled-back =
    ↩️ <code>{ $version }</code> serves again
    <code>{ $before }</code> stays in /models
models-promoted =
    ✅ <code>{ $version }</code> serves now, before <code>{ $before }</code>
    To go back: /rollback
models-said-serves = It serves now
models-said-deleted = Deleted
models-said-sure = Sure? There is no way back
models-said-kept = Here is what there is
models-said-refused = That did not work
model-button-promote = ▶️ { $version }
model-button-delete = 🗑
model-button-sure = 🗑 Yes, delete { $version }
model-button-keep = ← Keep it
model-button-back = ↩️ Back to { $version }
model-button-anyway = ▶️ Promote { $version } all the same

# A version on trial on live messages
models-tried = 👀 <b>{ $version }</b> — on trial on live messages
models-try-how = 👀 — try it on live messages: the version scores them beside the one that serves, and decides nothing
shadow-started =
    👀 <b>Trying { $version } on live messages</b>

    It scores them beside { $champion } but decides nothing. Where the two differ, /label asks moderators first — without telling who thinks what.

    You'll get the result here once people have judged { $needed ->
        [one] { $needed } difference
       *[other] { $needed } differences
    }, in a week at the latest.
shadow-standing = 👀 <b>{ $version } is on trial</b> beside { $champion }
shadow-standing-judged = { $judged } of { $needed } judged. The questions wait in /label
shadow-not-running = ⚠️ No worker is running it at the moment; its log says why. Messages go on as usual.
shadow-nothing-compared = Nothing to compare yet: no messages have come.
shadow-ended-judged = 👀 <b>The trial of { $version } is over</b>
shadow-ended-time = 👀 <b>The trial of { $version } is over</b>: a week has passed
shadow-ended-stopped = 👀 <b>The trial of { $version } was stopped</b>
shadow-ended-over = 👀 <b>The trial of { $version } was cut short</b>: { $champion }, which it was compared with, serves no more, or the version itself was deleted
shadow-task = <b>{ $task }</b>: they agreed { $agreed ->
        [one] { $agreed } time
       *[other] { $agreed } times
    } and differed { $differed ->
        [one] { $differed } time
       *[other] { $differed } times
    }
shadow-judged =
    { $judged ->
        [one] { $judged } difference was judged
       *[other] { $judged } differences were judged
    }:
    { $version } was right — { $challenger }
    { $champion } was right — { $before }
    both were wrong — { $neither }
shadow-unjudged = Nobody judged a difference: they waited for answers in /label.
shadow-same = They never differed: changing one for the other makes no sense.
shadow-better = 👍 <b>{ $version } is right more often</b>, and that's no chance (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
shadow-worse = 👎 <b>{ $champion } is right more often</b>, and that's no chance (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
shadow-unclear = 🤷 Too early to tell which is better: chance alone may do this (p ≤ { NUMBER($p, maximumFractionDigits: 3) })
shadow-examples-challenger = 👍 <b>{ $version } is right</b>
shadow-examples-champion = 👎 <b>{ $champion } is right</b>
shadow-example = <a href="{ $link }">“{ $text }”</a>: { $before } → { $after }
shadow-button-try = 👀 Try it on live messages
shadow-button-try-short = 👀
shadow-button-look = 👀 How the trial goes
shadow-button-stop = ⏹ End the trial
shadow-button-promote = ▶️ Let { $version } serve
shadow-button-leave = 👌 Leave things as they are
shadow-said-started = Starting
shadow-said-stopping = Ending it
shadow-said-over = That trial is over already
shadow-said-left = Fine, everything stays as it is
why-version-serves-already = { $version } serves already
why-another-is-tried = Another version is on trial already. End that trial first: /models

# /import, /export
command-import = Take labels from a file
command-export = Get the labels as a file
import-no-community = Labels can be imported by admins of the communities that I look after. Link a chat with me: /link.
import-how =
    <b>Send me a CSV file</b> with the columns <code>text</code> and <code>label</code>, up to 5 MB and 20,000 rows:

    <pre>text,label
    "Thank you, all was well",positive
    My order never came,negative
    You are one yourself,toxic</pre>

    The labels are <code>negative</code>, <code>neutral</code>, <code>positive</code>, and of insults <code>ok</code> and <code>toxic</code>.
import-where = Which community are these labels for?
import-reading = Reading the file…
import-gone = I no longer see that file. Please send it again.
import-no-right = Only admins of the community can do that.
import-done =
    📥 <b>{ $added ->
        [0] Nothing new
        [one] { $added } label added
       *[other] { $added } labels added
    }</b>{ $known ->
        [0] {""}
       *[other] , known already: { $known }
    }
import-conflicts =
    ⚖️ { $conflicts ->
        [one] { $conflicts } text was labelled otherwise before
       *[other] { $conflicts } texts were labelled otherwise before
    }: I will ask moderators in /label.
import-contradicting =
    Rows left out: { $rows }. They give one text several labels.
import-encoding = ℹ️ The file is in { $encoding }, and I read it so. UTF-8 is safer.
import-refused =
    ⛔ <b>The file is refused, and nothing of it stored.</b>
    { $reason }
import-refused-too-big = It is larger than { $megabytes } MB.
import-refused-too-many = It has more than { $rows } rows. Split it.
import-refused-encoding = Row { $row } can't be read as UTF-8. Save the file as UTF-8.
import-refused-no-header = The first row must name the columns: text and label.
import-refused-no-rows = It has no row with a text.
import-refused-columns = Row { $row } has { $found } columns, the first row { $wanted }. Quote texts that hold commas.
import-refused-quotes = Row { $row }: a quote is not closed. Quotes within a text are doubled.
import-refused-empty-text = Row { $row } has no text.
import-refused-long-text = Row { $row }: the text is longer than { $most } characters.
import-refused-no-label = Row { $row } has no label.
import-refused-label = Row { $row }: I know no label “{ $label }”. There are negative, neutral, positive, ok and toxic.
export-caption =
    📤 { $labels ->
        [one] { $labels } label
       *[other] { $labels } labels
    }. You can edit this file and give it back with /import.
export-mood-where = Whose verdicts shall I export?
export-how = There are labels to export, <code>/export</code>, or verdicts on messages: <code>/export mood 7d</code>.
export-mood-how =
    I did not understand that period. This is how it goes:
    <code>/export mood 7d</code>
    <code>/export mood 01.11–15.11 jsonl</code>
    Without a period it is 30 days, as CSV; a year at most.
export-mood-writing = Writing the file…
export-mood-done = 📤 The file is ready.
export-mood-nothing = There are no verdicts from that time.
export-mood-caption =
    📤 “{ $chat }”: { $messages ->
        [one] { $messages } message with its verdict
       *[other] { $messages } messages with their verdicts
    }. Authors have random names, new ones in each file.
export-mood-cut =
    📤 “{ $chat }”: the first { $messages ->
        [one] { $messages } message
       *[other] { $messages } messages
    }; no more fit a file for Telegram. Ask for a shorter period to get the rest.
export-nothing = There are no labels yet. Start with /label, or send me a file: /import.
export-no-community = Labels go to admins of the communities that I look after. Link a chat with me: /link.

# /forget
command-forget = Erase my texts and labels
forget-ask-self =
    <b>Forget you?</b>
    I will erase the texts of all your messages that I keep, and the labels: those you gave and those on your texts. Messages stay in Telegram's chats, and what is erased cannot be brought back.
forget-ask =
    <b>Forget person { $person }?</b>
    I will erase the texts of their messages in this community that I keep, and the labels: those they gave and those on their texts. That cannot be undone.
forget-yes = 🗑 Yes, forget
forget-no = No, keep
forget-whom = Whom? Reply with this command to a message of theirs, or write their number: <code>/forget 123456789</code>.
forget-no-right = Only the person or an admin of the community can do that.
forget-kept = Everything stays as it is.
forget-begun = Forgetting…
forget-done-self =
    🗑 <b>I have forgotten you.</b> { $texts ->
        [one] { $texts } text
       *[other] { $texts } texts
    } and { $labels ->
        [one] { $labels } label
       *[other] { $labels } labels
    } are gone.
forget-done =
    🗑 <b>I have forgotten this person.</b> { $texts ->
        [one] { $texts } text
       *[other] { $texts } texts
    } and { $labels ->
        [one] { $labels } label
       *[other] { $labels } labels
    } are gone.
forget-no-versions = No version of the model was trained on them.
forget-versions =
    { $count ->
        [one] One version was trained on them: { $versions }.
       *[other] { $count } versions were trained on them: { $versions }.
    } Admins delete versions with /models.

# /watch
watch-no-community = I watch channels for a community: link one with /link, and if you administer it, try again.
watch-not-admin = Which channels to watch is up to the community's admins. If you write anonymously, ask me in private: /watch.
watch-no-channel =
    I see no channel there. Send its name or a link, such as <code>/watch @durov</code>. The channel must be public.
watch-where = For which community shall I watch @{ $name }?
watch-begun = 👀 I am watching @{ $name } for “{ $chat }”. Let me read it, I will tell you whether that worked.
watch-own = The posts of @{ $name } come to me anyway: your own channel needn't be watched. /mood shows how it feels.
watch-already = I am watching @{ $name } for “{ $chat }” already.
watch-too-many = More than { $most } channels for one community are too many for me. Take one off: /unwatch
watch-stopped = I no longer watch @{ $name }. What I have read stays.
watch-stopped-short = No longer watching
watch-was-not = I was not watching @{ $name }.
watch-nothing = I watch no channel yet. To begin: <code>/watch @name</code>
watch-list = 👀 <b>Channels that I watch</b>
watch-line =
    @{ $name } · { $outcome ->
        [new] not read yet
        [read] { $posts ->
            [one] { $posts } post
           *[other] { $posts } posts
        }
        [not-found] no such channel
        [no-reviews] no posts to be seen
       *[other] ⚠️ can't be read right now
    }
watch-how = /mood shows how a channel feels, and if its posts get more negative than usual, I'll tell the moderators. To add one: <code>/watch @name</code>
watch-button-stop = ✖️ @{ $name }
watch-news-read =
    👀 @{ $name } can be read: { $posts ->
        [one] { $posts } post
       *[other] { $posts } posts
    } so far. I will notice new ones myself; /mood shows how it feels.
watch-news-missing =
    @{ $name } can't be read: { $outcome ->
        [not-found] there is no such channel
       *[other] its posts can't be seen from outside: it is private, or no channel
    }. If that was a typo, take it off: /unwatch
watch-news-trouble =
    @{ $name } can't be read yet: { $outcome ->
        [blocked] Telegram does not let me in
        [robots] Telegram asks programs not to read this page
        [busy] Telegram asks me to wait
        [unreachable] Telegram is out of reach
        [changed] the page looks unfamiliar
       *[other] something went wrong
    }. I will keep trying, and tell you once it works.

# Reviews behind a link
command-reviews = Read the reviews behind a link
reviews-how =
    <b>I can read the reviews of a product, an app or a place.</b>

    • Send me a link, and I read the page myself.
    • Or a file: CSV with a column <code>text</code> (and <code>stars</code>, if you like), or TXT with blank lines between reviews.
    • Or paste the reviews here: <code>/reviews</code>, then the text, with blank lines between reviews.
reviews-reading = 🔎 Reading reviews: { $host }…
reviews-taking = 🔎 Reading reviews…
reviews-progress =
    { $reviews ->
        [one] Found { $reviews } review
       *[other] Found { $reviews } reviews
    }, done: { $scored }
reviews-model-away = ⏳ The model isn’t answering right now. I have the reviews: the report will appear here once it’s back.
reviews-title = 🗣 <b>{ $title }</b>
reviews-plain-title = Reviews
reviews-title-none = 🗣 <b>Reviews</b>
reviews-count =
    { $reviews ->
        [one] { $reviews } review
       *[other] { $reviews } reviews
    }
reviews-count-of = read { $reviews } of { $total }
reviews-wordless = without words: { $count }
reviews-source-text = taken from the page's plain text, may be inexact
reviews-read-before =
    I read the page { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } ago.
reviews-partial = These are not all: the page gives no more, or I reached a limit.
reviews-few = ⚠️ Few reviews, so the shares are rough.
reviews-nothing-scored = There were no words here that tell a mood.
reviews-stars =
    ⭐ Stars: <b>{ $mean }</b> of 5 ({ $count ->
        [one] { $count } rating
       *[other] { $count } ratings
    })
reviews-stars-yet = Only { $few }% gave { $stars } stars or fewer, and yet { $percent }% are unhappy in words.
reviews-stars-few = { $few }% gave { $stars } stars or fewer; { $percent }% are unhappy in words.
reviews-stars-site = The site says { $rating }.
reviews-rating = ⭐ The site says <b>{ $rating }</b> of 5; { $percent }% are unhappy in words.
reviews-gloomy =
    { $count ->
        [one] { $count } review
       *[other] { $count } reviews
    } with { $stars }–5 stars: unhappy in words.
reviews-rosy =
    { $count ->
        [one] { $count } review
       *[other] { $count } reviews
    } with 1–{ $stars } stars: kind in words.
reviews-praised = 👍 <b>Praised:</b> { $words }
reviews-cursed = 👎 <b>Cursed:</b> { $words }
reviews-wording = { $words } ({ $count })
reviews-quote = { $number }. “{ $text }”{ $stars }
reviews-button-quote = ✏️ { $number }
reviews-button-csv = 📄 CSV
reviews-button-anew = 🔄 Read anew
reviews-button-back = ‹ Back
reviews-button-paste = 📋 How to paste reviews
reviews-paste =
    Copy the reviews and send them as a reply to this message, with blank lines between them.
reviews-quote-how = What is this review really?
reviews-file-caption =
    📄 { $reviews ->
        [one] { $reviews } review
       *[other] { $reviews } reviews
    }
reviews-gone = I no longer have these reviews. Send the link again.
reviews-wait-under-way = I am still reading what you sent. Wait for the report, then send this again.
reviews-wait-too-often =
    You have sent { $most } pages within the hour. Let us rest: the next one in { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }.
reviews-anew-short = Reading anew
reviews-no-link = I see no link here. Send all of it, as in <code>/reviews https://site/product</code>.
reviews-no-texts = There is not one review in this text.

reviews-end-no-reviews =
    🤷 <b>There are no reviews on the page at { $host }.</b>
    It opened, but has none, or none that I recognise. Paste them as a reply to this message, with blank lines between them, or send a CSV or TXT file.
reviews-end-not-found =
    🔍 <b>There is no such page:</b> { $host } says that it was removed, or never was. Check the link.
reviews-end-blocked =
    🚧 <b>{ $host } does not let me in.</b> There may be reviews, but the site is closed to programs. Paste them as a reply to this message, or send a file.
reviews-end-changed =
    🧩 <b>{ $host } has changed, and I no longer understand it.</b> There may be reviews. Tell whoever runs me, and meanwhile paste them as a reply to this message.
reviews-end-robots =
    🤖 <b>{ $host } asks programs not to read this page</b> (robots.txt), and I obey. Paste the reviews as a reply to this message, or send a file.
reviews-end-refused =
    🔒 <b>I don't go to such addresses.</b> I read ordinary public sites only: http or https, no passwords, no internal addresses.
reviews-end-busy =
    ⏳ <b>I have been to { $host } too often</b> and don't want to be a nuisance. Try again in a few minutes.
reviews-end-unreachable =
    📡 <b>{ $host } can't be reached:</b> the site does not answer, or there is no such address. Check the link, or try later.
reviews-end-redirects =
    🔁 <b>{ $host } leads in circles:</b> too many redirects. Send the link to the page with the reviews itself.
reviews-end-too-big =
    🐘 <b>The page at { $host } is too big</b>, so I left it unread. Paste the reviews as a reply to this message, or send a file.
reviews-end-too-slow =
    🐌 <b>{ $host } answers too slowly</b>, and I stopped waiting. Try later.
reviews-end-not-a-page =
    🖼 <b>This link is no page</b> but a picture, a file or a program. Send the link to a page with reviews.
reviews-end-crashed =
    💥 <b>I stumbled over this page</b> and could not read it. There may be reviews: try again, or paste them as a reply to this message.
reviews-end-no-reader =
    🙈 <b>Nobody reads pages at the moment.</b> The reader has to run: <code>python -m worker.reader</code>. Meanwhile paste the reviews as a reply to this message, or send a file.
reviews-end-lost =
    🕳 <b>The reading broke off:</b> nothing has been heard of it for long. Try again.

reviews-refused = ⛔ <b>The file was not read.</b> { $reason }
reviews-refused-too-big = It is bigger than { $megabytes } MB.
reviews-refused-too-many = It has more than { $rows } reviews. Split it.
reviews-refused-encoding = Row { $row }: neither UTF-8 nor windows-1251. Save the file as UTF-8.
reviews-refused-no-header = The first row of a CSV file must name a column text. It may name stars, too.
reviews-refused-no-rows = There is not one review in it.
reviews-refused-columns = Row { $row }: { $found } columns, but { $wanted } in the first row. Put texts with commas into quotes.
reviews-refused-quotes = Row { $row }: a quote is not closed. Quotes inside a text are doubled.
reviews-refused-empty-text = Row { $row }: no text.
reviews-refused-long-text = Row { $row }: the text is longer than { $most } characters.
reviews-refused-stars = Row { $row }: there are no “{ $stars }” stars. It takes a number from 1 to 5, or nothing.

reviews-picture-split = What the words say
reviews-picture-stars = What the words say, by stars
reviews-picture-stars-note = mean { $mean }

# Alerts of negativity
alert-heading = 🌧 <b>More negativity than usual</b> · { $title }
alert-rose = Since { $since }, <b>{ $now }%</b> of the votes are negative; at such hours it's usually { $usual }%.
alert-votes =
    { $votes ->
        [one] There was { $votes } vote in this time
       *[other] There were { $votes } votes in this time
    }: { $negative } negative, where { $expected } would be usual.
alert-heading-channel =
    🌧 <b>More negativity in a channel than usual</b> · { $title }
    <i>watched by “{ $community }”</i>
alert-rose-channel = Since { $since }, <b>{ $now }%</b> of the votes are negative; usually it's { $usual }%.
alert-votes-channel =
    { $votes ->
        [one] There was { $votes } vote in this time
       *[other] There were { $votes } votes in this time
    } (an hour with posts is one vote): { $negative } negative, where { $expected } would be usual.
alert-chance = <i>Chance alone doesn't explain this.</i>
alert-thread = Most of it is here: { $thread } ({ $percent }% of the rise)
alert-judged-seen = 👀 Taken note of: { $name }
alert-judged-false = 🤷 False alarm: { $name }. I'll be more careful for a while.
alert-button-seen = 👀 I see, thanks
alert-button-false = 🤷 False alarm
alert-said-seen = Fine. I won't write of this again until it's calm
alert-said-false = I see, I'll be more careful
alert-said-too-late = Somebody was first: look at the message

# Digests
digest-heading-daily = 🗞 <b>{ $title }</b> · the day up to { $last }
digest-heading-weekly = 🗞 <b>{ $title }</b> · week { $first } – { $last }
digest-missed = <i>The last digest didn't come: I wasn't working at that hour.</i>
digest-no-cards = There were no cards.
digest-cards =
    { $cards ->
        [one] There was { $cards } card
       *[other] There were { $cards } cards
    }{ $waiting ->
        [0] , all settled
       *[other] , { $waiting } waiting
    }{ $wrong ->
        [0] {""}
        [one] , { $wrong } was the model's mistake
       *[other] , { $wrong } were the model's mistakes
    }.
digest-busiest = <b>Where most was said</b>
digest-channels = <b>Channels that I watch</b>
digest-channel =
    • { $channel } · { $score }{ $way ->
        [up] {" "}📈
        [down] {" "}📉
       *[none] {""}
    } · { $posts ->
        [one] { $posts } post
       *[other] { $posts } posts
    }
digest-channel-few =
    • { $channel } · { $posts ->
        [0] no posts
        [one] { $posts } post: too early to tell
       *[other] { $posts } posts: too early to tell
    }
digest-more = <i>More: /mood. When digests come is set in /settings.</i>

settings-name-alert = Alert of negativity
settings-name-digest = Mood digest
settings-name-digest-hour = Hour of the digest
settings-about-alert = When there's clearly more negativity than usual, I tell the moderators, once each time it rises; of channels that I watch, too. The more sensitive, the more false alarms: “careful” has less than one a year, “usual” a few a year, “sensitive” up to one a month.
settings-about-digest = The mood in short: better or worse, how many cards there were, what people talked about. It comes to the moderators' chat, weekly ones on Mondays.
settings-about-digest-hour = The digest comes at this hour of the community's time.
settings-alert-off = 🔕 off
settings-alert-low = careful
settings-alert-normal = usual
settings-alert-high = sensitive
settings-digest-off = 🔕 none
settings-digest-daily = every day
settings-digest-weekly = every week
settings-digest-hour-value = { $value }:00
settings-button-alert = 🌧 Alert: { $value }
settings-button-digest = 🗞 { $value }
settings-button-digest-hour = 🕙 Digest at { $value }
settings-button-send-now = 📨 Send one now
settings-sending = On its way
settings-button-read = 📬 Send it to me in private, too
settings-button-read-not = 📭 Don't send it to me any more

# /products
products-no-community = I read product pages for a community: link one with /link, and if you administer it, try again.
products-not-admin = Which pages to read is up to the community's admins. If you write anonymously, ask me in private: /products.
products-how =
    This is how it goes:
    <code>/products add https://shop/product</code>
    <code>/products remove https://shop/product</code>
    /products — what is linked already
products-where = For which community is this page?
products-added = 🛒 Added <b>{ $name }</b> for “{ $chat }”. I will read what buyers say now, and once a day from then on.
products-known = “{ $chat }” has <b>{ $name }</b> already.
products-too-many = I read no more than { $most } pages for one community. Take one off: /products
products-removed = <b>{ $name }</b> is off, and all that I remembered of it.
products-removed-short = Taken off
products-was-not = There was no page <b>{ $name }</b>.
products-nothing = There is no page yet. Add one where buyers write reviews: <code>/products add https://shop/product</code>, and /mood will show what is said outside and what inside.
products-list = 🛒 <b>Where buyers write</b>
products-line =
    • { $name } · { $outcome ->
        [new] not read yet
        [read] { $reviews ->
            [one] { $reviews } review
           *[other] { $reviews } reviews
        }
        [no-reviews] no reviews to be seen
        [not-found] ⚠️ there is no such page
        [blocked] ⚠️ the site does not let me in
       *[other] ⚠️ can't be read right now
    }
products-footnote = I read once a day and keep figures, not words. /mood shows both lines.
products-button-read = 🔄 { $name }
products-button-remove = ✖️ { $name }
products-hurried = I will read it anew, once an hour at most.
products-read =
    🛒 { $name }: { $reviews ->
        [0] read, but there are no reviews with words yet
        [one] read { $reviews } review
       *[other] read { $reviews } reviews
    }. /mood shows what is said outside and what inside.
products-unread =
    🛒 { $name } could not be read: { $outcome ->
        [no-reviews] the page opened, but there are no reviews to be seen
        [not-found] there is no such page
        [blocked] the site lets no programs in
        [changed] the site has changed, and I no longer understand it
        [robots] the site asks programs not to read it
        [refused] I don't visit such addresses
        [busy] the site asks me to wait
        [unreachable] the site does not answer
       *[other] something went wrong
    }. I will try again tomorrow; if the link is wrong, take it off: /products
mood-outside = 🛒 <b>Outside</b> { $outside } <i>({ $interval })</i> by { $reviews ->
        [one] { $reviews } review
       *[other] { $reviews } reviews
    } of that time, <b>inside</b> { $inside }
mood-outside-few =
    🛒 Outside there { $reviews ->
        [0] were no reviews in that time.
        [one] was only { $reviews } review in that time: too little to tell.
       *[other] were only { $reviews } reviews in that time: too little to tell.
    }
mood-outside-ever = Over all time it is <b>{ $outside }</b> <i>({ $interval })</i> by { $reviews ->
        [one] { $reviews } review
       *[other] { $reviews } reviews
    }
mood-line-inside = members
mood-line-outside = buyers
