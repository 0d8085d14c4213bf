// One entry of a conversation: a message or an album, with its quote, buttons and reactions.

import { h, icon } from "./dom.js";
import { avatar, clockTime, hueOf, markedText, summary } from "./format.js";
import { authorOf, commentsOf, isPrivate } from "./store.js";
import { t } from "./texts.js";

const JUMBO = /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D|\p{Emoji_Modifier})*\s*){1,3}$/u;

// `entry` is {messages, own, first, last, chat}; `act` holds what can be done with it.
export function buildEntry(entry, act) {
  const message = entry.messages[0];
  if (isService(message)) return service(message);
  const author = authorOf(message);
  const classes = ["entry", entry.own ? "own" : "theirs"];
  if (entry.first) classes.push("first");
  if (entry.last) classes.push("last");
  if (entry.chat.type === "channel") classes.push("post");
  const showAvatar = !entry.own && entry.chat.type !== "channel" && !isPrivate(entry.chat);
  if (showAvatar) classes.push("with-avatar");
  const row = h(
    "article",
    { class: classes.join(" "), tabindex: -1, "aria-label": spoken(message, author) },
    showAvatar && entry.last && avatar(author.id, author.name),
    h("div", { class: "stack" }, bubble(entry, author, act), keyboard(message, act)),
  );
  row.addEventListener("contextmenu", (event) => act.openMenu(event, entry));
  row.addEventListener("keydown", (event) => {
    if (event.target === row && (event.key === "Enter" || event.key === "ContextMenu")) {
      act.openMenu(event, entry);
    }
  });
  longPress(row, (event) => act.openMenu(event, entry));
  return row;
}

export function isService(message) {
  return Boolean(
    message.new_chat_members ||
      message.left_chat_member ||
      message.migrate_to_chat_id ||
      message.migrate_from_chat_id,
  );
}

function service(message) {
  const by = authorOf(message).name;
  const gone = message.left_chat_member;
  const name = (user) => [user.first_name, user.last_name].filter(Boolean).join(" ");
  const text =
    gone && gone.id !== message.from?.id ? t("removed", { by, name: name(gone) }) : summary(message);
  return h("div", { class: "service" }, h("span", {}, text));
}

function spoken(message, author) {
  return `${author.name}, ${clockTime(message.date)}: ${summary(message)}`;
}

function bubble(entry, author, act) {
  const message = entry.messages[0];
  const captioned = entry.messages.find((one) => one.text || one.caption) ?? message;
  const text = captioned.text ?? captioned.caption;
  const jumbo = message.text && JUMBO.test(message.text) && !message.reply_to_message;
  const classes = ["bubble"];
  if (jumbo) classes.push("jumbo");
  const isReacted = Object.keys(message.reactions).length > 0;
  const nameless = entry.own || isPrivate(entry.chat) || !entry.first;
  return h(
    "div",
    { class: classes.join(" ") },
    !nameless && name(author, entry),
    forwarded(message),
    quote(message, entry, act),
    message.photo && photos(entry.messages, act),
    message.document && file(message.document),
    text && h("div", { class: "text", dir: "auto" }, marks(captioned, act), gap(captioned)),
    h(
      "div",
      { class: text && !isReacted && !jumbo ? "foot inline" : "foot" },
      isReacted && reactions(message, act),
      h(
        "span",
        { class: "meta" },
        captioned.edit_date && h("span", {}, t("edited")),
        h("time", {}, clockTime(message.date)),
      ),
    ),
    entry.comments && comments(message, act),
    more(entry, act),
  );
}

// Keeps room in the last line for the time that stands there.
function gap(message) {
  return h("span", { class: message.edit_date ? "gap wide" : "gap", "aria-hidden": "true" });
}

function marks(message, act) {
  const entities = message.entities ?? message.caption_entities ?? [];
  return markedText(message.text ?? message.caption, entities, act.command);
}

function name(author, entry) {
  const role = entry.role && h("span", { class: "role" }, entry.role);
  return h("div", { class: `author ink-${hueOf(author.id)}` }, h("span", {}, author.name), role);
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin || message.is_automatic_forward) return null;
  const from = origin.chat ?? origin.sender_chat ?? origin.sender_user;
  return h("div", { class: "forwarded" }, t("forwarded", { name: from.title ?? from.first_name }));
}

function quote(message, entry, act) {
  const source = message.reply_to_message;
  if (!source || source.message_id === entry.hiddenQuote) return null;
  const author = authorOf(source);
  return h(
    "button",
    {
      type: "button",
      class: `quote ink-${hueOf(author.id)}`,
      onclick: () => act.show(source.message_id),
    },
    h("strong", {}, author.name),
    h("span", {}, summary(source)),
  );
}

function photos(messages, act) {
  const shown = messages.map((message) => {
    const size = message.photo.at(-1);
    const source = `/control/files/${size.file_id}`;
    const picture = { src: source, alt: message.caption ?? t("photo"), loading: "lazy" };
    const image = h("img", { ...picture, width: size.width, height: size.height });
    const open = () => act.openPhoto(source, picture.alt);
    return h(
      "button",
      { type: "button", class: "photo", "aria-label": t("open_photo"), onclick: open },
      image,
    );
  });
  return h("div", { class: `photos count-${Math.min(messages.length, 4)}` }, shown);
}

function file(document) {
  const size = `${Math.max(1, Math.round(document.file_size / 1024))} KB`;
  return h(
    "a",
    { class: "file", href: `/control/files/${document.file_id}`, download: document.file_name },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", {}, h("strong", {}, document.file_name), h("small", {}, size)),
  );
}

function reactions(message, act) {
  const chips = Object.entries(message.reactions).map(([emoji, n]) =>
    h(
      "button",
      {
        type: "button",
        class: act.isMine(message, emoji) ? "reaction mine" : "reaction",
        "data-focus": emoji,
        "aria-label": t("reacted", { emoji, n }),
        onclick: () => act.react(message, emoji),
      },
      emoji,
      h("span", {}, String(n)),
    ),
  );
  return h("div", { class: "reactions" }, chips);
}

function comments(message, act) {
  const n = commentsOf(message).length;
  return h(
    "button",
    { type: "button", class: "comments", onclick: () => act.openThread(message.message_id) },
    icon("comments"),
    h("span", {}, n ? t("comments", { n }) : t("no_comments")),
  );
}

function more(entry, act) {
  return h(
    "button",
    {
      type: "button",
      class: "more",
      tabindex: -1,
      "aria-label": t("actions"),
      "aria-haspopup": "menu",
      onclick: (event) => act.openMenu(event, entry),
    },
    icon("down"),
  );
}

function keyboard(message, act) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.length) return null;
  const draw = (button, place) => {
    if (button.url) {
      const safe = /^(https?|tg):/i.test(button.url) ? button.url : "#";
      const onclick = (event) => act.follow(event, button.url);
      const link = { class: "key", href: safe, target: "_blank", rel: "noopener", onclick };
      return h("a", link, button.text);
    }
    const waiting = act.isWaiting(message, button);
    return h(
      "button",
      {
        type: "button",
        class: waiting ? "key waiting" : "key",
        "data-focus": `key-${place}`,
        "aria-busy": waiting ? "true" : undefined,
        onclick: () => act.press(message, button),
      },
      button.text,
    );
  };
  return h(
    "div",
    { class: "keyboard" },
    rows.map((row, y) => h("div", { class: "keys" }, row.map((one, x) => draw(one, `${y}-${x}`)))),
  );
}

function longPress(element, act) {
  let timer = 0;
  const cancel = () => clearTimeout(timer);
  element.addEventListener("touchstart", (event) => {
    const [touch] = event.touches;
    const { clientX, clientY, target } = touch;
    if (target.closest("button, a")) return;
    timer = setTimeout(
      () => act({ clientX, clientY, currentTarget: element, preventDefault() {} }),
      450,
    );
  }, { passive: true });
  for (const end of ["touchend", "touchmove", "touchcancel"]) {
    element.addEventListener(end, cancel, { passive: true });
  }
}
