// @ts-check
// The curves of several runs over each other: one colour per run, training solid and validation dashed.

import { bandSwatch, lineSwatch } from "../shared/elements.js";
import { instanceAt } from "../shared/instances.js";
import { CurvePlot } from "./curve_plot.js";
import { hasBand } from "./deviation_bands.js";

/**
 * @typedef {object} NamedCurves the curves of a run
 * @property {string} id
 * @property {string} name
 * @property {number} color the number of its colour, from 0 on
 * @property {import("./row_updates.js").Columns} columns
 */
/** @typedef {{ key: string, labels: Record<string, string>, height: number, lines: NamedCurves[] }} OverlayData */

const SYMBOLS = [
  { symbol: "square", sign: "■" },
  { symbol: "diamond", sign: "◆" },
  { symbol: "triangle-up", sign: "▲" },
];

/**
 * @param {import("../shared/instances.js").Component<OverlayData>} component
 * @param {string} plotlyAddress
 */
export default function mount({ data, parentElement }, plotlyAddress) {
  const [plot, leave] = instanceAt(parentElement, () => new CurvePlot(parentElement, plotlyAddress));
  plot.update(plotContent(data));
  return leave;
}

/**
 * @param {OverlayData} data
 * @returns {import("./curve_plot.js").PlotContent}
 */
function plotContent(data) {
  const { key, lines, labels, height } = data;
  const validated = lines.some(({ columns }) => columns.val_loss.some((value) => value !== null));
  return {
    key,
    version: data,
    labels,
    height,
    identity: lines.map(({ id }) => id).sort().join(" "),
    best: null,
    note: labels.empty,
    unified: lines.length <= 4,
    description: `${labels.description} ${lines.map(({ name }) => name).join(", ")}`,
    lines: (theme) => lines.map((line) => ({ ...line, named: true, width: 2, ...style(theme.colors, line.color) })),
    legend: (theme) => [
      { id: "training", text: labels.training, swatch: lineSwatch(theme.muted) },
      ...(validated ? [{ id: "validation", text: labels.validation, swatch: lineSwatch(theme.muted, { dashed: true }) }] : []),
      ...(lines.some(({ columns }) => hasBand(columns)) ? [{ id: "band", text: labels.band, swatch: bandSwatch(theme.muted) }] : []),
      ...lines.map((line) => {
        const { color, sign } = style(theme.colors, line.color);
        return { id: line.id, text: line.name, swatch: lineSwatch(color, { width: 4, sign }) };
      }),
    ],
  };
}

/**
 * Ten runs have colours that can be distinguished; the next ten also get a symbol on their curves.
 * @param {string[]} colors
 * @param {number} number of the colour
 * @returns {{ color: string, symbol?: string, sign?: string }}
 */
function style(colors, number) {
  const round = Math.floor(number / colors.length);
  return { color: colors[number % colors.length], ...(round > 0 && SYMBOLS[(round - 1) % SYMBOLS.length]) };
}
