// @ts-check
// The browser's half of sending only the new rows (the other half is `row_updates.py`).
//
// A message names its base, a state that the server sent whole. The base itself comes once; later messages hold the
// rows from `from` on, with some that came before. If a message does not fit, the browser requests everything.

/**
 * The epochs of one run: lists of one length, null where a value is missing. Where they are means, the standard
 * deviations stand beside them under the same names with `_sd`.
 * @typedef {{ epoch: number[] } & Record<string, (number | null)[]>} Columns
 */

/**
 * @typedef {object} RunState a run as far as the server has sent it
 * @property {string} base
 * @property {string} run
 * @property {Record<string, string>} labels
 * @property {number} height
 * @property {{ id: string, name: string, columns: Columns } | null} reference
 * @property {Columns} columns
 */

/**
 * @typedef {object} RowMessage
 * @property {string} key of the component
 * @property {string} base
 * @property {Omit<RunState, "base">} [whole]
 * @property {number} from
 * @property {Columns} rows
 */

/** @type {Map<string, RunState>} by the component's key; outlives a remount */
const runs = new Map();

const REQUEST_AGAIN_AFTER = 1500; // milliseconds

/** @type {{ base: string | null, at: number }} */
let lastRequest = { base: null, at: 0 };

/**
 * The run as far as the server has sent it, or undefined until what is missing has come.
 * @param {RowMessage} message
 * @param {() => void} requestAll called to request everything from the server
 */
export function received({ key, base, whole, from, rows }, requestAll) {
  if (whole) runs.set(key, { base, ...whole });
  const run = runs.get(key);
  if (run?.base !== base || run.columns.epoch.length < from) {
    if (lastRequest.base !== base || performance.now() - lastRequest.at > REQUEST_AGAIN_AFTER) {
      lastRequest = { base, at: performance.now() };
      requestAll();
    }
    return undefined;
  }
  const newer = Object.entries(rows).map(([name, values]) => [name, [...run.columns[name].slice(0, from), ...values]]);
  run.columns = { ...run.columns, ...Object.fromEntries(newer) };
  return run;
}
