// @ts-check
// A user's own digits: small pictures that can be deleted, and an export. They are sent to the server when they have
// changed, which returns their pictures; it hands over what a user imported.

import { button, node } from "../shared/elements.js";
import { count } from "../shared/formatting.js";
import { instanceAt } from "../shared/instances.js";
import { adoptStyles } from "../shared/theme.js";
import { deleteAll, deleteDigit, keepDigits, keptDigits, lasting, restore, watchDigits } from "./digit_storage.js";

await adoptStyles("digit_collection.css", import.meta.url);

/** @typedef {import("./digit_storage.js").Digit} Digit */

/** @typedef {{ token: string, digits: Digit[] }} Import */

/**
 * @typedef {object} CollectionData
 * @property {number} seen the revision of the digits that the server has
 * @property {(string | null)[]} pictures of these digits, as addresses of images
 * @property {number} most digits that are kept
 * @property {Import | null} added
 * @property {Record<string, string>} words
 */

/** @typedef {{ revision: number, digits: Digit[] }} SentDigits */

const RESEND_AFTER = 4000; // milliseconds before digits that were not confirmed are sent again

let revision = 1; // counts how often the digits have changed since this page was loaded
watchDigits(() => revision++);

/** What the server was sent last. @type {SentDigits & { at: number }} */
let sent = { revision: 0, digits: [], at: -RESEND_AFTER };

/** @type {Set<string>} the tokens of what was taken over already */
const imported = new Set();

/** @param {import("../shared/instances.js").Component<CollectionData>} component */
export default function mount({ data, parentElement, setTriggerValue }) {
  const [collection, leave] = instanceAt(parentElement, () => new Collection(parentElement, data));
  collection.update(data, (digits) => setTriggerValue("digits", digits));
  return leave;
}

class Collection {
  /** @type {((digits: SentDigits) => void) | undefined} */
  send = undefined;
  /** @type {WeakMap<Digit, string | null>} */
  pictures = new WeakMap();
  /** @type {Map<Digit, Tile>} */
  tiles = new Map();
  /** @type {Digit[] | undefined} the digits before the last deletion, which can be undone */
  before = undefined;

  /**
   * @param {HTMLElement} parent
   * @param {CollectionData} data
   */
  constructor(parent, data) {
    this.words = data.words;
    this.most = data.most;
    this.count = node("span", "mlp-kept-count");
    this.export = button("mlp-board-button", () => this.save());
    this.empty = button("mlp-board-button", () => this.remove(undefined));
    this.status = node("span");
    this.status.setAttribute("role", "status");
    this.undo = button("mlp-link", () => this.undoDeletion());
    this.line = node("div", "mlp-keep-line", this.status, this.undo);
    this.list = node("ul", "mlp-kept");
    this.where = node("p", "mlp-kept-where");
    const tools = node("div", "mlp-kept-tools", this.count, this.export, this.empty);
    this.root = node("div", "mlp-collection", tools, this.line, this.list, this.where);
    parent.append(this.root);
    this.unwatch = watchDigits(() => {
      this.sendDigits();
      this.draw();
    });
  }

  /**
   * @param {CollectionData} data
   * @param {(digits: SentDigits) => void} send
   */
  update({ seen, pictures, words, most, added }, send) {
    this.send = send;
    this.words = words;
    this.most = most;
    if (seen === sent.revision) sent.digits.forEach((digit, index) => this.pictures.set(digit, pictures[index]));
    this.export.textContent = words.export;
    this.empty.textContent = words.empty;
    this.undo.textContent = words.undo;
    this.list.setAttribute("aria-label", words.list);
    this.where.textContent = lasting ? words.where : words.passing;
    this.take(added);
    const waiting = sent.revision === revision && performance.now() - sent.at < RESEND_AFTER;
    if (seen !== revision && !waiting) this.sendDigits();
    this.draw();
  }

  /**
   * What a user imported; only once, however often the page says it.
   * @param {Import | null} added
   */
  take(added) {
    if (!added || imported.has(added.token)) return;
    imported.add(added.token);
    const before = keptDigits();
    const outcome = keepDigits(added.digits, this.most);
    if (outcome === "full" || outcome === "unsaved") this.say(this.words[outcome]);
    else if (keptDigits() !== before) this.say("");
  }

  sendDigits() {
    if (!this.send) return;
    const digits = keptDigits();
    sent = { revision, digits, at: performance.now() };
    this.send({ revision, digits });
  }

  /** @param {Digit | undefined} digit one of them, or all where it is undefined */
  remove(digit) {
    const before = keptDigits();
    if (!before.length) return;
    const { one, all } = this.words;
    if (digit ? deleteDigit(digit) : deleteAll()) this.say(digit ? filled(one, digit) : all, before);
  }

  undoDeletion() {
    const { before } = this;
    this.say("");
    if (before) restore(before);
  }

  /**
   * @param {string} text
   * @param {Digit[]} [before]
   */
  say(text, before = undefined) {
    this.before = before;
    this.status.textContent = text;
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

  draw() {
    const digits = keptDigits();
    this.count.textContent = this.words.count.replace("{count}", count(digits.length));
    for (const tool of [this.export, this.empty]) tool.setAttribute("aria-disabled", String(!digits.length));
    if (this.status.textContent === "") this.line.hidden = true;
    this.tiles = new Map(digits.map((digit) => [digit, this.tiles.get(digit) ?? new Tile(digit, () => this.remove(digit))]));
    const elements = [...this.tiles.values()].map(({ root }) => root).reverse(); // the latest first
    const { children } = this.list;
    if (elements.length !== children.length || elements.some((element, index) => element !== children[index]))
      this.list.replaceChildren(...elements);
    digits.forEach((digit, index) => this.tiles.get(digit)?.update(digit, index + 1, this.pictures.get(digit), this.words));
  }

  dispose() {
    this.unwatch();
    this.root.remove();
  }
}

class Tile {
  /**
   * @param {Digit} digit
   * @param {() => void} onDelete
   */
  constructor(digit, onDelete) {
    this.picture = node("img", "mlp-kept-picture");
    this.picture.width = this.picture.height = 56;
    this.cross = button("mlp-kept-delete", onDelete, "×");
    this.root = node("li", "mlp-kept-digit", this.picture, node("b", "mlp-kept-label", String(digit.label)), this.cross);
  }

  /**
   * @param {Digit} digit
   * @param {number} number
   * @param {string | null | undefined} source
   * @param {Record<string, string>} words
   */
  update(digit, number, source, words) {
    if (source && this.picture.src !== source) this.picture.src = source;
    this.picture.alt = filled(words.digit, digit, number);
    this.cross.setAttribute("aria-label", filled(words.delete, digit, number));
    this.cross.title = words.remove;
  }
}

/**
 * @param {string} text
 * @param {Digit} digit
 * @param {number} [number]
 */
function filled(text, { label }, number = 0) {
  return text.replace("{number}", String(number)).replace("{label}", String(label));
}
