// Where one writes: as whom, in reply to what, with which photos, or which message anew.

import { post } from "./api.js";
import { attachButton, MOST_FILES, ordersFor, readFiles, thumbnails } from "./attachments.js";
import { setUpCommands, suggestCommands } from "./commands.js";
import { attempt } from "./dialogs.js";
import { $, h, icon } from "./dom.js";
import { summary } from "./format.js";
import { stickToBottom } from "./log.js";
import { personaButton } from "./persona.js";
import {
  authorOf,
  changed,
  currentPersona,
  isPrivate,
  openChat,
  shownChat,
  store,
} from "./store.js";
import { language, t } from "./texts.js";

const drafts = new Map();
let context = { reply: null, editing: null, files: [] };
let place = "";
let look = "";

export function startReply(message) {
  context = { ...context, reply: message, editing: null };
  redraw();
  field()?.focus();
}

export function startEdit(message) {
  context = { reply: null, editing: message, files: [] };
  redraw();
  const input = field();
  input.value = message.text ?? message.caption ?? "";
  fit(input);
  input.focus();
}

export function forget(messageId) {
  const message = context.editing ?? context.reply;
  if (message?.message_id === messageId) leave();
}

export function setUpComposer() {
  const form = $("composer");
  setUpCommands();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  form.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) addFiles(event.clipboardData.files);
  });
  const main = $("conversation");
  main.addEventListener("dragover", (event) => event.preventDefault());
  main.addEventListener("drop", (event) => {
    event.preventDefault();
    if (openChat() && event.dataTransfer.files.length) addFiles(event.dataTransfer.files);
  });
}

export function drawComposer() {
  const chat = openChat();
  const form = $("composer");
  form.hidden = !chat;
  if (!chat) return;
  const here = `${store.open}/${store.thread}`;
  if (here !== place) {
    if (field()) drafts.set(place, field().value);
    place = here;
    context = { reply: null, editing: null, files: [] };
  }
  const persona = currentPersona();
  const state = [here, persona?.handle, persona?.canWrite, chat.blocked, chat.started, language];
  const fresh = JSON.stringify([...state, context.reply, context.editing, context.files.length]);
  if (fresh === look) return;
  look = fresh;
  build(form, chat, persona);
}

function redraw() {
  look = "";
  drawComposer();
}

function build(form, chat, persona) {
  const before = field();
  const text = before?.dataset.place === place ? before.value : drafts.get(place) ?? "";
  const focused = document.activeElement === before && before;
  if (chat.blocked) return form.replaceChildren(barred(t("blocked"), t("unblock"), unblock));
  if (isPrivate(chat) && !chat.started) return form.replaceChildren(starter(persona));
  if (!persona?.canWrite) {
    const words = t("cannot_write", { name: persona?.name ?? "" });
    return form.replaceChildren(h("div", { class: "barred" }, personaButton(persona), h("p", {}, words)));
  }
  form.replaceChildren(...[strip(), thumbnails(context.files, dropFile), row(chat, persona)].filter(Boolean));
  const input = field();
  input.value = text;
  fit(input);
  if (focused) input.focus();
}

function row(chat, persona) {
  const label = placeholder(chat);
  const input = h("textarea", {
    id: "field",
    rows: 1,
    placeholder: label,
    "aria-label": label,
    maxlength: context.files.length ? 1024 : 4096,
    "data-place": place,
    autocomplete: "off",
    enterkeyhint: "send",
  });
  input.addEventListener("input", () => {
    fit(input);
    suggestCommands(input, send);
  });
  input.addEventListener("keydown", onKey);
  const words = context.editing ? t("save") : t("send");
  return h(
    "div",
    { class: "compose-row" },
    personaButton(persona),
    h("div", { class: "field" }, input, !context.editing && attachButton(addFiles)),
    h(
      "button",
      { type: "submit", class: "send", "aria-label": words },
      icon(context.editing ? "check" : "up"),
    ),
  );
}

function placeholder(chat) {
  if (context.files.length) return t("caption");
  if (store.thread) return t("write_comment");
  return chat.type === "channel" ? t("write_post") : t("write");
}

function strip() {
  const message = context.editing ?? context.reply;
  if (!message) return null;
  const title = context.editing ? t("editing") : t("replying", { name: authorOf(message).name });
  const words = t("cancel");
  return h(
    "div",
    { class: "strip" },
    icon(context.editing ? "edit" : "reply"),
    h("span", {}, h("strong", {}, title), h("span", {}, summary(message))),
    h("button", { type: "button", class: "icon-button", "aria-label": words, onclick: leave }, icon("close")),
  );
}

function barred(words, action, act) {
  return h(
    "div",
    { class: "barred" },
    h("p", {}, words),
    h("button", { type: "button", class: "primary", onclick: act }, action),
  );
}

function starter(persona) {
  return h(
    "div",
    { class: "compose-row" },
    personaButton(persona),
    h("button", { type: "button", class: "primary start", onclick: () => send("/start") }, t("start")),
  );
}

function unblock() {
  return attempt(() => post("block", { chat: store.open, blocked: false }));
}

function onKey(event) {
  if (event.defaultPrevented) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  } else if (event.key === "Escape" && (context.reply || context.editing)) {
    leave();
  } else if (event.key === "ArrowUp" && !event.target.value && !context.editing) {
    editLast(event);
  }
}

function editLast(event) {
  const persona = currentPersona();
  const kept = [...(store.messages.get(shownChat().handle)?.values() ?? [])];
  const last = kept.findLast((one) => one.author_id === persona.id && (one.text || one.caption));
  if (!last) return;
  event.preventDefault();
  startEdit(last);
}

async function addFiles(list) {
  const files = await readFiles(list);
  const all = [...context.files, ...files].slice(0, MOST_FILES);
  context = { ...context, editing: null, files: all };
  redraw();
  field()?.focus();
}

function dropFile(file) {
  context = { ...context, files: context.files.filter((other) => other !== file) };
  redraw();
}

// Empties the field at once, so that one can go on typing; gives back what was refused.
async function submit() {
  const text = field().value.trim();
  if (!text && !context.files.length) return;
  const written = context;
  cancel();
  const done = written.editing ? await saveEdit(text, written.editing) : await send(text, written);
  if (done || !field() || field().value) return;
  context = written;
  redraw();
  field().value = text;
  fit(field());
}

function saveEdit(text, message) {
  if (text === (message.text ?? message.caption)) return true;
  const order = { chat: message.chat_handle, message_id: message.message_id, text };
  return attempt(() => post("messages/edit", { ...order, sender: currentPersona().handle }));
}

export async function send(text, { reply = null, files = [] } = {}) {
  const order = { chat: store.open, sender: currentPersona().handle };
  if (store.thread) order.comment_to = store.thread;
  if (reply) order.reply_to = reply.message_id;
  stickToBottom();
  for (const one of ordersFor(order, text, files)) {
    if (!(await attempt(() => post("messages", one)))) return false;
  }
  return true;
}

// Ends a reply but keeps what is typed; ends an edit with it.
function leave() {
  if (context.editing) {
    cancel();
    return;
  }
  context = { ...context, reply: null };
  redraw();
}

function cancel() {
  const input = field();
  if (input) input.value = "";
  drafts.delete(place);
  context = { reply: null, editing: null, files: [] };
  redraw();
  changed();
}

function field() {
  return $("field");
}

function fit(input) {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
}

