// @ts-check
// The drawing on each canvas with its history for undo: it outlives reruns, theme and language, and a remount.

/** @typedef {[number, number]} Point x to the right and y down, in units of the canvas */
/** @typedef {Point[]} Stroke from pen down to pen up */

const MAX_UNDO = 200; // changes that can be undone

/** @type {Map<string, Drawing>} by the component's key */
const drawings = new Map();

/**
 * @param {string} key
 * @returns {Drawing}
 */
export function drawingOf(key) {
  const drawing = drawings.get(key) ?? new Drawing();
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
  }

  /** @param {Stroke[]} strokes */
  change(strokes) {
    this.strokes = strokes;
    this.id = (this.id ?? 0) + 1;
    this.dispatchEvent(new Event("change"));
  }
}
