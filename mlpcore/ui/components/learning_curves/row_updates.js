// The browser's half of sending only what is new (the other half is `row_updates.py`).
//
// A message names its base, a state that the server sent whole. The base itself comes once; later messages hold the
// rows from `from` on, with some that came before. What does not fit is asked for again, and comes whole.

const runs = new Map(); // by the component's key; outlives a remount

const PATIENCE = 1500; // milliseconds before the same thing is asked for again

let asked = { base: null, at: 0 };

// The run as far as the server has sent it, or undefined until what is missing has come.
export function received({ key, base, whole, from, rows }, ask) {
  if (whole) runs.set(key, { base, ...whole });
  const run = runs.get(key);
  if (run?.base !== base || run.columns.epoch.length < from) {
    if (asked.base !== base || performance.now() - asked.at > PATIENCE) {
      asked = { base, at: performance.now() };
      ask();
    }
    return undefined;
  }
  const newer = Object.entries(rows).map(([name, values]) => [name, [...run.columns[name].slice(0, from), ...values]]);
  run.columns = { ...run.columns, ...Object.fromEntries(newer) };
  return run;
}
