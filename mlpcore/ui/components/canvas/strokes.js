// Strokes as vectors: points in units of the canvas, few enough to be sent with each stroke.

export const MOST_STROKES = 60;
export const MOST_POINTS = 2000;
const MOST_POINTS_OF_ONE = 300;

const NEAR = 0.004; // of the canvas's width: points closer than this are one
const DEVIATION = 0.0015; // how far a simplified line may be from the drawn one

// All points that the pen has passed since the last event, not only the one of this frame.
export function points(event, surface) {
  const box = surface.getBoundingClientRect();
  const passed = event.getCoalescedEvents?.() ?? [];
  return (passed.length ? passed : [event]).map(({ clientX, clientY }) => [
    share(clientX - box.left, box.width),
    share(clientY - box.top, box.height),
  ]);
}

export function far([x, y], [otherX, otherY]) {
  return Math.hypot(x - otherX, y - otherY) >= NEAR;
}

export function simplified(stroke) {
  let deviation = DEVIATION;
  let result = thinned(stroke, deviation);
  while (result.length > MOST_POINTS_OF_ONE) result = thinned(stroke, (deviation *= 2));
  return result;
}

// Ramer, Douglas and Peucker: a point stays when leaving it out would move the line by more than `deviation`.
function thinned(stroke, deviation) {
  const kept = new Set([0, stroke.length - 1]);
  const open = [[0, stroke.length - 1]];
  while (open.length) {
    const [from, to] = open.pop();
    let worst = { distance: deviation };
    for (let index = from + 1; index < to; index++) {
      const distance = fromSegment(stroke[index], stroke[from], stroke[to]);
      if (distance > worst.distance) worst = { distance, index };
    }
    if (worst.index === undefined) continue;
    kept.add(worst.index);
    open.push([from, worst.index], [worst.index, to]);
  }
  return stroke.filter((_, index) => kept.has(index));
}

function fromSegment([x, y], [fromX, fromY], [toX, toY]) {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const along = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
}

function share(pixels, whole) {
  return Number(Math.min(1, Math.max(0, pixels / whole)).toFixed(4));
}
