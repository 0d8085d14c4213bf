// What one can do with a message: react, reply, copy, edit, delete.

import { post } from "./api.js";
import { startEdit, startReply } from "./composer.js";
import { attempt, toast } from "./dialogs.js";
import { h } from "./dom.js";
import { anchorOf, openMenu } from "./menus.js";
import { currentPersona, isPrivate, store } from "./store.js";
import { t } from "./texts.js";

const EMOJI = ["👍", "👎", "❤", "🔥", "😁", "😢", "🤔"];

export function react(message, emoji) {
  const sender = reactor();
  const again = isMine(message, emoji);
  const order = { chat: message.chat_handle, message_id: message.message_id };
  return attempt(() => post("messages/react", { ...order, sender, emoji: again ? "" : emoji }));
}

export function isMine(message, emoji) {
  return message.reactors[emoji]?.includes(store.people.get(reactor())?.id) ?? false;
}

// A channel can't react, so its readers do.
function reactor() {
  const handle = currentPersona()?.handle;
  return store.people.get(handle)?.is_bot === false ? handle : "anna";
}

export function openMessageMenu(event, entry) {
  event.preventDefault();
  const message = entry.messages.find((one) => one.text || one.caption) ?? entry.messages[0];
  const persona = currentPersona();
  const own = message.author_id === persona?.id;
  const text = message.text ?? message.caption;
  const items = [];
  if (entry.chat.type !== "channel") {
    items.push({ label: t("reply"), icon: "reply", act: () => startReply(message) });
  }
  if (text) items.push({ label: t("copy"), icon: "copy", act: () => copyText(text) });
  if (own) items.push({ label: t("edit"), icon: "edit", act: () => startEdit(message) });
  if (own || mayDelete(entry.chat, persona)) {
    const act = () => entry.messages.forEach(remove);
    items.push({ label: t("delete"), icon: "trash", danger: true, act });
  }
  openMenu(anchorOf(event), items, { extra: reactionRow(message), label: t("actions") });
}

function mayDelete(chat, persona) {
  if (isPrivate(chat)) return true;
  const status = chat.members.find((member) => member.person === persona?.handle)?.status;
  return ["creator", "administrator"].includes(status);
}

function remove(message) {
  const order = { chat: message.chat_handle, message_id: message.message_id };
  return attempt(() => post("messages/delete", { ...order, sender: currentPersona().handle }));
}

function reactionRow(message) {
  const choose = (emoji) => () => react(message, emoji);
  return h(
    "div",
    { class: "reaction-row" },
    EMOJI.map((emoji) =>
      h(
        "button",
        { type: "button", role: "menuitem", "aria-label": t("react", { emoji }), onclick: choose(emoji) },
        emoji,
      ),
    ),
  );
}

function copyText(text) {
  navigator.clipboard?.writeText(text);
  toast(t("copied"));
}
