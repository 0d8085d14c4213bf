// Starts the page: routes by the address, follows live events, joins the views together.

import { follow, post } from "./api.js";
import { drawComposer, forget, send, setUpComposer } from "./composer.js";
import { alertBox, attempt, confirmBox, membersBox, photoBox, toast } from "./dialogs.js";
import { $, icon } from "./dom.js";
import { avatar } from "./format.js";
import { drawLog, noteArrival, setUpLog, showMessage } from "./log.js";
import { openMenu } from "./menus.js";
import { followLink } from "./links.js";
import { isMine, openMessageMenu, react } from "./message_menu.js";
import { drawSidebar, setUpSidebar } from "./sidebar.js";
import {
  botOf,
  changed,
  chatTitle,
  currentPersona,
  dropMessage,
  isPrivate,
  keepMessage,
  loadMessages,
  loadState,
  onChange,
  openChat,
  shownChat,
  store,
} from "./store.js";
import { t } from "./texts.js";

const TYPING_MS = 5000;
const PRESS_MS = 15000;
// Buttons that wait for their answer: query id -> "chat/message/data".
const waiting = new Map();
// Answers that overtook the reply to the press itself.
const early = new Map();

const act = {
  openMenu: openMessageMenu,
  openPhoto: photoBox,
  openThread: (postId) => (location.hash = `${store.open}/${postId}`),
  show: showMessage,
  command: send,
  follow: followLink,
  react,
  isMine,
  press,
  isWaiting: (message, button) =>
    [...waiting.values()].includes(pressName(message, button.callback_data)),
};

function draw() {
  document.querySelector(".app").dataset.screen = store.open ? "chat" : "list";
  drawSidebar();
  drawHeader();
  drawLog(act);
  drawComposer();
  $("blank").hidden = Boolean(store.open);
  $("blank").firstElementChild.textContent = t("blank");
  $("offline").hidden = store.online;
  $("offline").textContent = t("offline");
}

function drawHeader() {
  const chat = openChat();
  $("chat-bar").hidden = !chat;
  if (!chat) return;
  const title = store.thread ? t("thread") : chatTitle(chat);
  document.title = `${title} · Настрой`;
  $("chat-title").textContent = title;
  $("chat-note").textContent = chatNote(chat);
  $("chat-note").classList.toggle("typing", store.typing.has(chat.handle));
  const face = avatar(isPrivate(chat) ? (botOf(chat)?.id ?? 0) : chat.id, chatTitle(chat));
  $("chat-avatar").className = `chat-${face.className}`;
  $("chat-avatar").textContent = face.textContent;
  $("back").replaceChildren(icon("back"));
  $("back").setAttribute("aria-label", store.thread ? t("back_thread") : t("back"));
  $("back").classList.toggle("in-thread", store.thread > 0);
  $("chat-menu").replaceChildren(icon("more"));
  $("chat-menu").setAttribute("aria-label", t("menu"));
}

function chatNote(chat) {
  if (store.typing.has(chat.handle)) return t("typing");
  if (store.thread) return chatTitle(chat);
  if (isPrivate(chat)) {
    return `${t("private_note")} · ${t("private_of", { name: currentPersona()?.name ?? "" })}`;
  }
  const inside = chat.members.filter((member) => !["left", "kicked"].includes(member.status));
  if (chat.type === "channel") return t("channel_note", { n: inside.length });
  return t("group_note", { n: inside.length });
}

async function route() {
  const [handle, thread] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (handle && handle.startsWith("private:") && !store.chats.has(handle)) await meet(handle);
  store.open = store.chats.has(handle) ? handle : "";
  store.thread = store.open ? Number(thread ?? 0) : 0;
  store.unread.delete(store.open);
  changed();
  const chat = openChat();
  const needed = [store.open, chat?.type === "channel" ? chat.linked : ""];
  const missing = needed.filter((one) => one && !store.messages.has(one));
  await attempt(() => Promise.all(missing.map(loadMessages)));
}

// Asking for a private chat makes it, so that a person can press Start.
async function meet(handle) {
  await attempt(async () => {
    await loadMessages(handle);
    await loadState();
  });
}

async function reloadAll() {
  await attempt(async () => {
    await loadState();
    await Promise.all([...store.messages.keys()].map(reload));
    await route();
  });
}

async function reload(handle) {
  if (store.chats.has(handle)) await loadMessages(handle);
  else store.messages.delete(handle);
}

const events = {
  message(message) {
    const known = store.chats.has(message.chat_handle);
    if (keepMessage(message)) arrived(message);
    if (!known) loadState();
    changed();
  },
  removed({ chat, message_id: messageId }) {
    dropMessage(chat, messageId);
    if (chat === shownChat()?.handle) forget(messageId);
  },
  callback_answer(answer) {
    const id = answer.callback_query_id;
    if (waiting.delete(id)) showAnswer(answer);
    else early.set(id, answer);
    setTimeout(() => early.delete(id), PRESS_MS);
  },
  action({ chat }) {
    const mark = Symbol(chat);
    store.typing.set(chat, mark);
    setTimeout(() => {
      if (store.typing.get(chat) === mark) store.typing.delete(chat);
      changed();
    }, TYPING_MS);
    changed();
  },
  chat: () => attempt(loadState),
  chats: () => attempt(loadState),
  commands: () => attempt(loadState),
  reload: reloadAll,
};

function showAnswer(answer) {
  if (answer.text && answer.show_alert) alertBox(store.bots[0].first_name, answer.text);
  else if (answer.text) toast(answer.text);
  changed();
}

function arrived(message) {
  noteArrival(message);
  const chat = message.chat_handle;
  const isShown = chat === store.open || chat === shownChat()?.handle;
  if (!isShown) store.unread.set(chat, (store.unread.get(chat) ?? 0) + 1);
}

// Loads everything whenever the line of events opens, so that nothing falls in between.
function onConnection(online) {
  store.online = online;
  if (online) reloadAll();
  changed();
}

function pressName(message, data) {
  return `${message.chat_handle}/${message.message_id}/${data}`;
}

async function press(message, button) {
  const order = { chat: message.chat_handle, message_id: message.message_id };
  const data = button.callback_data ?? "";
  if (act.isWaiting(message, button)) return;
  const sender = currentPersona().handle;
  const pressed = await attempt(() => post("messages/press", { ...order, data, sender }));
  if (!pressed) return;
  const answer = pressed.answer ?? early.get(pressed.callback_query_id);
  if (answer) {
    showAnswer(answer);
    return;
  }
  waiting.set(pressed.callback_query_id, pressName(message, data));
  setTimeout(() => {
    if (waiting.delete(pressed.callback_query_id)) toast(t("no_answer"));
    changed();
  }, PRESS_MS);
  changed();
}

function openChatMenu(event) {
  const chat = openChat();
  const items = [];
  if (isPrivate(chat) && chat.started) {
    const flip = () => attempt(() => post("block", { chat: chat.handle, blocked: !chat.blocked }));
    items.push({ label: chat.blocked ? t("unblock") : t("block"), icon: "block", act: flip });
  }
  if (!isPrivate(chat)) {
    items.push({ label: t("members"), icon: "people", act: () => membersBox(openChat()) });
  }
  if (chat.type === "group") {
    const act = () => attempt(() => post("migrate", { chat: chat.handle })).then(reloadAll);
    items.push({ label: t("migrate"), icon: "up", act });
  }
  items.push({ label: t("advance"), icon: "clock", act: advanceClock });
  const reset = () => confirmBox(t("reset_question"), t("reset"), () => attempt(() => post("reset", {})));
  items.push({ label: t("reset"), icon: "reset", danger: true, act: reset });
  openMenu(event.currentTarget.getBoundingClientRect(), items, { label: t("menu") });
}

async function advanceClock() {
  const settings = await attempt(() => post("settings", { advance_seconds: 86400 }));
  if (!settings) return;
  await loadState();
  toast(t("advanced"));
}

onChange(draw);
setUpSidebar(() => changed());
setUpLog();
setUpComposer();
$("chat-menu").addEventListener("click", openChatMenu);
$("back").addEventListener("click", () => {
  location.hash = store.thread ? store.open : "";
});
window.addEventListener("hashchange", route);
const isWide = matchMedia("(min-width: 800px)").matches;
if (!location.hash && isWide) history.replaceState(null, "", "#private:anna");
follow(events, onConnection);
