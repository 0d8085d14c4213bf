// What the page knows: people, chats, messages, who writes; views redraw when it changes.

import { get } from "./api.js";
import { t } from "./texts.js";

export const HISTORY = 400;
// As many as the server keeps of a chat.
const KEPT = 2000;
const ANONYMOUS = "anonymous_admin";
const ANONYMOUS_ID = 1087968824;

export const store = {
  bots: [],
  people: new Map(),
  chats: new Map(),
  messages: new Map(),
  personas: JSON.parse(localStorage.getItem("personas") ?? "{}"),
  unread: new Map(),
  typing: new Map(),
  limits: new Map(),
  open: "",
  thread: 0,
  online: true,
  now: () => Date.now() / 1000 + store.ahead,
  ahead: 0,
};

let draw = () => {};
let asked = false;

export function onChange(redraw) {
  draw = redraw;
}

// Redraws once per frame, however many changes came.
export function changed() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    draw();
  });
}

export async function loadState() {
  const state = await get("state");
  store.bots = state.bots;
  store.people = new Map(state.people.map((person) => [person.handle, person]));
  store.chats = new Map(state.chats.map((chat) => [chat.handle, chat]));
  store.ahead = state.now - Date.now() / 1000;
  changed();
}

// What live events bring while a list is on its way is done again once it is here.
const late = new Map();

export async function loadMessages(handle) {
  const limit = store.limits.get(handle) ?? HISTORY;
  late.set(handle, []);
  const listed = await get("messages", { chat: handle, limit });
  store.messages.set(handle, new Map(listed.map((message) => [message.message_id, message])));
  for (const again of late.get(handle)?.splice(0) ?? []) again();
  late.delete(handle);
  changed();
}

export function keepMessage(message) {
  const handle = message.chat_handle;
  const chat = store.chats.get(handle);
  late.get(handle)?.push(() => keepMessage(message));
  const isNew = !store.messages.get(handle)?.has(message.message_id);
  const kept = store.messages.get(handle);
  kept?.set(message.message_id, message);
  if (kept?.size > KEPT) kept.delete(kept.keys().next().value);
  if (!chat) return isNew;
  if (message.message_id >= (chat.last_message?.message_id ?? 0)) chat.last_message = message;
  chat.started = true;
  store.typing.delete(handle);
  return isNew;
}

export function dropMessage(handle, messageId) {
  late.get(handle)?.push(() => store.messages.get(handle).delete(messageId));
  const kept = store.messages.get(handle);
  const chat = store.chats.get(handle);
  const element = document.querySelector(`[data-key="m${messageId}"]`);
  const drop = () => {
    kept?.delete(messageId);
    if (chat?.last_message?.message_id === messageId) {
      chat.last_message = kept ? [...kept.values()].at(-1) ?? null : null;
      if (!kept) loadState();
    }
    changed();
  };
  if (!element || store.open !== handle || matchMedia("(prefers-reduced-motion)").matches) {
    return drop();
  }
  element.classList.add("vanishing");
  setTimeout(drop, 220);
}

export function openChat() {
  return store.chats.get(store.open);
}

// The chat whose messages show: a thread's comments live in the linked group.
export function shownChat() {
  const chat = openChat();
  return store.thread ? store.chats.get(chat?.linked) : chat;
}

export function isPrivate(chat) {
  return chat.type === "private";
}

export function chatTitle(chat) {
  if (!isPrivate(chat)) return chat.title;
  return botOf(chat)?.first_name ?? "";
}

export function botOf(chat) {
  const parts = chat.handle.split(":");
  if (parts.length < 3) return store.bots[0];
  return store.bots.find((bot) => bot.handle === parts[1]);
}

// Who can be written as in what is open: [{handle, name, id, role, canWrite}].
export function personasFor(chat) {
  if (!chat) return [];
  if (isPrivate(chat)) return people().map((person) => ({ ...persona(person), canWrite: true }));
  if (chat.type === "channel") return [channelPersona(chat)];
  const standings = new Map(chat.members.map((member) => [member.person, member]));
  const open = chat.linked !== "";
  const inside = people()
    .filter((person) => standings.has(person.handle) || open)
    .map((person) => {
      const member = standings.get(person.handle);
      const canWrite = member ? member.can_write || (member.status === "left" && open) : open;
      return { ...persona(person, member?.status ?? "left"), canWrite };
    });
  const anonymous = { handle: ANONYMOUS, name: t("anonymous"), id: ANONYMOUS_ID, role: chat.title };
  const linked = store.chats.get(chat.linked);
  return [...inside, { ...anonymous, canWrite: true }, ...(linked ? [channelPersona(linked)] : [])];
}

function people() {
  return [...store.people.values()].filter((person) => !person.is_bot && person.id !== 777000);
}

function persona(person, status) {
  const role = status ? t(`role_${status}`) : person.username ? `@${person.username}` : "";
  return { handle: person.handle, name: person.name, id: person.id, role };
}

function channelPersona(channel) {
  const role = t("role_channel");
  return { handle: channel.handle, name: channel.title, id: channel.id, role, canWrite: true };
}

// The one who writes now: the chosen one, or the first who may.
export function currentPersona() {
  const chat = shownChat();
  const all = personasFor(chat);
  if (chat && isPrivate(chat)) return all.find((one) => chat.handle.endsWith(`:${one.handle}`));
  const chosen = store.personas[chat?.handle];
  return (
    all.find((one) => one.handle === chosen) ??
    all.find((one) => one.handle === "anna") ??
    all.find((one) => one.handle === "moderator") ??
    all[0]
  );
}

export function choosePersona(handle) {
  store.personas[shownChat().handle] = handle;
  localStorage.setItem("personas", JSON.stringify(store.personas));
  changed();
}

// Who a message shows as its author: {id, name, isBot}.
export function authorOf(message) {
  const chat = message.sender_chat;
  if (chat) return { id: chat.id, name: chat.title, isChat: true };
  const from = message.from ?? {};
  const name = [from.first_name, from.last_name].filter(Boolean).join(" ");
  return { id: from.id, name, isBot: from.is_bot };
}

export function discussionCopy(post) {
  const group = store.chats.get(store.chats.get(post.chat_handle)?.linked);
  for (const message of store.messages.get(group?.handle)?.values() ?? []) {
    if (message.is_automatic_forward && message.forward_origin.message_id === post.message_id) {
      return message;
    }
  }
  return null;
}

export function commentsOf(post) {
  const copy = discussionCopy(post);
  if (!copy) return [];
  const group = store.messages.get(copy.chat_handle).values();
  return [...group].filter((message) => message.message_thread_id === copy.message_id);
}
