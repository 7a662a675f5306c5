// @ts-check
// A canvas to draw on with mouse, finger, pen or keys. It sends its strokes as vectors when a stroke ends.
//
// The server says which drawing it has seen, so that one which was lost on the way, or with a page that was left, is
// sent again.

import { drawingOf } from "../shared/drawings.js";
import { button, node } from "../shared/elements.js";
import { instanceAt } from "../shared/instances.js";
import { adoptStyles } from "../shared/theme.js";
import { KeyboardPen } from "./keyboard_pen.js";
import { PenChoice } from "./pen_choice.js";
import { MAX_POINTS, MAX_STROKES, apart, points, simplified } from "./strokes.js";

await adoptStyles("canvas.css", import.meta.url);

/** @typedef {import("../shared/drawings.js").Point} Point */
/** @typedef {import("../shared/drawings.js").Stroke} Stroke */

/**
 * @typedef {object} CanvasLabels
 * @property {string} board
 * @property {string} hint
 * @property {string} undo
 * @property {string} redo
 * @property {string} clear
 * @property {string} full
 * @property {string} pen
 * @property {Record<string, string>} pens
 * @property {string} keys
 * @property {{ down: string, up: string, position: string }} cursor
 */

/**
 * @typedef {object} CanvasData
 * @property {string} key
 * @property {CanvasLabels} labels
 * @property {import("./pen_choice.js").PenWidths} pens
 * @property {string} pen
 * @property {string} clear a new value empties the canvas
 * @property {number} seen the id of the drawing that the server has
 */

/** @typedef {{ id: number | undefined, clear: string | undefined, pen: string | undefined, strokes: Stroke[] }} SentDrawing */

const RESEND_AFTER = 2000; // milliseconds before a drawing that was not confirmed is sent again
const KEYS = "keys"; // the pointer's id while keys draw

/** @param {import("../shared/instances.js").Component<CanvasData>} component */
export default function mount({ data, parentElement, setStateValue }) {
  const [board, leave] = instanceAt(parentElement, () => new Board(parentElement, data));
  board.update(data, (drawing) => setStateValue("drawing", drawing));
  return leave;
}

class Board {
  /** @type {Stroke | undefined} the one that is being drawn */
  stroke = undefined;
  /** @type {number | typeof KEYS | undefined} */
  pointer = undefined;
  /** @type {number | undefined} */
  painting = undefined;
  /** Whether the server was sent a drawing that is not empty. */
  sentSome = false;
  attached = false;
  /** @type {(drawing: SentDrawing) => void} */
  send = () => undefined;

  /**
   * @param {HTMLElement} parent
   * @param {CanvasData} data
   */
  constructor(parent, data) {
    this.drawing = drawingOf(data.key);
    this.labels = data.labels;
    this.widths = data.pens;
    this.canvas = node("canvas", "mlp-ink");
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
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
    this.status = node("span", "mlp-board-status");
    this.status.setAttribute("aria-live", "polite");
    this.full = node("p", "mlp-board-full");
    this.full.setAttribute("role", "status");
    const tools = node("div", "mlp-board-tools", this.undo, this.redo, this.clear, this.pens.root);
    this.root = node("div", "mlp-draw", this.surface, tools, this.full, this.status);
    parent.append(this.root);
    this.keyboard = new KeyboardPen({
      begin: (point) => this.start(KEYS, [point]),
      move: (point) => this.extend([point]),
      end: () => this.finish(),
      show: (point, down) => this.showCursor(point, down),
      say: (down, point) => this.say(down, point),
    });
    this.changed = () => {
      if (this.drawing.strokes.length || this.sentSome) this.sendDrawing();
      this.paint();
    };
    this.fitted = () => this.fit();
    this.listen();
    this.resize = new ResizeObserver(this.fitted);
    this.resize.observe(this.surface);
    window.addEventListener("resize", this.fitted); // a page that is zoomed has other pixels
  }

  /**
   * @param {CanvasData} data
   * @param {(drawing: SentDrawing) => void} send
   */
  update({ labels, pens, pen, clear, seen }, send) {
    const { drawing } = this;
    const first = !this.attached; // back from another page, where the server forgot the drawing
    if (first) drawing.addEventListener("change", this.changed);
    this.attached = true;
    this.send = send;
    this.labels = labels;
    this.widths = pens;
    drawing.pen ??= pen;
    drawing.id ??= drawing.strokes.length ? seen + 1 : seen; // the server has not seen what was drawn before a reload
    drawing.clear ??= clear;
    if (drawing.clear !== clear) {
      drawing.clear = clear; // the page cleared it
      drawing.forget(seen);
    }
    this.confirm(drawing.id === seen);
    const waiting = performance.now() - (drawing.sentAt ?? -RESEND_AFTER) < RESEND_AFTER;
    if (drawing.id !== seen && (first || !waiting)) this.sendDrawing();
    this.label(labels);
    this.pens.update(pens, labels.pens, labels.pen);
    this.fit();
  }

  /** @param {boolean} confirmed whether the server has the drawing as it is */
  confirm(confirmed) {
    this.root.dataset.confirmed = String(confirmed);
  }

  /** @param {CanvasLabels} labels */
  label(labels) {
    this.hint.textContent = labels.hint;
    this.surface.setAttribute("aria-label", labels.board);
    this.undo.title = labels.undo;
    this.undo.setAttribute("aria-label", labels.undo);
    this.redo.title = labels.redo;
    this.redo.setAttribute("aria-label", labels.redo);
    this.clear.textContent = labels.clear;
    this.keys.textContent = labels.keys;
  }

  listen() {
    const { surface } = this;
    surface.addEventListener("pointerdown", (event) => this.begin(event));
    surface.addEventListener("pointermove", (event) => this.move(event));
    surface.addEventListener("pointerup", (event) => this.end(event));
    surface.addEventListener("pointercancel", (event) => this.end(event));
    surface.addEventListener("lostpointercapture", (event) => this.end(event));
    surface.addEventListener("contextmenu", (event) => event.preventDefault());
    surface.addEventListener("keyup", (event) => this.keyboard.release(event));
    surface.addEventListener("blur", () => this.keyboard.leave());
    this.root.addEventListener("keydown", (event) => this.press(event));
  }

  /**
   * One pen at a time: a palm or a second finger draws nothing.
   * @param {PointerEvent} event
   */
  begin(event) {
    if (event.button !== 0 || this.stroke) return;
    this.showCursor(undefined);
    if (this.start(event.pointerId, points(event, this.surface))) this.surface.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (event.pointerId === this.pointer) this.extend(points(event, this.surface));
  }

  /** @param {PointerEvent} event */
  end(event) {
    if (event.pointerId === this.pointer) this.finish();
  }

  /**
   * @param {number | typeof KEYS} pointer
   * @param {Stroke} stroke
   */
  start(pointer, stroke) {
    if (this.stroke || this.isFull()) return false;
    this.pointer = pointer;
    this.stroke = stroke;
    this.paint();
    return true;
  }

  /** @param {Point[]} passed */
  extend(passed) {
    if (!this.stroke) return;
    for (const point of passed) if (apart(this.stroke[this.stroke.length - 1], point)) this.stroke.push(point);
    this.paint();
  }

  finish() {
    if (!this.stroke) return;
    const stroke = simplified(this.stroke);
    this.stroke = this.pointer = undefined;
    this.drawing.draw([...this.drawing.strokes, stroke]);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (event.target === this.surface && this.keyboard.press(event)) event.preventDefault();
    else if (command && (letter === "y" || (letter === "z" && event.shiftKey))) this.obey(event, () => this.drawing.redo());
    else if (command && letter === "z") this.obey(event, () => this.drawing.undo());
    else if (["Delete", "Backspace", "Escape"].includes(event.key)) this.obey(event, () => this.drawing.wipe());
  }

  /**
   * @param {KeyboardEvent} event
   * @param {() => void} action
   */
  obey(event, action) {
    event.preventDefault();
    if (!this.stroke) action();
  }

  sendDrawing() {
    const { strokes, id, clear, pen } = this.drawing;
    this.confirm(false);
    this.drawing.sentAt = performance.now();
    this.sentSome = strokes.length > 0; // an empty canvas is sent once, after one that was not empty
    this.send({ id, clear, pen, strokes });
  }

  /**
   * @param {Point | undefined} point
   * @param {boolean} [down]
   */
  showCursor(point, down = false) {
    this.cursor.hidden = !point;
    this.cursor.classList.toggle("mlp-down", down);
    if (!point) return;
    const [x, y] = point;
    this.cursor.style.left = `${100 * x}%`;
    this.cursor.style.top = `${100 * y}%`;
  }

  /**
   * @param {boolean} down
   * @param {Point} point
   */
  say(down, [x, y]) {
    const { cursor } = this.labels;
    const percent = (/** @type {number} */ value) => String(Math.round(100 * value));
    const position = cursor.position.replace("{right}", percent(x)).replace("{down}", percent(y));
    this.status.textContent = `${down ? cursor.down : cursor.up} ${position}`;
  }

  isFull() {
    const { strokes } = this.drawing;
    return strokes.length >= MAX_STROKES || strokes.flat().length >= MAX_POINTS;
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
    context.lineWidth = (this.widths[drawing.pen ?? ""] ?? Object.values(this.widths)[0]) * canvas.width;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) paintStroke(context, stroke, canvas.width);
    this.surface.classList.toggle("mlp-empty", strokes.length === 0);
    enable(this.undo, drawing.past.length > 0);
    enable(this.redo, drawing.future.length > 0);
    enable(this.clear, strokes.length > 0);
    this.pens.choose(drawing.pen);
    this.full.textContent = this.isFull() ? this.labels.full : "";
    this.root.dataset.strokes = String(drawing.strokes.length);
  }

  dispose() {
    this.resize.disconnect();
    window.removeEventListener("resize", this.fitted);
    this.drawing.removeEventListener("change", this.changed);
    this.keyboard.leave();
    this.root.remove();
  }
}

/**
 * @param {HTMLButtonElement} tool
 * @param {boolean} enabled
 */
function enable(tool, enabled) {
  tool.setAttribute("aria-disabled", String(!enabled));
}

/**
 * Through the middles between the points, bent by the points: smooth, and never far from where the pen was.
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {number} size of the canvas in pixels
 */
function paintStroke(context, stroke, size) {
  const [first, ...others] = stroke.map(([x, y]) => /** @type {Point} */ ([x * size, y * size]));
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
