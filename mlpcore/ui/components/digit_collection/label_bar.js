// Below a canvas: what the drawing is meant to be. A press on that digit keeps the drawing and empties the canvas.

import { drawingOf } from "../shared/drawings.js";
import { instanceAt } from "../shared/instances.js";
import { FULL, KEPT, KNOWN, UNSAVED, drop, keep, keptDigits, watchDigits } from "./digit_storage.js";
import { button, node } from "../shared/elements.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("digit_collection.css", import.meta.url);

export default function mount({ data, parentElement }) {
  const [bar, leave] = instanceAt(parentElement, () => new KeepBar(parentElement));
  bar.update(data);
  return leave;
}

class KeepBar {
  constructor(parent) {
    this.question = node("span", "mlp-keep-question");
    this.labels = Array.from({ length: 10 }, (_, label) => button("mlp-keep-label", () => this.keep(label), String(label)));
    this.row = node("div", "mlp-keep-row", ...this.labels);
    this.row.setAttribute("role", "group");
    this.said = node("span", "mlp-keep-said");
    this.said.setAttribute("role", "status");
    this.undo = button("mlp-link", () => this.takeBack());
    this.line = node("div", "mlp-keep-line", this.said, this.undo);
    this.root = node("div", "mlp-keep", this.question, this.row, this.line);
    parent.append(this.root);
    this.changed = () => this.show();
    this.unwatch = watchDigits(this.changed);
    this.pressed = (event) => this.press(event);
    document.addEventListener("keydown", this.pressed);
  }

  update({ canvas, most, words }) {
    const drawing = drawingOf(canvas);
    if (drawing !== this.drawing) {
      this.drawing?.removeEventListener("change", this.changed);
      this.drawing = drawing;
      drawing.addEventListener("change", this.changed);
    }
    Object.assign(this, { most, words });
    this.question.textContent = words.question;
    this.row.setAttribute("aria-label", words.question);
    this.undo.textContent = words.undo;
    this.labels.forEach((button, label) => (button.title = words.key.replace("{label}", label)));
    this.show();
  }

  // On the canvas, the key of a digit is as good as its button.
  press(event) {
    const free = !event.repeat && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (free && /^[0-9]$/.test(event.key) && event.target.closest?.(".mlp-board")) this.keep(Number(event.key));
  }

  keep(label) {
    const { strokes } = this.drawing;
    if (!strokes.length) return;
    const result = keep(label, strokes, this.most);
    this.last = result === KEPT ? { digit: { label, strokes }, left: this.drawing.id + 1 } : undefined;
    const { kept, known, full, unsaved } = this.words;
    this.message = { [KEPT]: kept.replace("{label}", label), [KNOWN]: known, [FULL]: full, [UNSAVED]: unsaved }[result];
    if (result === KEPT || result === KNOWN) this.drawing.wipe();
    this.show();
  }

  // The digit leaves the collection, and the canvas gets its drawing back unless something new is on it.
  takeBack() {
    const { digit, left } = this.last;
    this.last = this.message = undefined;
    if (this.drawing.id === left) this.drawing.undo();
    drop(digit);
    this.show();
  }

  show() {
    const empty = this.drawing.strokes.length === 0;
    for (const label of this.labels) label.setAttribute("aria-disabled", String(empty));
    this.root.classList.toggle("mlp-keep-ready", !empty || Boolean(this.message));
    const count = keptDigits().length;
    const counted = count ? this.words.count.replace("{count}", count.toLocaleString("en")) : "";
    const text = this.message ? `${this.message} ${counted}` : counted;
    if (this.said.textContent !== text) this.said.textContent = text;
    this.undo.hidden = !this.last;
    this.line.hidden = !text;
  }

  dispose() {
    this.drawing?.removeEventListener("change", this.changed);
    document.removeEventListener("keydown", this.pressed);
    this.unwatch();
    this.root.remove();
  }
}
