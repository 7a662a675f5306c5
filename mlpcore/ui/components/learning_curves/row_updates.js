// @ts-check
// The browser's half of sending only the new rows (the other half is `row_updates.py`).
//
// A message names its base, a state that the server sent whole. The base itself comes once; later messages hold the
// rows from `from` on, with some that came before. If a message does not fit, the browser requests everything.
// Between these messages the run's stream (`run_stream.js`) appends rows by itself.

/**
 * The epochs of one run: lists of one length, null where a value is missing. Where they are means, the standard
 * deviations stand beside them under the same names with `_sd`.
 * @typedef {{ epoch: number[] } & Record<string, (number | null)[]>} Columns
 */

/**
 * @typedef {object} RunState a run as far as the server has sent it
 * @property {string} base
 * @property {string} run
 * @property {number | null} member the network whose epochs these are; null for the mean of all
 * @property {Record<string, string>} labels
 * @property {number} height
 * @property {{ id: string, name: string, columns: Columns } | null} reference
 * @property {Columns} columns
 * @property {RunningLoss} running
 * @property {number | null} attempt of the run, as far as its stream has named it
 * @property {number} revision counts the changes by the stream
 */

/**
 * The running loss within the epochs. Positions are in epochs: 2.35 lies within the third one, 3 is its end.
 * @typedef {{ position: number[], loss: (number | null)[] }} RunningLoss
 */

/**
 * @typedef {object} StreamRows what a message of the stream says of the curves
 * @property {number} attempt
 * @property {boolean} restarted whether the rows known so far belong to an attempt that was discarded
 * @property {Columns} rows
 * @property {RunningLoss} running_loss
 */

/**
 * @typedef {object} RowMessage
 * @property {string} key of the component
 * @property {string} base
 * @property {Omit<RunState, "base" | "running" | "attempt" | "revision">} [whole]
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
  if (whole) runs.set(key, { base, ...whole, ...continued(runs.get(key), whole) });
  const run = runs.get(key);
  if (run?.base !== base || run.columns.epoch.length < from) {
    if (lastRequest.base !== base || performance.now() - lastRequest.at > REQUEST_AGAIN_AFTER) {
      lastRequest = { base, at: performance.now() };
      requestAll();
    }
    return undefined;
  }
  // The stream may be ahead of the script: rows after those of the message stay.
  const merged = Object.entries(rows).map(([name, values]) => {
    const known = run.columns[name];
    return [name, [...known.slice(0, from), ...values, ...known.slice(from + values.length)]];
  });
  run.columns = { ...run.columns, ...Object.fromEntries(merged) };
  return run;
}

/**
 * What only the stream sends, as long as the run and its network stay the same.
 * @param {RunState | undefined} known
 * @param {{ run: string, member: number | null }} whole
 */
function continued(known, { run, member }) {
  if (known?.run === run && known.member === member)
    return { running: known.running, attempt: known.attempt, revision: known.revision };
  return { running: { position: [], loss: [] }, attempt: null, revision: 0 };
}

/**
 * Append what the stream has sent. An epoch that is known already is replaced, so none is there twice.
 * @param {RunState} run
 * @param {StreamRows} message
 */
export function append(run, { attempt, restarted, rows, running_loss }) {
  const first = restarted ? 0 : (rows.epoch?.[0] ?? Infinity);
  const count = run.columns.epoch.findIndex((epoch) => epoch >= first);
  const kept = count < 0 ? run.columns.epoch.length : count;
  const changed = restarted || rows.epoch?.length > 0;
  if (changed) {
    const names = Object.keys(run.columns);
    const missing = Array(rows.epoch?.length ?? 0).fill(null);
    run.columns = /** @type {Columns} */ (
      Object.fromEntries(names.map((name) => [name, [...run.columns[name].slice(0, kept), ...(rows[name] ?? missing)]]))
    );
  }
  const points = running_loss?.position?.length ?? 0;
  if (restarted) run.running = { position: [], loss: [] };
  if (points) {
    const { position, loss } = run.running;
    const later = position.findIndex((at) => at >= running_loss.position[0]);
    const end = later < 0 ? position.length : later;
    run.running = {
      position: [...position.slice(0, end), ...running_loss.position],
      loss: [...loss.slice(0, end), ...running_loss.loss],
    };
  }
  run.attempt = attempt;
  if (changed || points) run.revision += 1;
}
