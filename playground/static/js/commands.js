// The list of the bot's commands that opens above the field while one types a slash.

import { $, h } from "./dom.js";
import { isPrivate, openChat, shownChat, store } from "./store.js";
import { language, t } from "./texts.js";

let list = null;

// Keys reach the open list before the field, which would send what is typed so far.
export function setUpCommands() {
  $("composer").addEventListener("keydown", onKey, true);
}

export function suggestCommands(input, send) {
  close();
  const typed = /^\/(\w*)$/.exec(input.value);
  const found = typed && openChat().type !== "channel" ? matching(typed[1]) : [];
  if (!found.length) return;
  list = h("div", { class: "commands", role: "listbox", id: "commands", "aria-label": t("commands") });
  found.forEach((command, index) => list.append(option(command, index === 0, input, send)));
  $("composer").prepend(list);
  input.setAttribute("aria-controls", "commands");
  input.addEventListener("blur", () => setTimeout(close, 150), { once: true });
}

function matching(start) {
  const bot = store.bots[0];
  const chat = shownChat();
  const scopes = isPrivate(chat)
    ? [`chat:${chat.id}`, "all_private_chats", "default"]
    : [`chat:${chat.id}`, `chat_administrators:${chat.id}`, "all_chat_administrators"].concat(
        ["all_group_chats", "default"],
      );
  for (const scope of scopes) {
    for (const code of [language, ""]) {
      const set = bot?.commands.find((one) => one.scope === scope && one.language_code === code);
      if (set) return set.commands.filter((one) => one.command.startsWith(start.toLowerCase()));
    }
  }
  return [];
}

function option({ command, description }, chosen, input, send) {
  const choose = async () => {
    close();
    input.value = "";
    await send(isPrivate(openChat()) ? `/${command}` : `/${command}@${store.bots[0].username}`);
  };
  return h(
    "button",
    { type: "button", role: "option", tabindex: -1, "aria-selected": String(chosen), onclick: choose },
    h("strong", {}, `/${command}`),
    h("span", {}, description),
  );
}

function onKey(event) {
  if (!list) return;
  const options = [...list.children];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    event.stopPropagation();
    const next = (at + step + options.length) % options.length;
    options.forEach((one, index) => one.setAttribute("aria-selected", String(index === next)));
    options[next].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    options[at].click();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    close();
  }
}

function close() {
  list?.remove();
  list = null;
}
