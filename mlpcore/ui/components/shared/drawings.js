// What is drawn on each canvas, and the way back: it outlives reruns, theme and language, and a remount.

const STEPS = 200; // so many changes can be taken back

const drawings = new Map(); // by the component's key

export function drawingOf(key) {
  if (!drawings.has(key)) drawings.set(key, new Drawing());
  return drawings.get(key);
}

// Tells "change" when something was drawn, taken back, drawn again or wiped off. `id` counts these changes.
class Drawing extends EventTarget {
  strokes = [];
  past = [];
  future = [];
  pen = undefined;
  id = undefined;

  draw(strokes) {
    this.past = [...this.past, this.strokes].slice(-STEPS);
    this.future = [];
    this.become(strokes);
  }

  wipe() {
    if (this.strokes.length) this.draw([]);
  }

  undo() {
    if (!this.past.length) return;
    this.future.push(this.strokes);
    this.become(this.past.pop());
  }

  redo() {
    if (!this.future.length) return;
    this.past.push(this.strokes);
    this.become(this.future.pop());
  }

  choose(pen) {
    this.pen = pen;
    this.become(this.strokes);
  }

  // Empty and without a past, as the page wants it, which knows of that already.
  forget(id) {
    Object.assign(this, { strokes: [], past: [], future: [], id });
  }

  become(strokes) {
    this.strokes = strokes;
    this.id += 1;
    this.dispatchEvent(new Event("change"));
  }
}
