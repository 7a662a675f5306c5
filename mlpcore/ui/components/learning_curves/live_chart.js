// @ts-check
// The live panel: progress and learning curves of one run, and the faint curves of an earlier run.

import { bandSwatch, lineSwatch, bestEpochSwatch } from "../shared/elements.js";
import { loss, percent } from "../shared/formatting.js";
import { instanceAt } from "../shared/instances.js";
import { faded } from "../shared/theme.js";
import { CurvePlot } from "./curve_plot.js";
import { hasBand } from "./deviation_bands.js";
import { ProgressStrip } from "./progress.js";
import { received } from "./row_updates.js";

/** @typedef {import("./row_updates.js").RunState} RunState */
/** @typedef {import("./progress.js").Progress} Progress */
/** @typedef {import("./row_updates.js").RowMessage & { best: number | null, progress: Progress | null }} LiveData */

const AXIS_ENDS = [20, 50, 100, 200, 500, 1000]; // at which the axis of a long run ends while it goes on

/**
 * @param {import("../shared/instances.js").Component<LiveData>} component
 * @param {string} plotlyAddress
 */
export default function mount({ data, parentElement, setTriggerValue }, plotlyAddress) {
  const [panel, leave] = instanceAt(parentElement, () => new LivePanel(parentElement, plotlyAddress));
  const run = received(data, () => setTriggerValue("missing", data.base));
  if (run) panel.update(data, run);
  return leave;
}

class LivePanel {
  /**
   * @param {HTMLElement} parent
   * @param {string} plotlyAddress
   */
  constructor(parent, plotlyAddress) {
    this.strip = new ProgressStrip(parent);
    this.plot = new CurvePlot(parent, plotlyAddress);
  }

  /**
   * @param {LiveData} data
   * @param {RunState} run
   */
  update(data, run) {
    this.strip.update(data.progress, run.labels);
    this.plot.update(plotContent(data, run));
  }

  dispose() {
    this.strip.dispose();
    this.plot.dispose();
  }
}

/**
 * @param {LiveData} data
 * @param {RunState} run
 * @returns {import("./curve_plot.js").PlotContent}
 */
function plotContent(data, run) {
  const { labels, columns, reference } = run;
  const { best } = data;
  const validated = columns.val_loss.some((value) => value !== null) || columns.epoch.length === 0;
  const end = axisEnd(data.progress, columns.epoch.at(-1) ?? 1);
  return {
    key: data.key,
    version: [data.base, columns.epoch.length, best, end],
    identity: run.run,
    labels,
    height: run.height,
    best,
    end,
    unified: true,
    description: describe(run),
    lines: (theme) => [
      { id: "run", color: theme.colors[0], width: 2.5, columns },
      ...(reference ? [{ ...reference, id: "reference", named: true, reference: true, color: faded(theme.text, 0.32), width: 1.5 }] : []),
    ],
    legend: (theme) => [
      { id: "training", text: labels.training, swatch: lineSwatch(theme.colors[0]) },
      ...(validated ? [{ id: "validation", text: labels.validation, swatch: lineSwatch(theme.colors[0], { dashed: true }) }] : []),
      ...(hasBand(columns) ? [{ id: "band", text: labels.band, swatch: bandSwatch(theme.colors[0]) }] : []),
      ...(reference ? [{ id: "reference", text: reference.name, swatch: lineSwatch(faded(theme.text, 0.4)) }] : []),
      ...(best === null ? [] : [{ text: labels.best.replace("{epoch}", String(best)), swatch: bestEpochSwatch(theme.bestEpoch) }]),
    ],
  };
}

/**
 * Where the axis ends while the run goes on: at its last epoch, or in long runs in steps, so that it rarely moves.
 * @param {Progress | null} progress
 * @param {number} last
 */
function axisEnd(progress, last) {
  if (progress?.state !== "running") return null;
  return Math.min(progress.epochs, AXIS_ENDS.find((end) => end > last) ?? 1000);
}

/**
 * For those who do not see the figure: the last epoch in words.
 * @param {RunState} run
 */
function describe({ labels, columns }) {
  const row = columns.epoch.length - 1;
  if (row < 0) return `${labels.description} ${labels.empty}`;
  const values = Object.entries({ training: "", validation: "val_" }).flatMap(([part, prefix]) =>
    ["loss", "accuracy"].flatMap((metric) => {
      const value = columns[prefix + metric][row];
      if (value === null) return [];
      const deviation = columns[`${prefix}${metric}_sd`]?.[row] ?? null;
      const written = metric === "loss" ? loss(value, deviation) : percent(value, deviation);
      return `${labels[part]} ${labels[metric]} ${written}`;
    }),
  );
  return `${labels.description} ${labels.epoch} ${columns.epoch[row]}: ${values.join(", ")}`;
}
