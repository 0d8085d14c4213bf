// The conversation: messages in order, grouped by author, with days between them.

import { buildEntry, isService } from "./bubble.js";
import { $, h, icon, reconcile } from "./dom.js";
import { dayKey, dayName } from "./format.js";
import {
  commentsOf,
  currentPersona,
  discussionCopy,
  HISTORY,
  isPrivate,
  loadMessages,
  openChat,
  shownChat,
  store,
} from "./store.js";
import { language, t } from "./texts.js";

const GROUPED_SECONDS = 300;
const NEAR_BOTTOM = 120;
let shown = "";
let sticking = true;
let missed = 0;

export function setUpLog() {
  const log = $("log");
  log.addEventListener("scroll", () => {
    sticking = isNearBottom();
    if (sticking) missed = 0;
    drawJump();
  });
  log.addEventListener("load", () => sticking && toBottom(), true);
  log.addEventListener("keydown", moveFocus);
  $("to-bottom").addEventListener("click", () => {
    missed = 0;
    sticking = true;
    log.scrollTo({ top: log.scrollHeight, behavior: "smooth" });
  });
  new ResizeObserver(() => sticking && toBottom()).observe(log);
}

export function noteArrival(message) {
  if (message.chat_handle === shownChat()?.handle && !sticking) missed += 1;
}

export function stickToBottom() {
  sticking = true;
}

export function drawLog(act) {
  const log = $("log");
  const chat = openChat();
  log.hidden = !chat;
  if (!chat) return drawJump();
  log.setAttribute("aria-label", t("messages"));
  const place = `${store.open}/${store.thread}`;
  if (place !== shown) {
    log.replaceChildren();
    sticking = true;
    missed = 0;
    shown = place;
  }
  const quiet = !log.children.length;
  const items = itemsFor(chat, act);
  reconcile(log, items);
  if (quiet) for (const child of log.children) child.classList.remove("fresh");
  offerFocus(log);
  if (sticking) toBottom();
  drawJump();
}

export function showMessage(messageId) {
  const element = document.querySelector(`[data-key="m${messageId}"]`);
  if (!element) return;
  element.scrollIntoView({ block: "center", behavior: "smooth" });
  element.classList.add("found");
  setTimeout(() => element.classList.remove("found"), 1400);
}

function itemsFor(chat, act) {
  const messages = visibleMessages(chat);
  if (!messages) return [];
  const items = [];
  if (!store.thread && messages.length >= (store.limits.get(store.open) ?? HISTORY)) {
    items.push(olderItem());
  }
  const entries = entriesOf(messages);
  entries.forEach((entry, index) => {
    const before = entries[index - 1]?.messages[0];
    const message = entry.messages[0];
    if (!before || dayKey(before.date) !== dayKey(message.date)) items.push(dayItem(message.date));
    items.push(entryItem(entry, act));
  });
  const isEmpty = entries.length <= (store.thread ? 1 : 0);
  return isEmpty ? [...items, emptyItem(chat)] : items;
}

function visibleMessages(chat) {
  if (!store.thread) {
    const kept = store.messages.get(chat.handle);
    return kept && [...kept.values()].slice(-(store.limits.get(chat.handle) ?? HISTORY));
  }
  const post = store.messages.get(chat.handle)?.get(store.thread);
  const group = store.messages.get(chat.linked);
  if (!post || !group) return null;
  const copy = discussionCopy(post);
  if (!copy) return [post];
  const inThread = (one) => one.message_thread_id === copy.message_id;
  return [copy, ...[...group.values()].filter(inThread)];
}

// Joins albums, and tells which entries open and close a run by one author.
function entriesOf(messages) {
  const entries = [];
  for (const message of messages) {
    const last = entries.at(-1);
    const album = message.media_group_id;
    if (album && last?.messages[0].media_group_id === album) last.messages.push(message);
    else entries.push({ messages: [message] });
  }
  const persona = currentPersona();
  const chat = shownChat();
  const copyId = store.thread ? entries[0]?.messages[0].message_id : 0;
  entries.forEach((entry, index) => {
    const message = entry.messages[0];
    entry.chat = chat;
    entry.reader = persona?.handle;
    entry.own = message.author_id === persona?.id && chat.type !== "channel";
    entry.first = !runsOn(entries[index - 1], entry);
    entry.last = !runsOn(entry, entries[index + 1]);
    entry.role = roleOf(chat, message);
    entry.hiddenQuote = copyId;
    entry.comments = chat.type === "channel" && Boolean(chat.linked);
  });
  return entries;
}

function runsOn(before, after) {
  if (!before || !after) return false;
  const [one, two] = [before.messages[0], after.messages[0]];
  if (isService(one) || isService(two) || one.reply_markup) return false;
  const sameAuthor = one.author_id === two.author_id;
  const soon = two.date - one.date < GROUPED_SECONDS && dayKey(one.date) === dayKey(two.date);
  return sameAuthor && soon;
}

function roleOf(chat, message) {
  if (isPrivate(chat) || chat.type === "channel") return "";
  if (message.is_automatic_forward || message.sender_chat) {
    return message.sender_chat.id === chat.id ? t("role_administrator") : t("role_channel");
  }
  const handle = [...store.people.values()].find((one) => one.id === message.from.id)?.handle;
  const bot = store.bots.find((one) => one.id === message.from.id);
  if (bot) return t("role_bot");
  const status = chat.members.find((member) => member.person === handle)?.status;
  return ["creator", "administrator"].includes(status) ? t(`role_${status}`) : "";
}

function entryItem(entry, act) {
  const message = entry.messages[0];
  const waiting = (message.reply_markup?.inline_keyboard ?? [])
    .flat()
    .map((button) => act.isWaiting(message, button));
  const counted = entry.comments ? commentsOf(message).length : 0;
  const look = [entry.own, entry.first, entry.last, entry.role, entry.reader, waiting, counted];
  return {
    key: `m${message.message_id}`,
    stamp: JSON.stringify([look, language, entry.messages]),
    build: () => buildEntry(entry, act),
  };
}

function dayItem(date) {
  const name = dayName(date);
  const build = () => h("div", { class: "day" }, h("span", {}, name));
  return { key: `d${dayKey(date)}`, stamp: name, build };
}

function olderItem() {
  const more = async () => {
    store.limits.set(store.open, (store.limits.get(store.open) ?? HISTORY) + HISTORY);
    await loadMessages(store.open);
  };
  const build = () => h("button", { type: "button", class: "older", onclick: more }, t("older"));
  return { key: "older", stamp: language, build };
}

function emptyItem(chat) {
  const isBot = isPrivate(chat);
  const title = isBot ? t("empty_private") : store.thread ? t("empty_thread") : t("empty_chat");
  const build = () =>
    h(
      "div",
      { class: "nothing" },
      isBot && h("img", { src: "/static/icon.svg", alt: "", width: 72, height: 72 }),
      h("strong", {}, title),
      isBot && h("p", {}, t("empty_private_hint")),
    );
  return { key: "empty", stamp: title, build };
}

function isNearBottom() {
  const log = $("log");
  return log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_BOTTOM;
}

function toBottom() {
  const log = $("log");
  log.scrollTop = log.scrollHeight;
}

function drawJump() {
  const button = $("to-bottom");
  button.hidden = !openChat() || sticking;
  button.setAttribute("aria-label", t("to_bottom"));
  button.replaceChildren(icon("down"), missed ? h("span", { class: "badge" }, String(missed)) : "");
}

// Keeps exactly one message reachable by Tab; arrows lead to the others.
function offerFocus(log) {
  const entries = log.querySelectorAll(".entry");
  const current = log.querySelector(".entry:focus") ?? entries[entries.length - 1];
  for (const entry of entries) entry.tabIndex = entry === current ? 0 : -1;
}

function moveFocus(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !event.target.classList.contains("entry")) return;
  const entries = [...$("log").querySelectorAll(".entry")];
  const next = entries[entries.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
