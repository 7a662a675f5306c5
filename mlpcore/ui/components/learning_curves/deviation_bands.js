// The standard deviation around a mean: as a band in the figure, and in words.
//
// Columns of means have their deviations beside them, under the same name with `_sd`; null where there is none.

import { faded } from "../shared/theme.js";

export function hasBand(columns) {
  return Object.entries(columns).some(([name, values]) => name.endsWith("_sd") && values.some((value) => value !== null));
}

// What stands behind a mean in words: " ± 0.012"; nothing where there is no deviation.
export function spread(columns, name, at) {
  const deviation = columns[`${name}_sd`]?.[at] ?? null;
  return deviation === null ? "" : ` ± ${Number(deviation.toPrecision(2))}`;
}

// A single epoch has no area: there the deviation stands as a bar at its point.
export function errorBar(line, name) {
  const deviations = line.columns[`${name}_sd`];
  if (line.columns.epoch.length !== 1 || !deviations?.length) return {};
  return { error_y: { type: "data", array: deviations, color: line.color, thickness: 1.5, width: 5 } };
}

// The band of one curve as a filled trace, or undefined where it has none. It is cut where a network's metric cannot
// lie: below 0, and above 1 for an accuracy. On a logarithmic axis it ends at its lowest value above 0.
export function band(line, panel, part, name, logarithmic) {
  const means = line.columns[name];
  const deviations = line.columns[`${name}_sd`];
  if (!deviations?.some((value) => value !== null)) return undefined;
  const highest = panel.metric === "accuracy" ? 1 : Infinity;
  const lowest = logarithmic ? lowestAboveZero(means, deviations) : 0;
  const outline = { x: [], y: [] };
  for (const [from, to] of stretches(means, deviations)) {
    const there = line.columns.epoch.slice(from, to);
    const up = there.map((_, index) => Math.min(highest, means[from + index] + deviations[from + index]));
    const down = there.map((_, index) => Math.max(lowest, means[from + index] - deviations[from + index]));
    outline.x.push(...there, ...[...there].reverse(), null);
    outline.y.push(...up, ...down.reverse(), null);
  }
  return {
    uid: `${line.id} ${part} ${panel.metric} band`,
    type: "scatter",
    ...outline,
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

function lowestAboveZero(means, deviations) {
  const values = means.flatMap((mean, index) => [mean, mean - deviations[index]]).filter((value) => value > 0);
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

// Where mean and deviation are known without a gap, as [from, to).
function stretches(means, deviations) {
  const found = [];
  for (let index = 0; index < means.length; index++) {
    if (means[index] === null || deviations[index] === null) continue;
    if (found.at(-1)?.[1] === index) found.at(-1)[1] = index + 1;
    else found.push([index, index + 1]);
  }
  return found;
}
