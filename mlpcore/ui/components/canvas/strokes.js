// @ts-check
// Strokes as vectors: points in units of the canvas, few enough to be sent with each stroke.

/** @typedef {import("../shared/drawings.js").Point} Point */
/** @typedef {import("../shared/drawings.js").Stroke} Stroke */

export const MAX_STROKES = 60;
export const MAX_POINTS = 2000;
const MAX_POINTS_OF_STROKE = 300;

const MIN_DISTANCE = 0.004; // of the canvas's width: points closer than this are one
const MAX_DEVIATION = 0.0015; // of a simplified line from the drawn one

/**
 * All points that the pen has passed since the last event, not only the one of this frame.
 * @param {PointerEvent} event
 * @param {HTMLElement} surface
 * @returns {Point[]}
 */
export function points(event, surface) {
  const box = surface.getBoundingClientRect();
  const passed = event.getCoalescedEvents?.() ?? [];
  return (passed.length ? passed : [event]).map(({ clientX, clientY }) => [
    fraction(clientX - box.left, box.width),
    fraction(clientY - box.top, box.height),
  ]);
}

/**
 * Whether two points are two points on the canvas.
 * @param {Point} point
 * @param {Point} other
 */
export function apart([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY) >= MIN_DISTANCE;
}

/**
 * @param {Stroke} stroke
 * @returns {Stroke}
 */
export function simplified(stroke) {
  let deviation = MAX_DEVIATION;
  let result = thinned(stroke, deviation);
  while (result.length > MAX_POINTS_OF_STROKE) result = thinned(stroke, (deviation *= 2));
  return result;
}

/**
 * Ramer, Douglas and Peucker: a point stays when leaving it out would move the line by more than `deviation`.
 * @param {Stroke} stroke
 * @param {number} deviation
 */
function thinned(stroke, deviation) {
  const kept = new Set([0, stroke.length - 1]);
  const open = [[0, stroke.length - 1]];
  for (let section = open.pop(); section; section = open.pop()) {
    const [from, to] = section;
    let farthest;
    let distance = deviation;
    for (let index = from + 1; index < to; index++) {
      const candidate = distanceToSegment(stroke[index], stroke[from], stroke[to]);
      if (candidate > distance) [farthest, distance] = [index, candidate];
    }
    if (farthest === undefined) continue;
    kept.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return stroke.filter((_, index) => kept.has(index));
}

/**
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function distanceToSegment([x, y], [fromX, fromY], [toX, toY]) {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const along = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
}

/**
 * @param {number} pixels
 * @param {number} whole
 */
function fraction(pixels, whole) {
  return Number(Math.min(1, Math.max(0, pixels / whole)).toFixed(4));
}
