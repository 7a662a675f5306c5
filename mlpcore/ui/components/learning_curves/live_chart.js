// The live panel: progress and learning curves of one run, and those of an earlier run as a ghost behind them.

import { hasBand, spread } from "./deviation_bands.js";
import { instanceAt } from "../shared/instances.js";
import { bandSwatch, lineSwatch, starSwatch } from "../shared/elements.js";
import { CurvePlot } from "./curve_plot.js";
import { ProgressStrip } from "./progress.js";
import { received } from "./row_updates.js";
import { faded } from "../shared/theme.js";

export default function mount({ data, parentElement, setTriggerValue }, plotly) {
  const [panel, leave] = instanceAt(parentElement, () => new Panel(parentElement, plotly));
  const run = received(data, () => setTriggerValue("missing", data.base));
  if (run) panel.update(data, run);
  return leave;
}

class Panel {
  constructor(parent, plotly) {
    this.strip = new ProgressStrip(parent);
    this.plot = new CurvePlot(parent, plotly);
  }

  update(data, run) {
    this.strip.update(data.progress, run.labels);
    this.plot.update(content(data, run));
  }

  dispose() {
    this.strip.dispose();
    this.plot.dispose();
  }
}

function content(data, run) {
  const { labels, columns, ghost } = run;
  const validated = columns.val_loss.some((value) => value !== null) || columns.epoch.length === 0;
  const end = horizon(data.progress, columns.epoch.at(-1) ?? 1);
  return {
    key: data.key,
    version: [data.base, columns.epoch.length, data.best, end],
    identity: run.run,
    labels,
    height: run.height,
    best: data.best,
    end,
    unified: true,
    description: describe(run),
    lines: (look) => [
      { id: "run", color: look.colors[0], width: 2.5, columns },
      ...(ghost ? [{ ...ghost, id: "ghost", named: true, ghost: true, color: faded(look.text, 0.32), width: 1.5 }] : []),
    ],
    legend: (look) => [
      { id: "training", text: labels.training, swatch: lineSwatch(look.colors[0]) },
      ...(validated ? [{ id: "validation", text: labels.validation, swatch: lineSwatch(look.colors[0], { dashed: true }) }] : []),
      ...(hasBand(columns) ? [{ id: "band", text: labels.band, swatch: bandSwatch(look.colors[0]) }] : []),
      ...(ghost ? [{ id: "ghost", text: ghost.name, swatch: lineSwatch(faded(look.text, 0.4)) }] : []),
      ...(data.best === null ? [] : [{ text: labels.best.replace("{epoch}", data.best), swatch: starSwatch(look.star) }]),
    ],
  };
}

// Where the axis ends while the run goes on: at its last epoch, or in long runs in steps, so that it rarely moves.
function horizon(progress, last) {
  if (progress?.state !== "running") return null;
  return Math.min(progress.epochs, [20, 50, 100, 200, 500].find((end) => end > last) ?? 1000);
}

// For those who do not see the figure: the last epoch in words.
function describe({ labels, columns }) {
  const at = columns.epoch.length - 1;
  if (at < 0) return `${labels.description} ${labels.empty}`;
  const values = Object.entries({ training: "", validation: "val_" }).flatMap(([part, prefix]) =>
    ["loss", "accuracy"]
      .map((metric) => [metric, columns[prefix + metric][at], spread(columns, prefix + metric, at)])
      .filter(([, value]) => value !== null)
      .map(([metric, value, around]) => `${labels[part]} ${labels[metric]} ${value.toPrecision(4)}${around}`),
  );
  return `${labels.description} ${labels.epoch} ${columns.epoch[at]}: ${values.join(", ")}`;
}
