// Where one writes: as whom, in reply to what, with which photos, or which message anew.

import { post } from "./api.js";
import { attempt, toast } from "./dialogs.js";
import { $, h, icon } from "./dom.js";
import { avatar, summary } from "./format.js";
import { stickToBottom } from "./log.js";
import { openMenu } from "./menus.js";
import { setUpCommands, suggestCommands } from "./commands.js";
import {
  authorOf,
  changed,
  choosePersona,
  currentPersona,
  isPrivate,
  openChat,
  personasFor,
  shownChat,
  store,
} from "./store.js";
import { language, t } from "./texts.js";

const drafts = new Map();
let context = { reply: null, editing: null, files: [] };
let place = "";
let look = "";
let busy = false;

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
  if (context.editing?.message_id === messageId || context.reply?.message_id === messageId) {
    cancel();
  }
}

export function insertCommand(word) {
  return send(word);
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
  form.replaceChildren(...[strip(), thumbnails(), row(chat, persona)].filter(Boolean));
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
    h("div", { class: "field" }, input, !context.editing && attachButton()),
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

function personaButton(persona) {
  const words = t("write_as", { name: persona?.name ?? "" });
  const open = (event) => openMenu(event.currentTarget.getBoundingClientRect(), personaItems(), {
    label: t("write_as_title"),
    extra: h("div", { class: "menu-title" }, t("write_as_title")),
  });
  return h(
    "button",
    {
      type: "button",
      class: "persona",
      "aria-label": words,
      title: words,
      "aria-haspopup": "menu",
      onclick: open,
    },
    avatar(persona?.id ?? 0, persona?.name ?? "?"),
  );
}

function personaItems() {
  const current = currentPersona();
  return personasFor(shownChat()).map((one) => ({
    label: one.name,
    note: one.role,
    lead: avatar(one.id, one.name),
    checked: one.handle === current?.handle,
    act: () => {
      if (isPrivate(openChat())) location.hash = openChat().handle.replace(/[^:]+$/, one.handle);
      else choosePersona(one.handle);
      requestAnimationFrame(() => field()?.focus());
    },
  }));
}

function attachButton() {
  const input = h("input", { type: "file", multiple: true, hidden: true });
  input.addEventListener("change", () => addFiles(input.files));
  const words = t("attach");
  const choose = () => input.click();
  return h(
    "span",
    {},
    input,
    h("button", { type: "button", class: "icon-button attach", "aria-label": words, title: words, onclick: choose }, icon("attach")),
  );
}

async function addFiles(list) {
  const read = (file) =>
    new Promise((done) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => done({ file, url: reader.result }));
      reader.readAsDataURL(file);
    });
  const files = await Promise.all([...list].map(read));
  context = { ...context, editing: null, files: [...context.files, ...files].slice(0, 10) };
  redraw();
  field()?.focus();
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
    h("button", { type: "button", class: "icon-button", "aria-label": words, onclick: cancel }, icon("close")),
  );
}

function thumbnails() {
  if (!context.files.length) return null;
  const drop = (one) => () => {
    context = { ...context, files: context.files.filter((other) => other !== one) };
    redraw();
  };
  return h(
    "div",
    { class: "thumbnails" },
    context.files.map((one) => {
      const words = t("detach", { name: one.file.name });
      const isImage = one.file.type.startsWith("image/");
      const face = isImage ? h("img", { src: one.url, alt: one.file.name }) : icon("file");
      return h("button", { type: "button", "aria-label": words, title: words, onclick: drop(one) }, face);
    }),
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
    cancel();
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

async function submit() {
  const text = field().value.trim();
  if (busy || (!text && !context.files.length)) return;
  busy = true;
  const done = context.editing ? await saveEdit(text) : await send(text);
  busy = false;
  if (done) cancel();
}

function saveEdit(text) {
  const { chat_handle: chat, message_id, text: before, caption } = context.editing;
  if (text === (before ?? caption)) return true;
  const order = { chat, message_id, text, sender: currentPersona().handle };
  return attempt(() => post("messages/edit", order));
}

async function send(text) {
  const order = { chat: store.open, sender: currentPersona().handle };
  if (store.thread) order.comment_to = store.thread;
  if (context.reply) order.reply_to = context.reply.message_id;
  stickToBottom();
  const orders = context.files.length ? withFiles(order, text) : [{ ...order, text }];
  for (const one of orders) {
    if (!(await attempt(() => post("messages", one)))) return false;
  }
  return true;
}

function withFiles(order, text) {
  const album = context.files.length > 1 ? String(Date.now()) : "";
  return context.files.map(({ file, url }, index) => {
    const data = url.slice(url.indexOf(",") + 1);
    const attached = { data, name: file.name, mime_type: file.type || "application/octet-stream" };
    const kind = /^image\/(png|jpeg|gif|webp)$/.test(file.type) ? "photo" : "document";
    return { ...order, text: index ? "" : text, [kind]: attached, media_group_id: album };
  });
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

export function copyText(message) {
  navigator.clipboard?.writeText(message.text ?? message.caption ?? "");
  toast(t("copied"));
}
