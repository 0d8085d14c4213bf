// Dates, names and marked text as people read them.

import { h } from "./dom.js";
import { store } from "./store.js";
import { locale, t } from "./texts.js";

const HUES = 8;

export function hueOf(id) {
  return (Math.abs(id) + (id < 0 ? 4 : 0)) % HUES;
}

function initials(name) {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}

export function avatar(id, name, className = "avatar") {
  const isBot = store.bots.some((bot) => bot.id === id);
  const look = isBot ? "is-bot" : `hue-${hueOf(id)}`;
  const letters = isBot ? "" : initials(name);
  return h("span", { class: `${className} ${look}`, "aria-hidden": "true" }, letters);
}

export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(locale(), {
    hour: "2-digit",
    minute: "2-digit",
  });
}

export function dayKey(seconds) {
  return new Date(seconds * 1000).toDateString();
}

export function dayName(seconds) {
  const now = store.now();
  if (dayKey(seconds) === dayKey(now)) return t("today");
  if (dayKey(seconds) === dayKey(now - 86400)) return t("yesterday");
  return new Date(seconds * 1000).toLocaleDateString(locale(), { day: "numeric", month: "long" });
}

// The time that a chat list has room for.
export function shortDate(seconds) {
  const now = store.now();
  if (dayKey(seconds) === dayKey(now)) return clockTime(seconds);
  const date = new Date(seconds * 1000);
  if (now - seconds < 6 * 86400) return date.toLocaleDateString(locale(), { weekday: "short" });
  return date.toLocaleDateString(locale(), { day: "2-digit", month: "2-digit" });
}

// A message in one line, for lists and quotes.
export function summary(message) {
  const text = message.text ?? message.caption;
  if (message.new_chat_members) return t("joined", { name: message.new_chat_members[0].first_name });
  if (message.left_chat_member) return t("left", { name: message.left_chat_member.first_name });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("migrated");
  if (text) return text.replace(/\s+/g, " ");
  if (message.photo) return t("photo");
  return message.document ? message.document.file_name : t("deleted_quote");
}

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

// Turns text and its entities (offsets in UTF-16 units, as in JavaScript) into nodes.
export function markedText(text, entities = [], onCommand) {
  return nodes(text, entities, 0, text.length, onCommand);
}

function nodes(text, entities, start, end, onCommand) {
  const made = [];
  let place = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const from = entity.offset;
    const to = Math.min(entity.offset + entity.length, end);
    const inner = others.filter((other) => other.offset < to);
    rest = others.filter((other) => other.offset >= to);
    if (from > place) made.push(text.slice(place, from));
    made.push(marked(text, entity, inner, [from, to], onCommand));
    place = to;
  }
  if (place < end) made.push(text.slice(place, end));
  return made;
}

function marked(text, entity, inner, [from, to], onCommand) {
  const children = nodes(text, inner, from, to, onCommand);
  const word = text.slice(from, to);
  if (entity.type === "spoiler") return spoiler(children);
  if (entity.type === "bot_command" && onCommand) {
    return h("button", { type: "button", class: "link", onclick: () => onCommand(word) }, word);
  }
  const address = { url: word, text_link: entity.url, email: `mailto:${word}` }[entity.type];
  if (address) return link(address, children);
  if (["mention", "text_mention", "hashtag", "bot_command"].includes(entity.type)) {
    return h("span", { class: "accent" }, children);
  }
  return h(TAGS[entity.type] ?? "span", {}, children);
}

function spoiler(children) {
  const reveal = (event) => event.currentTarget.classList.add("shown");
  return h("button", { type: "button", class: "spoiler", onclick: reveal }, children);
}

function link(address, children) {
  const full = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
  if (!/^(https?|mailto|tg):/i.test(full)) return h("span", {}, children);
  return h("a", { href: full, target: "_blank", rel: "noopener noreferrer" }, children);
}
