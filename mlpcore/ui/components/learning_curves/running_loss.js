// @ts-check
// The running loss within the epochs: a faint line of as many points as can be seen.
//
// It is the mean loss since the epoch's start, so it begins anew with each epoch and ends at the training loss of that
// epoch.

/** @typedef {import("./row_updates.js").RunningLoss} RunningLoss */

const MAX_POINTS = 1200;
const CONNECTED_BELOW = 4; // points per epoch: then the line does not break between epochs

/**
 * The points in a range of epochs, thinned to means over equal parts of the epochs, with a break after each epoch.
 * @param {RunningLoss} running
 * @param {number[]} range
 * @returns {{ x: (number | null)[], y: (number | null)[] }}
 */
export function thinned({ position, loss }, [from, to]) {
  const parts = Math.max(1, Math.floor(MAX_POINTS / Math.max(1, to - from))); // of an epoch
  const perPart = Math.max(1, Math.ceil((to - from) / MAX_POINTS)); // epochs
  const partOf = (/** @type {number} */ at) => (perPart > 1 ? Math.ceil(at / perPart) : Math.ceil(at * parts));
  /** @type {(number | null)[]} */
  const x = [];
  /** @type {(number | null)[]} */
  const y = [];
  let part = NaN;
  let count = 0;
  let epoch = 0;
  position.forEach((at, index) => {
    const value = loss[index];
    if (value === null || at < from - 1 || at > to + 1) return;
    if (partOf(at) === part) {
      count += 1;
      x[x.length - 1] = mean(x[x.length - 1], at, count);
      y[y.length - 1] = mean(y[y.length - 1], value, count);
      return;
    }
    if (x.length && Math.ceil(at) !== epoch && parts >= CONNECTED_BELOW) {
      x.push(null);
      y.push(null);
    }
    x.push(at);
    y.push(value);
    [part, count, epoch] = [partOf(at), 1, Math.ceil(at)];
  });
  return { x, y };
}

/**
 * The values that the axis of the loss has to show. Before the second epoch these are all; later not those of the
 * first epoch and of the beginning of each other one, which are far above the curves.
 * @param {RunningLoss} running
 * @param {number} epochs that have ended
 */
export function axisValues({ position, loss }, epochs) {
  return loss.filter((_, index) => epochs < 2 || (position[index] > 1 && (position[index] % 1 > 0.1 || position[index] % 1 === 0)));
}

/**
 * @param {number | null} before the mean of one value less
 * @param {number} value
 * @param {number} count
 */
function mean(before, value, count) {
  return before === null ? value : before + (value - before) / count;
}
