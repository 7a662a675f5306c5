// @ts-check
// The standard deviation around a mean: as a band in the figure, and in words.

import { loss } from "../shared/formatting.js";
import { faded } from "../shared/theme.js";

/** @typedef {import("./row_updates.js").Columns} Columns */
/** @typedef {import("./curve_figure.js").Line} Line */
/** @typedef {import("./curve_figure.js").Panel} Panel */

/** @param {Columns} columns */
export function hasBand(columns) {
  return Object.entries(columns).some(([name, values]) => name.endsWith("_sd") && values.some((value) => value !== null));
}

/**
 * The labels of the points of a curve of means: 0.3207 ± 0.0160.
 * @param {Columns} columns
 * @param {string} name of the mean
 */
export function meansWithDeviations(columns, name) {
  return columns[name].map((mean, row) => loss(mean, columns[`${name}_sd`]?.[row] ?? null));
}

/**
 * A single epoch has no area: its deviation is drawn as a bar at its point.
 * @param {Line} line
 * @param {string} name
 */
export function errorBar(line, name) {
  const deviations = line.columns[`${name}_sd`];
  if (line.columns.epoch.length !== 1 || !deviations?.length) return {};
  return { error_y: { type: "data", array: deviations, color: line.color, thickness: 1.5, width: 5 } };
}

/**
 * The band of one curve as a filled trace, or undefined where it has none. It is cut where a network's metric cannot
 * lie: below 0, and above 1 for an accuracy. On a logarithmic axis it ends at its lowest value above 0.
 * @param {Line} line
 * @param {Panel} panel
 * @param {string} part
 * @param {string} name
 * @param {boolean} logarithmic
 */
export function band(line, panel, part, name, logarithmic) {
  const means = line.columns[name];
  const deviations = line.columns[`${name}_sd`];
  if (!deviations?.some((value) => value !== null)) return undefined;
  const highest = panel.metric === "accuracy" ? 1 : Infinity;
  const lowest = logarithmic ? lowestAboveZero(means, deviations) : 0;
  /** @type {(number | null)[]} */
  const x = [];
  /** @type {(number | null)[]} */
  const y = [];
  for (const rows of contiguousRows(line.columns.epoch, means, deviations)) {
    const epochs = rows.map(({ epoch }) => epoch);
    const upper = rows.map(({ mean, deviation }) => Math.min(highest, mean + deviation));
    const lower = rows.map(({ mean, deviation }) => Math.max(lowest, mean - deviation));
    x.push(...epochs, ...[...epochs].reverse(), null);
    y.push(...upper, ...lower.reverse(), null);
  }
  return {
    uid: `${line.id} ${part} ${panel.metric} band`,
    type: "scatter",
    x,
    y,
    xaxis: `x${panel.axis}`,
    yaxis: `y${panel.axis}`,
    mode: "lines",
    line: { width: 1, color: faded(line.color, 0.35), dash: part === "validation" ? "3px,3px" : "solid" },
    fill: "toself",
    fillcolor: faded(line.color, part === "validation" ? 0.12 : 0.22),
    hoverinfo: "skip",
    zorder: 0,
  };
}

/**
 * @param {(number | null)[]} means
 * @param {(number | null)[]} deviations
 */
function lowestAboveZero(means, deviations) {
  const values = means.flatMap((mean, row) => (mean === null ? [] : [mean, mean - (deviations[row] ?? 0)]));
  return Math.min(Infinity, ...values.filter((value) => value > 0));
}

/**
 * The rows in which mean and deviation are known, split at gaps.
 * @param {number[]} epochs
 * @param {(number | null)[]} means
 * @param {(number | null)[]} deviations
 */
function contiguousRows(epochs, means, deviations) {
  /** @type {{ epoch: number, mean: number, deviation: number }[][]} */
  const result = [];
  let connected = false;
  epochs.forEach((epoch, row) => {
    const [mean, deviation] = [means[row], deviations[row]];
    if (mean === null || deviation === null) {
      connected = false;
      return;
    }
    if (!connected) result.push([]);
    result[result.length - 1].push({ epoch, mean, deviation });
    connected = true;
  });
  return result;
}
