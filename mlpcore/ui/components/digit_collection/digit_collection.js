// A user's own digits: small pictures that can be deleted, and an export. They are sent to the server when they have
// changed, which answers with their pictures; it hands over what a user imported.

import { instanceAt } from "../shared/instances.js";
import { FULL, UNSAVED, drop, dropAll, keepAll, keptDigits, lasting, restore, watchDigits } from "./digit_storage.js";
import { button, node } from "../shared/elements.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("digit_collection.css", import.meta.url);

const PATIENCE = 4000; // milliseconds before digits that nobody confirmed are sent again

let revision = 1; // counts how often the digits have changed since this page was loaded
watchDigits(() => revision++);

let told = { revision: 0, digits: [], at: -PATIENCE }; // what the server was sent last

const imported = new Set(); // what was taken over already

export default function mount({ data, parentElement, setTriggerValue }) {
  const [shelf, leave] = instanceAt(parentElement, () => new Shelf(parentElement));
  shelf.update(data, (digits) => setTriggerValue("digits", digits));
  return leave;
}

class Shelf {
  constructor(parent) {
    this.count = node("span", "mlp-kept-count");
    this.export = button("mlp-board-button", () => this.save());
    this.empty = button("mlp-board-button", () => this.remove(undefined));
    this.said = node("span");
    this.said.setAttribute("role", "status");
    this.undo = button("mlp-link", () => this.takeBack());
    this.line = node("div", "mlp-keep-line", this.said, this.undo);
    this.list = node("ul", "mlp-kept");
    this.where = node("p", "mlp-kept-where");
    const tools = node("div", "mlp-kept-tools", this.count, this.export, this.empty);
    this.root = node("div", "mlp-collection", tools, this.line, this.list, this.where);
    parent.append(this.root);
    this.pictures = new WeakMap(); // of digits
    this.tiles = new Map(); // of digits
    this.unwatch = watchDigits(() => {
      this.tell();
      this.show();
    });
  }

  update({ seen, pictures, words, most, added }, send) {
    Object.assign(this, { send, words, most });
    if (seen === told.revision) told.digits.forEach((digit, place) => this.pictures.set(digit, pictures[place]));
    this.export.textContent = words.export;
    this.empty.textContent = words.empty;
    this.undo.textContent = words.undo;
    this.list.setAttribute("aria-label", words.list);
    this.where.textContent = lasting ? words.where : words.passing;
    this.take(added);
    const waiting = told.revision === revision && performance.now() - told.at < PATIENCE;
    if (seen !== revision && !waiting) this.tell();
    this.show();
  }

  // What a user imported; only once, however often the page says it.
  take(added) {
    if (!added || imported.has(added.token)) return;
    imported.add(added.token);
    const before = keptDigits();
    const result = keepAll(added.digits, this.most);
    if (result === FULL || result === UNSAVED) this.say(result === FULL ? this.words.full : this.words.unsaved);
    else if (keptDigits() !== before) this.say("");
  }

  tell() {
    if (!this.send) return;
    const digits = keptDigits();
    told = { revision, digits, at: performance.now() };
    this.send({ revision, digits });
  }

  // One of them, or all.
  remove(digit) {
    const before = keptDigits();
    if (!before.length) return;
    const { one, all } = this.words;
    if (digit ? drop(digit) : dropAll()) this.say(digit ? one.replace("{label}", digit.label) : all, before);
  }

  takeBack() {
    const { before } = this;
    this.say("");
    restore(before);
  }

  say(text, before = undefined) {
    this.before = before;
    this.said.textContent = text;
    this.undo.hidden = !before;
    this.line.hidden = !text;
  }

  save() {
    const digits = keptDigits();
    if (!digits.length) return;
    const file = new Blob([JSON.stringify({ source: "MLP Lab, drawn by hand", digits })], { type: "application/json" });
    const link = node("a");
    link.href = URL.createObjectURL(file);
    link.download = "my-digits.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  show() {
    const digits = keptDigits();
    this.count.textContent = this.words.count.replace("{count}", digits.length.toLocaleString("en"));
    for (const tool of [this.export, this.empty]) tool.setAttribute("aria-disabled", String(!digits.length));
    if (this.said.textContent === "") this.line.hidden = true;
    const tiles = digits.map((digit) => this.tile(digit)).reverse(); // the latest first
    this.tiles = new Map(digits.map((digit) => [digit, this.tiles.get(digit)]));
    if (tiles.length !== this.list.children.length || tiles.some((tile, place) => tile !== this.list.children[place]))
      this.list.replaceChildren(...tiles);
    digits.forEach((digit, place) => this.dress(digit, place));
  }

  tile(digit) {
    if (!this.tiles.has(digit)) {
      const picture = node("img", "mlp-kept-picture");
      picture.width = picture.height = 56;
      const cross = button("mlp-kept-delete", () => this.remove(digit), "×");
      this.tiles.set(digit, node("li", "mlp-kept-digit", picture, node("b", "mlp-kept-label", String(digit.label)), cross));
    }
    return this.tiles.get(digit);
  }

  dress(digit, place) {
    const [picture, , cross] = this.tiles.get(digit).children;
    const source = this.pictures.get(digit);
    if (source && picture.src !== source) picture.src = source;
    picture.alt = this.words.digit.replace("{number}", place + 1).replace("{label}", digit.label);
    cross.setAttribute("aria-label", this.words.delete.replace("{number}", place + 1).replace("{label}", digit.label));
    cross.title = this.words.remove;
  }

  dispose() {
    this.unwatch();
    this.root.remove();
  }
}
