// Deep links to the bot: opened here, as Telegram's clients open them, instead of on the web.

import { post } from "./api.js";
import { attempt, groupBox } from "./dialogs.js";
import { currentPersona, store } from "./store.js";

const LINK = /^https:\/\/(?:t|telegram)\.me\/(\w+)\?/i;

export function followLink(event, url) {
  const name = LINK.exec(url)?.[1].toLowerCase();
  if (!store.bots.some((bot) => bot.username.toLowerCase() === name)) return;
  event.preventDefault();
  if (!new URL(url).searchParams.has("startgroup")) {
    open(url);
    return;
  }
  const groups = [...store.chats.values()].filter((chat) => /group$/.test(chat.type));
  groupBox(groups, (group) => open(url, group));
}

async function open(url, group) {
  const sender = currentPersona().handle;
  const order = { url, sender, ...(group && { chat: group.handle }) };
  const written = await attempt(() => post("follow", order));
  if (written) location.hash = group?.handle ?? `private:${sender}`;
}
