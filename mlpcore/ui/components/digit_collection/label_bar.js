// @ts-check
// Below a canvas: the true label of the drawing. Choosing that digit keeps the drawing and empties the canvas.

import { drawingOf } from "../shared/drawings.js";
import { button, node } from "../shared/elements.js";
import { count as countText } from "../shared/formatting.js";
import { instanceAt } from "../shared/instances.js";
import { adoptStyles } from "../shared/theme.js";
import { deleteDigit, keepDigits, keptDigits, watchDigits } from "./digit_storage.js";

await adoptStyles("digit_collection.css", import.meta.url);

/**
 * @typedef {object} LabelBarData
 * @property {string} canvas the key of the canvas
 * @property {number} most digits that are kept
 * @property {Record<"question" | "key" | "undo" | "count" | import("./digit_storage.js").Outcome, string>} words
 */

/** @param {import("../shared/instances.js").Component<LabelBarData>} component */
export default function mount({ data, parentElement }) {
  const [bar, leave] = instanceAt(parentElement, () => new LabelBar(parentElement, data));
  bar.update(data);
  return leave;
}

class LabelBar {
  /** @type {string | undefined} */
  message = undefined;
  /** @type {{ digit: import("./digit_storage.js").Digit, drawingId: number } | undefined} what can be undone */
  last = undefined;

  /**
   * @param {HTMLElement} parent
   * @param {LabelBarData} data
   */
  constructor(parent, data) {
    this.words = data.words;
    this.most = data.most;
    this.question = node("span", "mlp-keep-question");
    this.labels = Array.from({ length: 10 }, (_, label) => button("mlp-keep-label", () => this.keep(label), String(label)));
    this.row = node("div", "mlp-keep-row", ...this.labels);
    this.row.setAttribute("role", "group");
    this.status = node("span", "mlp-keep-status");
    this.status.setAttribute("role", "status");
    this.undo = button("mlp-link", () => this.undoLast());
    this.line = node("div", "mlp-keep-line", this.status, this.undo);
    this.root = node("div", "mlp-keep", this.question, this.row, this.line);
    parent.append(this.root);
    this.changed = () => this.draw();
    this.drawing = drawingOf(data.canvas);
    this.drawing.addEventListener("change", this.changed);
    this.unwatch = watchDigits(this.changed);
    this.pressed = (/** @type {KeyboardEvent} */ event) => this.press(event);
    document.addEventListener("keydown", this.pressed);
  }

  /** @param {LabelBarData} data */
  update({ canvas, most, words }) {
    const drawing = drawingOf(canvas);
    if (drawing !== this.drawing) {
      this.drawing.removeEventListener("change", this.changed);
      this.drawing = drawing;
      drawing.addEventListener("change", this.changed);
    }
    this.most = most;
    this.words = words;
    this.question.textContent = words.question;
    this.row.setAttribute("aria-label", words.question);
    this.undo.textContent = words.undo;
    this.labels.forEach((choice, label) => (choice.title = words.key.replaceAll("{label}", String(label))));
    this.draw();
  }

  /**
   * On the canvas, the key of a digit does the same as its button.
   * @param {KeyboardEvent} event
   */
  press(event) {
    const plain = !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey;
    const onCanvas = event.target instanceof Element && event.target.closest(".mlp-board");
    if (plain && onCanvas && /^[0-9]$/.test(event.key)) this.keep(Number(event.key));
  }

  /** @param {number} label */
  keep(label) {
    const { strokes } = this.drawing;
    if (!strokes.length) return;
    const outcome = keepDigits([{ label, strokes }], this.most);
    this.last = outcome === "kept" ? { digit: { label, strokes }, drawingId: (this.drawing.id ?? 0) + 1 } : undefined;
    this.message = this.words[outcome].replace("{label}", String(label));
    if (outcome === "kept" || outcome === "known") this.drawing.wipe();
    this.draw();
  }

  /** The digit leaves the collection, and the canvas gets its drawing back unless something new is on it. */
  undoLast() {
    if (!this.last) return;
    const { digit, drawingId } = this.last;
    this.last = this.message = undefined;
    if (this.drawing.id === drawingId) this.drawing.undo();
    deleteDigit(digit);
    this.draw();
  }

  draw() {
    const empty = this.drawing.strokes.length === 0;
    for (const label of this.labels) label.setAttribute("aria-disabled", String(empty));
    this.root.classList.toggle("mlp-keep-ready", !empty || Boolean(this.message));
    const count = keptDigits().length;
    const counted = count ? this.words.count.replace("{count}", countText(count)) : "";
    const text = this.message ? `${this.message} ${counted}` : counted;
    if (this.status.textContent !== text) this.status.textContent = text;
    this.undo.hidden = !this.last;
    this.line.hidden = !text;
  }

  dispose() {
    this.drawing.removeEventListener("change", this.changed);
    document.removeEventListener("keydown", this.pressed);
    this.unwatch();
    this.root.remove();
  }
}
