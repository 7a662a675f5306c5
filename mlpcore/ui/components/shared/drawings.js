// @ts-check
// The drawing on each canvas with its history for undo: it outlives reruns, theme and language, and a remount. What is
// drawn also outlives a reload of the page, in the storage of its tab.

/** @typedef {[number, number]} Point x to the right and y down, in units of the canvas */
/** @typedef {Point[]} Stroke from pen down to pen up */

const MAX_UNDO = 200; // changes that can be undone
const STORED = "mlplab.drawing."; // the name in the tab's storage, before the component's key

/** @type {Map<string, Drawing>} by the component's key */
const drawings = new Map();

/**
 * @param {string} key
 * @returns {Drawing}
 */
export function drawingOf(key) {
  const drawing = drawings.get(key) ?? new Drawing(key);
  drawings.set(key, drawing);
  return drawing;
}

/** Dispatches "change" when something was drawn, undone, redone or cleared. `id` counts these changes. */
export class Drawing extends EventTarget {
  /** @type {Stroke[]} */
  strokes = [];
  /** @type {Stroke[][]} */
  past = [];
  /** @type {Stroke[][]} */
  future = [];
  /** @type {string | undefined} */
  pen = undefined;
  /** @type {number | undefined} */
  id = undefined;
  /** @type {string | undefined} the token with which the page cleared it last */
  clear = undefined;
  /** @type {number | undefined} when it was sent to the server last */
  sentAt = undefined;

  /** @param {string} key of the component */
  constructor(key) {
    super();
    this.key = key;
    Object.assign(this, stored(key));
  }

  /** @param {Stroke[]} strokes */
  draw(strokes) {
    this.past = [...this.past, this.strokes].slice(-MAX_UNDO);
    this.future = [];
    this.change(strokes);
  }

  wipe() {
    if (this.strokes.length) this.draw([]);
  }

  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.future.push(this.strokes);
    this.change(before);
  }

  redo() {
    const after = this.future.pop();
    if (!after) return;
    this.past.push(this.strokes);
    this.change(after);
  }

  /** @param {string} pen */
  choose(pen) {
    this.pen = pen;
    this.change(this.strokes);
  }

  /**
   * Empty and without a history, as the page wants it, which knows of that already.
   * @param {number} id
   */
  forget(id) {
    Object.assign(this, { strokes: [], past: [], future: [], id });
    this.store();
  }

  /** @param {Stroke[]} strokes */
  change(strokes) {
    this.strokes = strokes;
    this.id = (this.id ?? 0) + 1;
    this.store();
    this.dispatchEvent(new Event("change"));
  }

  /** Where the browser stores nothing for the page, the drawing lives as long as the page. */
  store() {
    try {
      sessionStorage.setItem(STORED + this.key, JSON.stringify({ strokes: this.strokes, pen: this.pen }));
    } catch {
      return;
    }
  }
}

/**
 * What was drawn before the page was reloaded. Extensions and old versions write into the storage, too.
 * @param {string} key
 * @returns {{ strokes?: Stroke[], pen?: string }}
 */
function stored(key) {
  try {
    const { strokes, pen } = JSON.parse(sessionStorage.getItem(STORED + key) ?? "{}") ?? {};
    return areStrokes(strokes) ? { strokes, pen: typeof pen === "string" ? pen : undefined } : {};
  } catch {
    return {};
  }
}

/**
 * Whether a value of any origin is a list of strokes on the canvas, each with a point.
 * @param {any} value
 */
export function areStrokes(value) {
  return Array.isArray(value) && value.every((stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint));
}

/** @param {any} point */
function isPoint(point) {
  return Array.isArray(point) && point.length === 2 && point.every((value) => Number.isFinite(value) && value >= 0 && value <= 1);
}
