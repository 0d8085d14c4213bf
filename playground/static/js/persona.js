// The button that says who writes, and the menu to choose another.

import { $, h } from "./dom.js";
import { avatar } from "./format.js";
import { openMenu } from "./menus.js";
import { choosePersona, currentPersona, isPrivate, openChat, personasFor, shownChat } from "./store.js";
import { t } from "./texts.js";

export function personaButton(persona) {
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
      requestAnimationFrame(() => $("field")?.focus());
    },
  }));
}
