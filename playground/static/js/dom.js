// Building elements without HTML strings, so that nothing written by people is ever parsed.

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

export const $ = (id) => document.getElementById(id);

// Brings a container's children to a list of {key, stamp, build}, touching only what changed.
export function reconcile(container, items) {
  const present = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let place = container.firstElementChild;
  for (const item of items) {
    let element = present.get(item.key);
    present.delete(item.key);
    if (!element || element.dataset.stamp !== item.stamp) {
      const fresh = item.build();
      fresh.dataset.key = item.key;
      fresh.dataset.stamp = item.stamp;
      if (element) {
        if (element === place) place = element.nextElementSibling;
        keepFocus(element, fresh);
      } else {
        fresh.classList.add("fresh");
      }
      element = fresh;
    }
    if (element === place) place = place.nextElementSibling;
    else container.insertBefore(element, place);
  }
  for (const gone of present.values()) gone.remove();
}

function keepFocus(before, after) {
  const had = before.contains(document.activeElement);
  const label = had && document.activeElement.dataset.focus;
  before.replaceWith(after);
  if (!had) return;
  (label ? after.querySelector(`[data-focus="${label}"]`) ?? after : after).focus({
    preventScroll: true,
  });
}

const ICONS = {
  back: "M15 5l-7 7 7 7",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  attach: "M20 11.5l-8 8a5.500 5.500 0 0 1-7.800-7.800l8.300-8.300a3.700 3.700 0 0 1 5.200 5.200l-8.200 8.200a1.800 1.800 0 0 1-2.600-2.600l7.500-7.500",
  send: "M4 12l16-8-5 16-3.500-6.500zM11.500 13.500L20 4",
  check: "M5 12.500l4.500 4.500L19 7.500",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  reply: "M10 6L4 12l6 6M4.500 12H14a6 6 0 0 1 6 6v1",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  copy: "M9 9h10v11H9zM5 15V4h10",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20c0-3.500 2.700-5.500 6-5.500s6 2 6 5.500M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 14.800c2.100.6 3.500 2.300 3.500 5.200",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
  reset: "M4 5v5h5M5 10a8 8 0 1 1-1 5",
  up: "M12 19V6M6 11l6-6 6 6",
  comments: "M5 5h14v11h-8l-4 4v-4H5z",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
