// @ts-check
// The live panel: progress and learning curves of one run, and the faint curves of an earlier run.
//
// The run's stream brings what is new; the script sends everything at its start, and where no stream passes.

import { bandSwatch, lineSwatch, bestEpochSwatch } from "../shared/elements.js";
import { loss, percent } from "../shared/formatting.js";
import { instanceAt } from "../shared/instances.js";
import { faded } from "../shared/theme.js";
import { CurvePlot } from "./curve_plot.js";
import { hasBand } from "./deviation_bands.js";
import { ProgressStrip } from "./progress.js";
import { received } from "./row_updates.js";
import { RunStream } from "./run_stream.js";

/** @typedef {import("./row_updates.js").RunState} RunState */
/** @typedef {import("./progress.js").Progress} Progress */

/**
 * @typedef {object} Moment what is known of the run beside its curves
 * @property {number | null} best
 * @property {Progress | null} progress
 */
/**
 * @typedef {object} Streaming
 * @property {number} serial of the script's message: Streamlit also calls a component with a message that it has had
 * @property {import("./run_stream.js").StreamedRun | null} stream null where only the script sends data
 * @property {number | null} tick_seconds from one tick to the next, where no stream passes
 * @property {boolean} redraw whether the script has something else to draw after an epoch
 */
/** @typedef {import("./row_updates.js").RowMessage & Moment & Streaming} LiveData */
/** @typedef {import("../shared/instances.js").Component<LiveData>["setTriggerValue"]} Trigger */

const AXIS_ENDS = [20, 50, 100, 200, 500, 1000]; // at which the axis of a long run ends while it goes on
const RUNNING_LOSS_EVERY = 200; // milliseconds between two drawings where no epoch has ended
const REDRAW_EVERY = 2; // seconds

/**
 * @param {import("../shared/instances.js").Component<LiveData>} component
 * @param {string} plotlyAddress
 * @param {string} app the app's address
 */
export default function mount({ data, parentElement, setTriggerValue }, plotlyAddress, app) {
  const [panel, leave] = instanceAt(parentElement, () => new LivePanel(parentElement, plotlyAddress, app));
  const run = received(data, () => setTriggerValue("missing", data.base));
  if (run) panel.update(data, run, setTriggerValue);
  return leave;
}

class LivePanel {
  /** @type {RunState | undefined} */
  run = undefined;
  /** @type {Moment} */
  moment = { best: null, progress: null };
  /** @type {RunStream | undefined} */
  stream = undefined;
  streamed = "";
  base = "";
  key = "";
  serial = NaN;
  /** @type {Trigger} */
  trigger = () => undefined;
  drawnAt = 0;
  drawnEpochs = -1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  redraw = undefined;
  redrawSeconds = 0; // 0: the script has nothing to draw after an epoch

  /**
   * @param {HTMLElement} parent
   * @param {string} plotlyAddress
   * @param {string} app
   */
  constructor(parent, plotlyAddress, app) {
    this.app = app;
    this.strip = new ProgressStrip(parent);
    this.plot = new CurvePlot(parent, plotlyAddress);
  }

  /**
   * @param {LiveData} data
   * @param {RunState} run
   * @param {Trigger} trigger
   */
  update(data, run, trigger) {
    this.run = run;
    this.key = data.key;
    this.trigger = trigger;
    if (data.serial !== this.serial) {
      this.serial = data.serial;
      clearTimeout(this.redraw);
      this.redraw = undefined;
      this.moment = { best: data.best, progress: data.progress };
    }
    this.redrawSeconds = data.redraw ? Math.max(REDRAW_EVERY, data.tick_seconds ?? 0) : 0;
    this.follow(data);
    if (data.tick_seconds !== null) this.stream?.feed?.scriptAnswered(data.tick_seconds);
    this.draw();
  }

  /** @param {LiveData} data */
  follow({ stream, base }) {
    const streamed = JSON.stringify(stream);
    if (streamed !== this.streamed) {
      this.streamed = streamed;
      this.stream?.close();
      const user = {
        changed: (/** @type {Moment} */ { best, progress }) => this.changed({ best, progress }),
        tick: () => this.trigger("tick", Date.now()),
        ended: () => this.trigger("ended", Date.now()),
      };
      const state = () => /** @type {RunState} */ (this.run);
      this.stream = stream ? new RunStream(stream, this.app, state, user) : undefined;
    } else if (base !== this.base) {
      this.stream?.feed?.connect(); // the script has replaced the rows, perhaps by fewer
    }
    this.base = base;
  }

  /** @param {Moment} moment */
  changed(moment) {
    this.moment = moment;
    const newEpoch = this.drawnEpochs !== (this.run?.columns.epoch.at(-1) ?? 0);
    if (newEpoch && this.redrawSeconds)
      this.redraw ??= setTimeout(() => this.trigger("tick", Date.now()), 1000 * this.redrawSeconds);
    const due = newEpoch ? 0 : this.drawnAt + RUNNING_LOSS_EVERY - performance.now();
    if (this.run) this.strip.update(this.moment.progress, this.run.labels);
    if (due <= 0) this.draw();
    else this.waiting ??= setTimeout(() => this.draw(), due);
  }

  draw() {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    if (!this.run) return;
    this.drawnAt = performance.now();
    this.drawnEpochs = this.run.columns.epoch.at(-1) ?? 0;
    this.strip.update(this.moment.progress, this.run.labels);
    this.plot.update(plotContent(this.key, this.run, this.moment));
  }

  dispose() {
    clearTimeout(this.waiting);
    clearTimeout(this.redraw);
    this.stream?.close();
    this.strip.dispose();
    this.plot.dispose();
  }
}

/**
 * @param {string} key
 * @param {RunState} run
 * @param {Moment} moment
 * @returns {import("./curve_plot.js").PlotContent}
 */
function plotContent(key, run, { best, progress }) {
  const { labels, columns, reference, running } = run;
  const validated = columns.val_loss.some((value) => value !== null) || columns.epoch.length === 0;
  const end = axisEnd(progress, columns.epoch.at(-1) ?? 1);
  const note = progress && ["queued", "running"].includes(progress.state) ? progress.status : labels.empty;
  return {
    key,
    version: [run.base, columns.epoch.length, run.revision, best, end, columns.epoch.length ? "" : note],
    identity: run.run,
    labels,
    height: run.height,
    best,
    end,
    running,
    note,
    unified: true,
    description: describe(run, note),
    lines: (theme) => [
      { id: "run", color: theme.colors[0], width: 2.5, columns },
      ...(reference ? [{ ...reference, id: "reference", named: true, reference: true, color: faded(theme.text, 0.32), width: 1.5 }] : []),
    ],
    legend: (theme) => [
      { id: "training", text: labels.training, swatch: lineSwatch(theme.colors[0]) },
      ...(validated ? [{ id: "validation", text: labels.validation, swatch: lineSwatch(theme.colors[0], { dashed: true }) }] : []),
      ...(running.position.length
        ? [{ id: "running", text: labels.running, swatch: lineSwatch(faded(theme.colors[0], 0.45), { width: 1 }) }]
        : []),
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
 * @param {string} note where there is none
 */
function describe({ labels, columns }, note) {
  const row = columns.epoch.length - 1;
  if (row < 0) return `${labels.description} ${note}`;
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
