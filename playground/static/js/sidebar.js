// The list of chats, newest talk first.

import { $, h, reconcile } from "./dom.js";
import { avatar, shortDate, summary } from "./format.js";
import { authorOf, botOf, chatTitle, isPrivate, store } from "./store.js";
import { language, switchLanguage, t } from "./texts.js";

export function setUpSidebar(redraw) {
  $("language").addEventListener("click", () => {
    switchLanguage();
    redraw();
  });
}

export function drawSidebar() {
  document.documentElement.lang = language;
  $("sidebar").setAttribute("aria-label", t("chats"));
  $("brand-note").textContent = t("brand_note");
  $("sidebar-note").textContent = t("sidebar_note");
  $("language").textContent = language === "ru" ? "EN" : "RU";
  $("language").setAttribute("aria-label", t("language_label"));
  reconcile($("chats"), [...store.chats.values()].sort(byPlace).map(chatItem));
}

// The bot's chat leads, as the reason to be here; others by their last message.
function byPlace(one, other) {
  const lead = Number(other.handle === "private:anna") - Number(one.handle === "private:anna");
  return lead || (other.last_message?.date ?? 0) - (one.last_message?.date ?? 0);
}

function chatItem(chat) {
  const unread = store.unread.get(chat.handle) ?? 0;
  const current = chat.handle === store.open;
  const last = chat.last_message;
  const stamp = JSON.stringify([current, unread, last, chat.title, chat.type, language]);
  return { key: chat.handle, stamp, build: () => row(chat, { unread, current, last }) };
}

function row(chat, { unread, current, last }) {
  const title = chatTitle(chat);
  const owner = isPrivate(chat) && chat.handle !== "private:anna" ? ` · ${chat.first_name}` : "";
  return h(
    "li",
    {},
    h(
      "a",
      {
        class: "chat",
        href: `#${chat.handle}`,
        "aria-current": current ? "page" : undefined,
        "data-focus": "chat",
      },
      avatar(isPrivate(chat) ? botOf(chat)?.id ?? 0 : chat.id, title, "chat-avatar"),
      h(
        "span",
        { class: "chat-text" },
        h(
          "span",
          { class: "chat-line" },
          h("strong", {}, title, owner && h("span", { class: "owner" }, owner)),
          isPrivate(chat) && h("span", { class: "tag" }, t("badge_bot")),
          last && h("time", {}, shortDate(last.date)),
        ),
        h(
          "span",
          { class: "chat-line" },
          h("span", { class: "chat-last" }, ...lastWords(chat, last)),
          unread > 0 &&
            h("span", { class: "badge", "aria-label": t("unread", { n: unread }) }, String(unread)),
        ),
      ),
    ),
  );
}

function lastWords(chat, last) {
  if (!last) return [isPrivate(chat) ? t("write") : t("empty_chat")];
  const nameless = isPrivate(chat) || chat.type === "channel" || last.new_chat_members;
  const { name, isChat } = authorOf(last);
  const author = nameless ? "" : `${isChat ? name : name.split(" ")[0]}: `;
  return [author && h("b", {}, author), summary(last)];
}
