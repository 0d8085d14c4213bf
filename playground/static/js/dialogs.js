// Toasts, alerts, questions, a photo at full size, a group's members.

import { post } from "./api.js";
import { $, h, icon } from "./dom.js";
import { avatar } from "./format.js";
import { store } from "./store.js";
import { t } from "./texts.js";

const TOAST_MS = 3500;

export function toast(text, kind = "") {
  const element = h("div", { class: `toast ${kind}` }, text);
  $("toasts").append(element);
  setTimeout(() => element.classList.add("leaving"), TOAST_MS - 300);
  setTimeout(() => element.remove(), TOAST_MS);
}

// Runs what may be refused, and says why it was.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    toast(t("failed", { reason: error.message }), "bad");
    return undefined;
  }
}

export function alertBox(title, text) {
  const ok = h("button", { type: "button", class: "primary", onclick: closeDialog }, t("ok"));
  open("alert", h("h3", {}, title), h("p", {}, text), h("div", { class: "choices" }, ok));
  ok.focus();
}

export function confirmBox(question, action, onYes) {
  const yes = () => {
    closeDialog();
    onYes();
  };
  const cancel = h("button", { type: "button", onclick: closeDialog }, t("cancel"));
  const go = h("button", { type: "button", class: "primary", onclick: yes }, action);
  open("alert", h("p", {}, question), h("div", { class: "choices" }, cancel, go));
}

// Asks in which group a link is to be opened.
export function groupBox(groups, onChoice) {
  const choose = (group) => () => {
    closeDialog();
    onChoice(group);
  };
  const cancel = h("button", { type: "button", onclick: closeDialog }, t("cancel"));
  const choices = groups.map((group) =>
    h("button", { type: "button", class: "primary", onclick: choose(group) }, group.title),
  );
  open("alert", h("p", {}, t("which_group")), h("div", { class: "choices stacked" }, choices, cancel));
}

export function photoBox(source, words) {
  const image = h("img", { src: source, alt: words, onclick: closeDialog });
  const close = { type: "button", class: "icon-button", "aria-label": t("close") };
  open("lightbox", h("button", { ...close, onclick: closeDialog }, icon("close")), image);
}

export function membersBox(chat) {
  const close = { type: "button", class: "icon-button", "aria-label": t("close") };
  open(
    "members",
    h(
      "header",
      {},
      h("h3", {}, t("members")),
      h("button", { ...close, onclick: closeDialog }, icon("close")),
    ),
    h("ul", {}, chat.members.map((member) => memberRow(chat, member))),
  );
}

function memberRow(chat, member) {
  const bot = store.bots.find((one) => one.handle === member.person);
  const person = bot ?? store.people.get(member.person);
  const name = bot ? bot.first_name : person.name;
  return h(
    "li",
    {},
    avatar(person.id, name),
    h("span", { class: "member" }, h("strong", {}, name), h("small", {}, t(`role_${member.status}`))),
    h("span", { class: "member-actions" }, memberActions(chat, member)),
  );
}

function memberActions(chat, member) {
  const change = (status) => async () => {
    const order = { chat: chat.handle, person: member.person, status, by: "admin" };
    await attempt(() => post("members", order));
    closeDialog();
  };
  const button = (key, status) =>
    h("button", { type: "button", class: "small", onclick: change(status) }, t(key));
  return {
    creator: [],
    administrator: [button("demote", "member")],
    member: [button("promote", "administrator"), button("kick", "kicked")],
    restricted: [button("restore", "member"), button("kick", "kicked")],
    kicked: [button("invite", "member")],
    left: [button("invite", "member")],
  }[member.status];
}

function open(kind, ...content) {
  const dialog = $("dialog");
  dialog.className = kind;
  dialog.replaceChildren(...content);
  dialog.onclick = (event) => event.target === dialog && closeDialog();
  if (!dialog.open) dialog.showModal();
}

function closeDialog() {
  $("dialog").close();
}
