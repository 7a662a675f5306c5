// @ts-check
// The digits that a user keeps: in the browser's storage, the same in all of its windows.
//
// Where a browser stores nothing for a page, they live as long as the page.

import { areStrokes } from "../shared/drawings.js";

/** @typedef {import("../shared/drawings.js").Stroke} Stroke */
/** @typedef {{ label: number, strokes: Stroke[] }} Digit */

/**
 * The outcome of keeping digits: kept, known (the same one is there already), full, or unsaved (the storage is full).
 * @typedef {"kept" | "known" | "full" | "unsaved"} Outcome
 */

const KEY = "mlplab.digits";

/** @type {Set<() => void>} */
const watchers = new Set();

/** @type {Digit[]} where there is no storage */
let memory = [];

/** Whether the browser stores the digits beyond the page's life. */
export const lasting = canStore();

let digits = stored();

export function keptDigits() {
  return digits;
}

/**
 * @param {() => void} watcher called after each change
 * @returns {() => void} ends it
 */
export function watchDigits(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/**
 * Keep all of these digits, or none where there would be more than `most`; those that are known are left out.
 * @param {Digit[]} added
 * @param {number} most
 * @returns {Outcome}
 */
export function keepDigits(added, most) {
  const before = stored(); // another window may have kept some
  const known = new Set(before.map(identity));
  const fresh = added.filter((digit) => !known.has(identity(digit)) && known.add(identity(digit)));
  if (!fresh.length) return "known";
  if (before.length + fresh.length > most) return "full";
  return store([...before, ...fresh]) ? "kept" : "unsaved";
}

/** @param {Digit} digit */
export function deleteDigit(digit) {
  const unwanted = identity(digit);
  return store(stored().filter((other) => identity(other) !== unwanted));
}

export function deleteAll() {
  return store([]);
}

/**
 * The digits as they were before, with those that were kept since then.
 * @param {Digit[]} before
 */
export function restore(before) {
  const known = new Set(before.map(identity));
  return store([...before, ...stored().filter((digit) => !known.has(identity(digit)))]);
}

/** @param {Digit} digit */
function identity({ label, strokes }) {
  return JSON.stringify([label, strokes]);
}

/** @param {Digit[]} list */
function store(list) {
  if (lasting) {
    try {
      localStorage.setItem(KEY, JSON.stringify(list));
    } catch {
      return false;
    }
  } else memory = list;
  notify(list);
  return true;
}

/**
 * A digit that was there before stays the same object.
 * @param {Digit[]} list
 */
function notify(list) {
  const known = new Map(digits.map((digit) => [identity(digit), digit]));
  digits = list.map((digit) => known.get(identity(digit)) ?? digit);
  for (const watcher of watchers) watcher();
}

/** @returns {Digit[]} */
function stored() {
  if (!lasting) return memory;
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(list) ? list.filter(isDigit).map(({ label, strokes }) => ({ label, strokes })) : [];
  } catch {
    return [];
  }
}

/**
 * Extensions, other pages of the same address and old versions write into the storage, too.
 * @param {any} value
 */
function isDigit(value) {
  const { label, strokes } = value ?? {};
  return Number.isInteger(label) && label >= 0 && label <= 9 && areStrokes(strokes) && strokes.length > 0;
}

function canStore() {
  try {
    localStorage.setItem(`${KEY}.try`, "1");
    localStorage.removeItem(`${KEY}.try`);
    return true;
  } catch {
    return false;
  }
}

addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) notify(stored());
});
