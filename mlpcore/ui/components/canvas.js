// A canvas to draw on with mouse, finger or pen. It sends its strokes as vectors when a stroke ends.
//
// What is drawn outlives reruns, theme and language, and a remount. The server says which drawing it has seen, so
// that one which was lost on the way, or with a page that was left, is sent again.

import { instanceAt } from "./instances.js";
import { button, node } from "./nodes.js";
import { MOST_POINTS, MOST_STROKES, far, points, simplified } from "./strokes.js";
import { adoptStyles } from "./theme.js";

await adoptStyles("canvas.css", import.meta.url);

const PATIENCE = 2000; // milliseconds before a drawing that nobody confirmed is sent again

const drawings = new Map(); // by the component's key

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
    this.surface = node("div", "mlp-board", this.canvas, this.hint);
    this.surface.tabIndex = 0;
    this.surface.setAttribute("role", "application");
    this.undo = button("mlp-board-button", () => this.takeBack());
    this.clear = button("mlp-board-button", () => this.wipe());
    this.keys = node("span", "mlp-board-keys");
    this.root = node("div", "mlp-draw", this.surface, node("div", "mlp-board-tools", this.undo, this.clear, this.keys));
    parent.append(this.root);
    this.listen();
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.surface);
  }

  update({ key, labels, pen, clear, seen }, send) {
    if (!drawings.has(key)) drawings.set(key, { strokes: [], id: seen, clear, sentAt: -PATIENCE });
    const back = !this.drawing; // from another page, where the server forgot the drawing
    this.drawing = drawings.get(key);
    this.send = send;
    this.pen = pen;
    if (this.drawing.clear !== clear) Object.assign(this.drawing, { strokes: [], clear, id: seen }); // the page cleared it
    const waiting = performance.now() - this.drawing.sentAt < PATIENCE;
    if (this.drawing.id !== seen && (back || !waiting)) this.tell();
    this.name(labels);
    this.fit();
  }

  name(labels) {
    this.hint.textContent = labels.hint;
    this.surface.setAttribute("aria-label", `${labels.board} ${labels.keys}`);
    this.undo.textContent = labels.undo;
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
    this.root.addEventListener("keydown", (event) => this.press(event));
  }

  // One pen at a time: a palm or a second finger draws nothing.
  begin(event) {
    if (this.stroke || event.button !== 0 || this.isFull()) return;
    this.surface.setPointerCapture(event.pointerId);
    this.pointer = event.pointerId;
    this.stroke = points(event, this.surface);
    this.paint();
  }

  move(event) {
    if (!this.stroke || event.pointerId !== this.pointer) return;
    for (const point of points(event, this.surface)) if (far(this.stroke.at(-1), point)) this.stroke.push(point);
    this.paint();
  }

  end(event) {
    if (!this.stroke || event.pointerId !== this.pointer) return;
    const stroke = simplified(this.stroke);
    this.stroke = undefined;
    this.change([...this.drawing.strokes, stroke]);
  }

  press(event) {
    const undo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
    if (undo) this.takeBack();
    else if (["Delete", "Backspace", "Escape"].includes(event.key)) this.wipe();
    else return;
    event.preventDefault();
  }

  takeBack() {
    if (this.drawing.strokes.length) this.change(this.drawing.strokes.slice(0, -1));
  }

  wipe() {
    if (this.drawing.strokes.length) this.change([]);
  }

  change(strokes) {
    this.drawing.strokes = strokes;
    this.drawing.id += 1;
    this.tell();
    this.paint();
  }

  tell() {
    const { strokes, id, clear } = this.drawing;
    this.drawing.sentAt = performance.now();
    this.send({ id, clear, strokes });
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
    const { context, canvas } = this;
    const strokes = this.stroke ? [...this.drawing.strokes, this.stroke] : this.drawing.strokes;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.strokeStyle = context.fillStyle = getComputedStyle(this.surface).color;
    context.lineWidth = this.pen * canvas.width;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) line(context, stroke, canvas.width);
    this.surface.classList.toggle("mlp-empty", strokes.length === 0);
    for (const tool of [this.undo, this.clear]) tool.setAttribute("aria-disabled", String(strokes.length === 0));
    this.root.dataset.strokes = this.drawing.strokes.length;
  }

  dispose() {
    this.resize.disconnect();
    this.root.remove();
  }
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
