// A pen that the arrow keys move: it draws while Shift is held, or between two presses of the space bar.

const STEP = 0.03; // of the canvas's width, for each press or repetition of a key
const MIDDLE = [0.5, 0.5];
const PAUSE = 600; // milliseconds without a key before the place is told

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// `begin(point)`, `move(point)` and `end()` draw, `show(point, down)` shows where the pen is, `say(down, point)` tells it.
export class KeyboardPen {
  constructor({ begin, move, end, show, say }) {
    Object.assign(this, { begin, move, end, show, say });
    this.place = MIDDLE;
    this.held = new Set();
    this.down = undefined; // or what holds it down: "shift" or "space"
  }

  // Whether the key was meant for the pen.
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key in WAYS) {
      this.held.add(event.key);
      if (event.shiftKey && !this.down) this.lower("shift");
      this.step();
    } else if (event.key === " ") {
      if (!event.repeat) this.down ? this.lift() : this.lower("space");
    } else if (event.key === "Escape" && this.down) this.lift();
    else return false;
    return true;
  }

  release(event) {
    this.held.delete(event.key);
    if (event.key === "Shift" && this.down === "shift") this.lift();
  }

  leave() {
    this.held.clear();
    this.lift();
    clearTimeout(this.telling);
    this.show(undefined);
  }

  step() {
    const sum = [...this.held].map((key) => WAYS[key]).reduce(([x, y], [dx, dy]) => [x + dx, y + dy], [0, 0]);
    this.place = this.place.map((value, axis) => Number(Math.min(1, Math.max(0, value + STEP * sum[axis])).toFixed(4)));
    if (this.down) this.move(this.place);
    this.show(this.place, Boolean(this.down));
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tell(), PAUSE);
  }

  lower(by) {
    if (!this.begin(this.place)) return;
    this.down = by;
    this.show(this.place, true);
    this.tell();
  }

  lift() {
    if (!this.down) return;
    this.down = undefined;
    this.end();
    this.show(this.place, false);
    this.tell();
  }

  tell() {
    clearTimeout(this.telling);
    this.say(Boolean(this.down), this.place);
  }
}
