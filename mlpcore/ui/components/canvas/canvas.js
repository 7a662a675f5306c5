// A canvas to draw on with mouse, finger, pen or keys. It sends its strokes as vectors when a stroke ends.
//
// The server says which drawing it has seen, so that one which was lost on the way, or with a page that was left, is
// sent again.

import { drawingOf } from "../shared/drawings.js";
import { instanceAt } from "../shared/instances.js";
import { KeyboardPen } from "./keyboard_pen.js";
import { button, node } from "../shared/elements.js";
import { PenChoice } from "./pen_choice.js";
import { MOST_POINTS, MOST_STROKES, far, points, simplified } from "./strokes.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("canvas.css", import.meta.url);

const PATIENCE = 2000; // milliseconds before a drawing that nobody confirmed is sent again
const KEYS = "keys"; // what draws instead of a pointer

export default function mount({ data, parentElement, setStateValue }) {
  const [board, leave] = instanceAt(parentElement, () => new Board(parentElement));
  board.update(data, (drawing) => setStateValue("drawing", drawing));
  return leave;
}

class Board {
  constructor(parent) {
    this.canvas = node("canvas", "mlp-ink");
    this.context = this.canvas.getContext("2d");
    this.hint = node("span", "mlp-board-hint");
    this.cursor = node("span", "mlp-board-cursor");
    this.cursor.hidden = true;
    this.keys = node("span", "mlp-board-keys");
    this.surface = node("div", "mlp-board", this.canvas, this.hint, this.keys, this.cursor);
    this.surface.tabIndex = 0;
    this.surface.setAttribute("role", "application");
    this.undo = button("mlp-board-button mlp-board-sign", () => this.drawing.undo(), "↶");
    this.redo = button("mlp-board-button mlp-board-sign", () => this.drawing.redo(), "↷");
    this.clear = button("mlp-board-button", () => this.drawing.wipe());
    this.pens = new PenChoice((pen) => this.drawing.choose(pen));
    this.said = node("span", "mlp-board-said");
    this.said.setAttribute("aria-live", "polite");
    this.full = node("p", "mlp-board-full");
    this.full.setAttribute("role", "status");
    const tools = node("div", "mlp-board-tools", this.undo, this.redo, this.clear, this.pens.root);
    this.root = node("div", "mlp-draw", this.surface, tools, this.full, this.said);
    parent.append(this.root);
    this.keyboard = new KeyboardPen({
      begin: (point) => this.start(KEYS, [point]),
      move: (point) => this.extend([point]),
      end: () => this.finish(),
      show: (point, down) => this.showCursor(point, down),
      say: (down, point) => this.say(down, point),
    });
    this.changed = () => {
      if (this.drawing.strokes.length || this.told) this.tell();
      this.paint();
    };
    this.fitted = () => this.fit();
    this.listen();
    this.resize = new ResizeObserver(this.fitted);
    this.resize.observe(this.surface);
    window.addEventListener("resize", this.fitted); // a page that is zoomed has other pixels
  }

  update({ key, labels, pens, pen, clear, seen }, send) {
    const back = !this.drawing; // from another page, where the server forgot the drawing
    if (back) {
      this.drawing = drawingOf(key);
      this.drawing.addEventListener("change", this.changed);
    }
    const { drawing } = this;
    this.send = send;
    this.labels = labels;
    this.widths = pens;
    drawing.pen ??= pen;
    drawing.id ??= seen;
    drawing.clear ??= clear;
    if (drawing.clear !== clear) {
      drawing.clear = clear; // the page cleared it
      drawing.forget(seen);
    }
    const waiting = performance.now() - (drawing.sentAt ?? -PATIENCE) < PATIENCE;
    if (drawing.id !== seen && (back || !waiting)) this.tell();
    this.name(labels);
    this.pens.update(pens, labels.pens, labels.pen);
    this.fit();
  }

  name(labels) {
    this.hint.textContent = labels.hint;
    this.surface.setAttribute("aria-label", `${labels.board} ${labels.keys}`);
    for (const [sign, label] of [
      [this.undo, labels.undo],
      [this.redo, labels.redo],
    ]) {
      sign.setAttribute("aria-label", label);
      sign.title = label;
    }
    this.clear.textContent = labels.clear;
    this.keys.textContent = labels.keys;
  }

  listen() {
    const { surface } = this;
    surface.addEventListener("pointerdown", (event) => this.begin(event));
    surface.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
      surface.addEventListener(name, (event) => this.end(event));
    surface.addEventListener("contextmenu", (event) => event.preventDefault());
    surface.addEventListener("keyup", (event) => this.keyboard.release(event));
    surface.addEventListener("blur", () => this.keyboard.leave());
    this.root.addEventListener("keydown", (event) => this.press(event));
  }

  // One pen at a time: a palm or a second finger draws nothing.
  begin(event) {
    if (event.button !== 0 || this.stroke) return;
    this.showCursor(undefined);
    if (this.start(event.pointerId, points(event, this.surface))) this.surface.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (event.pointerId === this.pointer) this.extend(points(event, this.surface));
  }

  end(event) {
    if (event.pointerId === this.pointer) this.finish();
  }

  start(pointer, line) {
    if (this.stroke || this.isFull()) return false;
    this.pointer = pointer;
    this.stroke = line;
    this.paint();
    return true;
  }

  extend(line) {
    if (!this.stroke) return;
    for (const point of line) if (far(this.stroke.at(-1), point)) this.stroke.push(point);
    this.paint();
  }

  finish() {
    if (!this.stroke) return;
    const stroke = simplified(this.stroke);
    this.stroke = this.pointer = undefined;
    this.drawing.draw([...this.drawing.strokes, stroke]);
  }

  press(event) {
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (event.target === this.surface && this.keyboard.press(event)) event.preventDefault();
    else if (command && (letter === "y" || (letter === "z" && event.shiftKey))) this.obey(event, () => this.drawing.redo());
    else if (command && letter === "z") this.obey(event, () => this.drawing.undo());
    else if (["Delete", "Backspace", "Escape"].includes(event.key)) this.obey(event, () => this.drawing.wipe());
  }

  obey(event, action) {
    event.preventDefault();
    if (!this.stroke) action();
  }

  tell() {
    const { strokes, id, clear, pen } = this.drawing;
    this.drawing.sentAt = performance.now();
    this.told = strokes.length > 0; // an empty canvas is told once, behind one that was not
    this.send({ id, clear, pen, strokes });
  }

  showCursor(point, down = false) {
    this.cursor.hidden = !point;
    this.cursor.classList.toggle("mlp-down", down);
    if (!point) return;
    const [x, y] = point;
    Object.assign(this.cursor.style, { left: `${100 * x}%`, top: `${100 * y}%` });
  }

  say(down, [x, y]) {
    const { down: drawing, up, place } = this.labels.cursor;
    const where = place.replace("{right}", Math.round(100 * x)).replace("{down}", Math.round(100 * y));
    this.said.textContent = `${down ? drawing : up} ${where}`;
  }

  isFull() {
    const { strokes } = this.drawing;
    return strokes.length >= MOST_STROKES || strokes.flat().length >= MOST_POINTS;
  }

  fit() {
    const side = this.surface.clientWidth;
    const pixels = Math.round(side * devicePixelRatio);
    if (pixels && this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
    this.paint();
  }

  paint() {
    this.painting ??= requestAnimationFrame(() => {
      this.painting = undefined;
      this.paintNow();
    });
  }

  paintNow() {
    const { context, canvas, drawing } = this;
    const strokes = this.stroke ? [...drawing.strokes, this.stroke] : drawing.strokes;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = context.fillStyle = getComputedStyle(this.surface).color;
    context.lineWidth = (this.widths[drawing.pen] ?? Object.values(this.widths)[0]) * canvas.width;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) line(context, stroke, canvas.width);
    this.surface.classList.toggle("mlp-empty", strokes.length === 0);
    allow(this.undo, drawing.past.length > 0);
    allow(this.redo, drawing.future.length > 0);
    allow(this.clear, strokes.length > 0);
    this.pens.choose(drawing.pen);
    this.full.textContent = this.isFull() ? this.labels.full : "";
    this.root.dataset.strokes = drawing.strokes.length;
  }

  dispose() {
    this.resize.disconnect();
    window.removeEventListener("resize", this.fitted);
    this.drawing?.removeEventListener("change", this.changed);
    this.keyboard.leave();
    this.root.remove();
  }
}

function allow(tool, allowed) {
  tool.setAttribute("aria-disabled", String(!allowed));
}

// Through the middles between the points, bent by the points: smooth, and never far from where the pen was.
function line(context, stroke, size) {
  const [first, ...others] = stroke.map(([x, y]) => [x * size, y * size]);
  context.beginPath();
  context.moveTo(...first);
  others.forEach((point, index) => {
    const next = others[index + 1];
    if (next) context.quadraticCurveTo(...point, (point[0] + next[0]) / 2, (point[1] + next[1]) / 2);
    else context.lineTo(...point);
  });
  if (!others.length) context.lineTo(...first);
  context.stroke();
}
