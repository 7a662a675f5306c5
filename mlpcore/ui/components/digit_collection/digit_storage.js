// The digits that a user keeps, each { label, strokes }: in the browser's storage, the same in all of its windows.
//
// Where a browser keeps nothing for a page, they live as long as the page.

const KEY = "mlplab.digits";

const watchers = new Set();
let memory = [];
export const lasting = tried();
let digits = stored();

// What became of a digit: kept, known (the same one is there already), full, or unsaved (the storage is full).
export const KEPT = "kept";
export const KNOWN = "known";
export const FULL = "full";
export const UNSAVED = "unsaved";

export function keptDigits() {
  return digits;
}

export function watchDigits(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function keep(label, strokes, most) {
  return keepAll([{ label, strokes }], most);
}

// All of them, or none where there are too many; those that are known are left out.
export function keepAll(added, most) {
  const before = stored(); // another window may have kept some
  const known = new Set(before.map(name));
  const fresh = added.filter((digit) => !known.has(name(digit)) && known.add(name(digit)));
  if (!fresh.length) return KNOWN;
  if (before.length + fresh.length > most) return FULL;
  return become([...before, ...fresh]) ? KEPT : UNSAVED;
}

export function drop(digit) {
  const unwanted = name(digit);
  return become(stored().filter((other) => name(other) !== unwanted));
}

export function dropAll() {
  return become([]);
}

// As it was before, with what was kept since then.
export function restore(before) {
  const known = new Set(before.map(name));
  return become([...before, ...stored().filter((digit) => !known.has(name(digit)))]);
}

function name({ label, strokes }) {
  return JSON.stringify([label, strokes]);
}

function become(list) {
  if (lasting) {
    try {
      localStorage.setItem(KEY, JSON.stringify(list));
    } catch {
      return false;
    }
  } else memory = list;
  tell(list);
  return true;
}

// A digit that was there before stays the same object.
function tell(list) {
  const known = new Map(digits.map((digit) => [name(digit), digit]));
  digits = list.map((digit) => known.get(name(digit)) ?? digit);
  for (const watcher of watchers) watcher();
}

function stored() {
  if (!lasting) return memory;
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(list) ? list.filter(sound).map(({ label, strokes }) => ({ label, strokes })) : [];
  } catch {
    return [];
  }
}

// Extensions, other pages of the same address and old versions write into the storage, too.
function sound(digit) {
  const { label, strokes } = digit ?? {};
  return (
    Number.isInteger(label) &&
    label >= 0 &&
    label <= 9 &&
    Array.isArray(strokes) &&
    strokes.length > 0 &&
    strokes.every((stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isPoint))
  );
}

function isPoint(point) {
  return Array.isArray(point) && point.length === 2 && point.every((value) => Number.isFinite(value) && value >= 0 && value <= 1);
}

function tried() {
  try {
    localStorage.setItem(`${KEY}.try`, "1");
    localStorage.removeItem(`${KEY}.try`);
    return true;
  } catch {
    return false;
  }
}

addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) tell(stored());
});
