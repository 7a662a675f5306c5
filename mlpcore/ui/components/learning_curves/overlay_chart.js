// The curves of several runs over each other: a colour each, training solid and validation dashed.

import { hasBand } from "./deviation_bands.js";
import { instanceAt } from "../shared/instances.js";
import { bandSwatch, lineSwatch } from "../shared/elements.js";
import { CurvePlot } from "./curve_plot.js";

const SYMBOLS = { square: "■", diamond: "◆", "triangle-up": "▲" };

export default function mount({ data, parentElement }, plotly) {
  const [plot, leave] = instanceAt(parentElement, () => new CurvePlot(parentElement, plotly));
  plot.update(content(data));
  return leave;
}

function content(data) {
  const { key, lines, labels, height } = data;
  const validated = lines.some(({ columns }) => columns.val_loss.some((value) => value !== null));
  return {
    key,
    version: data,
    labels,
    height,
    identity: lines.map(({ id }) => id).join(" "),
    best: null,
    unified: lines.length <= 4,
    description: `${labels.description} ${lines.map(({ name }) => name).join(", ")}`,
    lines: (look) => lines.map((line, index) => ({ ...line, named: true, width: 2, ...style(look, index) })),
    legend: (look) => [
      { id: "training", text: labels.training, swatch: lineSwatch(look.muted) },
      ...(validated ? [{ id: "validation", text: labels.validation, swatch: lineSwatch(look.muted, { dashed: true }) }] : []),
      ...(lines.some(({ columns }) => hasBand(columns)) ? [{ id: "band", text: labels.band, swatch: bandSwatch(look.muted) }] : []),
      ...lines.map(({ id, name }, index) => ({ id, text: name, swatch: swatch(style(look, index)) })),
    ],
  };
}

// Colours that can be told apart end after ten; the next ten runs get a sign on their curves.
function style(look, index) {
  const round = Math.floor(index / look.colors.length);
  return { color: look.colors[index % look.colors.length], symbol: Object.keys(SYMBOLS)[(round - 1) % 3] };
}

function swatch({ color, symbol }) {
  return lineSwatch(color, { width: 4, sign: SYMBOLS[symbol] ?? "" });
}
