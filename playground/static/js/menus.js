// Menus that open beside a message, the composer or the chat's name; arrows and Escape work.

import { h, icon } from "./dom.js";

const MARGIN = 8;
let close = () => {};

// `items` are {label, icon, act, checked, danger, lead}; `extra` may stand above them.
export function openMenu(anchor, items, { extra, label } = {}) {
  close();
  const before = document.activeElement;
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label }, extra);
  for (const item of items) menu.append(itemButton(item));
  document.body.append(menu);
  place(menu, anchor);
  const onPress = (event) => !menu.contains(event.target) && close();
  close = (refocus = false) => {
    document.removeEventListener("pointerdown", onPress, true);
    window.removeEventListener("resize", onResize);
    menu.remove();
    if (refocus) before?.focus({ preventScroll: true });
    close = () => {};
  };
  const onResize = () => close();
  document.addEventListener("pointerdown", onPress, true);
  window.addEventListener("resize", onResize);
  menu.addEventListener("keydown", moveInMenu);
  menu.addEventListener("click", (event) => event.target.closest("button") && close(true), true);
  (menu.querySelector("[aria-checked=true]") ?? menu.querySelector("button"))?.focus();
}

function itemButton({ label, icon: sign, act, checked, danger, lead, note, disabled }) {
  const role = checked === undefined ? "menuitem" : "menuitemradio";
  return h(
    "button",
    {
      type: "button",
      role,
      class: danger ? "danger" : "",
      "aria-checked": checked === undefined ? undefined : String(checked),
      disabled,
      // The menu closes first, so that what opens next keeps the focus.
      onclick: () => queueMicrotask(act),
    },
    lead ?? (sign && icon(sign)),
    h("span", {}, label, note && h("small", {}, note)),
    checked && icon("check"),
  );
}

function moveInMenu(event) {
  const buttons = [...event.currentTarget.querySelectorAll("button:not([disabled])")];
  const at = buttons.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close(true);
  } else if (event.key in steps) {
    event.preventDefault();
    buttons[(at + steps[event.key] + buttons.length) % buttons.length].focus();
  }
}

function place(menu, anchor) {
  const { width, height } = menu.getBoundingClientRect();
  const right = window.innerWidth - width - MARGIN;
  const below = anchor.bottom + height + MARGIN <= window.innerHeight;
  const top = below ? anchor.bottom : Math.max(MARGIN, anchor.top - height);
  menu.style.left = `${Math.max(MARGIN, Math.min(anchor.left, right))}px`;
  menu.style.top = `${Math.min(top, Math.max(MARGIN, window.innerHeight - height - MARGIN))}px`;
}

// Where a menu opens: at the pointer, or under the element that a key opened it from.
export function anchorOf(event) {
  const { clientX: x, clientY: y } = event;
  const isPointer = x > 0 || y > 0;
  if (isPointer && event.type !== "click") return { left: x, top: y, bottom: y };
  return event.currentTarget.getBoundingClientRect();
}
