// @ts-check
// A pen that the arrow keys move: it draws while Shift is held, or between two presses of the space bar.

/** @typedef {import("../shared/drawings.js").Point} Point */

/**
 * @typedef {object} PenActions
 * @property {(point: Point) => boolean} begin start a stroke; false where that is not possible
 * @property {(point: Point) => void} move
 * @property {() => void} end
 * @property {(point: Point | undefined, down?: boolean) => void} show show where the pen is; nowhere without a point
 * @property {(down: boolean, point: Point) => void} say describe it to a screen reader
 */

const STEP = 0.03; // of the canvas's width, for each press or repetition of a key
const DELAY = 600; // milliseconds without a key before the position is said

/** @type {Record<string, Point>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class KeyboardPen {
  /** @type {Point} */
  position = [0.5, 0.5];
  /** @type {Set<string>} */
  heldKeys = new Set();
  /** @type {"shift" | "space" | undefined} what holds the pen down */
  down = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  saying = undefined;

  /** @param {PenActions} actions */
  constructor(actions) {
    this.actions = actions;
  }

  /**
   * Whether the key was meant for the pen.
   * @param {KeyboardEvent} event
   */
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key in DIRECTIONS) {
      this.heldKeys.add(event.key);
      if (event.shiftKey && !this.down) this.lower("shift");
      this.step();
    } else if (event.key === " ") {
      if (event.repeat) return true;
      if (this.down) this.lift();
      else this.lower("space");
    } else if (event.key === "Escape" && this.down) this.lift();
    else return false;
    return true;
  }

  /** @param {KeyboardEvent} event */
  release(event) {
    this.heldKeys.delete(event.key);
    if (event.key === "Shift" && this.down === "shift") this.lift();
  }

  leave() {
    this.heldKeys.clear();
    this.lift();
    clearTimeout(this.saying);
    this.actions.show(undefined);
  }

  step() {
    let [x, y] = this.position;
    for (const key of this.heldKeys) {
      x += STEP * DIRECTIONS[key][0];
      y += STEP * DIRECTIONS[key][1];
    }
    this.position = [onCanvas(x), onCanvas(y)];
    if (this.down) this.actions.move(this.position);
    this.actions.show(this.position, Boolean(this.down));
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(), DELAY);
  }

  /** @param {"shift" | "space"} by */
  lower(by) {
    if (!this.actions.begin(this.position)) return;
    this.down = by;
    this.actions.show(this.position, true);
    this.say();
  }

  lift() {
    if (!this.down) return;
    this.down = undefined;
    this.actions.end();
    this.actions.show(this.position, false);
    this.say();
  }

  say() {
    clearTimeout(this.saying);
    this.actions.say(Boolean(this.down), this.position);
  }
}

/** @param {number} value */
function onCanvas(value) {
  return Number(Math.min(1, Math.max(0, value)).toFixed(4));
}
