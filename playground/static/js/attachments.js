// Photos and files on their way into a message.

import { h, icon } from "./dom.js";
import { t } from "./texts.js";

// The formats that Telegram takes as photos; others go as files.
const PHOTO = /^image\/(png|jpeg|gif|webp)$/;
export const MOST_FILES = 10;

export function readFiles(list) {
  const read = (file) =>
    new Promise((done) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => done({ file, url: reader.result }));
      reader.readAsDataURL(file);
    });
  return Promise.all([...list].map(read));
}

export function attachButton(add) {
  const input = h("input", { type: "file", multiple: true, hidden: true });
  input.addEventListener("change", () => add(input.files));
  const words = t("attach");
  const look = { class: "icon-button attach", "aria-label": words, title: words };
  const choose = () => input.click();
  return h("span", {}, input, h("button", { type: "button", ...look, onclick: choose }, icon("attach")));
}

export function thumbnails(files, drop) {
  if (!files.length) return null;
  const draw = (one) => {
    const words = t("detach", { name: one.file.name });
    const isImage = one.file.type.startsWith("image/");
    const face = isImage ? h("img", { src: one.url, alt: one.file.name }) : icon("file");
    const look = { type: "button", "aria-label": words, title: words };
    return h("button", { ...look, onclick: () => drop(one) }, face);
  };
  return h("div", { class: "thumbnails" }, files.map(draw));
}

// One order a file; several make an album, and the first carries the text.
export function ordersFor(order, text, files) {
  if (!files.length) return [{ ...order, text }];
  const album = files.length > 1 ? String(Date.now()) : "";
  return files.map(({ file, url }, index) => {
    const data = url.slice(url.indexOf(",") + 1);
    const attached = { data, name: file.name, mime_type: file.type || "application/octet-stream" };
    const kind = PHOTO.test(file.type) ? "photo" : "document";
    return { ...order, text: index ? "" : text, [kind]: attached, media_group_id: album };
  });
}
