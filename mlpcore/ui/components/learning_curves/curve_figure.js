// @ts-check
// Learning curves as a Plotly figure, from plain values: traces and layout, no page and no state.
//
// Each metric has a panel; training is solid, validation dashed. Standard deviations are drawn as bands around the lines.

import { faded } from "../shared/theme.js";
import { band, errorBar, meansWithDeviations } from "./deviation_bands.js";
import { axisValues, thinned } from "./running_loss.js";

/** @typedef {import("./row_updates.js").Columns} Columns */
/** @typedef {Record<string, any>} Trace */

/**
 * @typedef {object} Line the curves of one run
 * @property {string} id
 * @property {string} [name]
 * @property {string} color
 * @property {number} width
 * @property {Columns} columns `epoch`, `loss`, `accuracy`, `val_loss`, `val_accuracy`; of means also `loss_sd` and so on
 * @property {boolean} [named] whether the labels contain the run's name
 * @property {boolean} [reference] whether it is drawn below the others
 * @property {string} [symbol] on its points
 */

/**
 * @typedef {object} Content of a figure
 * @property {string} identity equal as long as zoom and hidden curves stay
 * @property {Record<string, string>} labels
 * @property {number} height in pixels where the panels stand side by side
 * @property {number | null} best the best epoch, one of the first line
 * @property {number | null} [end] the last epoch of the axis
 * @property {import("./row_updates.js").RunningLoss} [running] the running loss of the first line
 * @property {string} note where there is nothing to draw
 * @property {boolean} unified one label for all curves
 * @property {Line[]} lines
 */

/**
 * @typedef {object} View what a user chose
 * @property {boolean} log
 * @property {number} zoom counts how often the zoom was reset
 * @property {boolean} [zoomed]
 * @property {number[]} [epochs] the zoomed range
 * @property {Record<string, number[]>} [values] the zoomed range of each metric
 * @property {Set<string>} hidden
 * @property {string} [identity]
 */

/** @typedef {{ metric: string, axis: number | "" }} Panel */

/** @typedef {ReturnType<typeof figureTheme>} FigureTheme */

const METRICS = ["loss", "accuracy"];
const PARTS = { training: "", validation: "val_" };
const UPPER = [0.575, 1]; // where the upper one of two stacked panels stands, as shares of the figure's height
const STACKED_BELOW = 560; // pixels of the figure's width: narrower panels stand on top of each other

/**
 * @param {Content} content
 * @param {View} view
 * @param {FigureTheme} theme
 * @param {number} width in pixels
 */
export function figure(content, view, theme, width) {
  const metrics = shownMetrics(view);
  /** @type {Panel[]} */
  const panels = metrics.map((metric, index) => ({ metric, axis: index ? index + 1 : "" }));
  const stacked = width < STACKED_BELOW;
  const traces = panels.flatMap((panel) => {
    const drawn = [
      ...content.lines.flatMap((line) => curves(line, panel, content, view)),
      ...runningLoss(panel, content, view),
      ...bestEpochMarkers(panel, content, theme),
    ];
    return drawn.length ? drawn : [placeholder(panel)];
  });
  return { traces, layout: layout(panels, stacked, traces, content, view, theme, width) };
}

/**
 * The metrics that have a panel, in their order: the first has the axes x and y, the next x2 and y2.
 * @param {View} view
 */
export function shownMetrics(view) {
  return METRICS.filter((metric) => !view.hidden.has(metric));
}

/**
 * @param {number} height
 * @param {View} view
 * @param {number} width
 */
export function chartHeight(height, view, width) {
  const panels = shownMetrics(view).length;
  return width < STACKED_BELOW && panels > 1 ? Math.round(height * 1.7) : height;
}

/** @param {Content} content */
function isEmpty(content) {
  return !content.lines.some((line) => line.columns.epoch.length) && !hasRunningLoss(content);
}

/** @param {Content} content */
function hasRunningLoss({ running }) {
  return Boolean(running?.position.length);
}

/**
 * Plotly draws no panel without a trace.
 * @param {Panel} panel
 * @returns {Trace}
 */
function placeholder({ metric, axis }) {
  return { uid: `none ${metric}`, x: [null], y: [null], xaxis: `x${axis}`, yaxis: `y${axis}`, hoverinfo: "skip" };
}

/**
 * @param {Line} line
 * @param {Panel} panel
 * @param {Content} content
 * @param {View} view
 * @returns {Trace[]}
 */
function curves(line, panel, content, view) {
  if (view.hidden.has(line.id)) return [];
  return Object.entries(PARTS)
    .filter(([part]) => !view.hidden.has(part))
    .filter(([, prefix]) => line.columns[prefix + panel.metric].some((value) => value !== null))
    .flatMap(([part, prefix]) => {
      const name = prefix + panel.metric;
      const drawn = curve(line, panel, part, name, content);
      if (view.hidden.has("band")) return [drawn];
      const around = band(line, panel, part, name, isLogarithmic(panel.metric, view));
      return [...(around ? [around] : []), { ...drawn, ...errorBar(line, name) }];
    });
}

/**
 * @param {Line} line
 * @param {Panel} panel
 * @param {string} part
 * @param {string} column
 * @param {Content} content
 * @returns {Trace}
 */
function curve(line, panel, part, column, content) {
  const name = line.named ? `${line.name} · ${content.labels[part]}` : content.labels[part];
  const { length } = line.columns.epoch;
  const deviations = line.columns[`${column}_sd`] && meansWithDeviations(line.columns, column);
  const value = deviations ? "%{customdata}" : "%{y:.4g}";
  const dotted = length === 1 || (length <= 12 && !line.reference);
  return {
    uid: `${line.id} ${part} ${panel.metric}`,
    type: "scatter",
    x: line.columns.epoch,
    y: line.columns[column],
    ...(deviations && { customdata: deviations }),
    xaxis: `x${panel.axis}`,
    yaxis: `y${panel.axis}`,
    name: escaped(name),
    mode: dotted || line.symbol ? "lines+markers" : "lines",
    line: { color: line.color, width: line.width, dash: part === "validation" ? "6px,4px" : "solid" },
    marker: {
      color: line.color,
      size: dotted ? 6 : 5,
      symbol: (line.symbol ?? "circle") + (part === "validation" ? "-open" : ""),
    },
    cliponaxis: Boolean(line.reference), // the axes are those of the other lines
    zorder: line.reference ? 0 : 1,
    hovertemplate: content.unified ? value : ownLabel(name, value, content),
  };
}

/**
 * The label of one curve, where there is no label for all of them.
 * @param {string} name
 * @param {string} value
 * @param {Content} content
 */
function ownLabel(name, value, { labels }) {
  return `<b>${escaped(name)}</b><br>${escaped(labels.epoch)} %{x}: ${value}<extra></extra>`;
}

/**
 * @param {Panel} panel
 * @param {Content} content
 * @param {View} view
 * @returns {Trace[]}
 */
function runningLoss({ metric, axis }, content, view) {
  const { running } = content;
  if (metric !== "loss" || !running || !hasRunningLoss(content) || view.hidden.has("running")) return [];
  return [
    {
      uid: "running loss",
      type: "scatter",
      mode: running.position.length === 1 ? "markers" : "lines",
      ...thinned(running, view.epochs ?? epochRange(content)),
      xaxis: `x${axis}`,
      yaxis: `y${axis}`,
      line: { color: faded(content.lines[0].color, 0.45), width: 1 },
      marker: { color: faded(content.lines[0].color, 0.45), size: 4 },
      hoverinfo: "skip",
      zorder: 0,
    },
  ];
}

/**
 * The best epoch, on the curve that decides it: validation where there is one.
 * @param {Panel} panel
 * @param {Content} content
 * @param {FigureTheme} theme
 * @returns {Trace[]}
 */
function bestEpochMarkers(panel, content, theme) {
  const columns = content.lines[0]?.columns;
  const row = columns && content.best !== null ? columns.epoch.indexOf(content.best) : -1;
  if (row < 0) return [];
  const value = columns[`val_${panel.metric}`][row] ?? columns[panel.metric][row];
  return [
    {
      uid: `best ${panel.metric}`,
      type: "scatter",
      mode: "markers",
      x: [content.best],
      y: [value],
      xaxis: `x${panel.axis}`,
      yaxis: `y${panel.axis}`,
      marker: { symbol: "diamond", size: 12, color: theme.bestEpoch, line: { color: theme.background, width: 1 } },
      hoverinfo: "skip",
      cliponaxis: false,
      zorder: 2,
    },
  ];
}

/**
 * @param {Panel[]} panels
 * @param {boolean} stacked
 * @param {Trace[]} traces
 * @param {Content} content
 * @param {View} view
 * @param {FigureTheme} theme
 * @param {number} width
 */
function layout(panels, stacked, traces, content, view, theme, width) {
  const font = { family: theme.font, size: 12, color: theme.text };
  /** @type {Record<string, any>} */
  const result = {
    width,
    height: chartHeight(content.height, view, width),
    margin: { l: 46, r: 14, t: 30, b: 42 },
    paper_bgcolor: theme.background,
    plot_bgcolor: theme.background,
    font,
    showlegend: false,
    hovermode: content.unified ? "x unified" : "closest",
    hoverlabel: { bgcolor: theme.background, bordercolor: theme.border, font: { ...font, size: 13 }, namelength: -1 },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", // a finger scrolls the page
    uirevision: `${content.identity} ${view.zoom}`,
    annotations: [],
    shapes: [],
  };
  const above = stacked && panels.length > 1;
  panels.forEach(({ metric, axis }, index) => {
    const left = panels.length === 1 || stacked ? [0, 1] : [[0, 0.47], [0.53, 1]][index];
    const up = above ? [UPPER, [0, 0.425]][index] : [0, 1];
    result[`xaxis${axis}`] = { ...epochAxis(content, view, theme, left, width), anchor: `y${axis}`, domain: left };
    if (index) result[`xaxis${axis}`].matches = "x";
    result[`yaxis${axis}`] = {
      ...valueAxis(metric, valueRange({ metric, axis }, traces, content, view), view, theme, content),
      anchor: `x${axis}`,
      domain: up,
    };
    result.annotations.push(title(metric, axis, content));
    if (content.best !== null) result.shapes.push(bestEpochLine(axis, content, theme));
  });
  if (isEmpty(content)) result.annotations.push(emptyNote(content, theme, above ? UPPER : [0, 1]));
  return result;
}

/**
 * @param {Content} content
 * @param {View} view
 * @param {FigureTheme} theme
 * @param {number[]} domain
 * @param {number} width
 */
function epochAxis(content, view, theme, domain, width) {
  const range = view.epochs ?? epochRange(content);
  const step = epochStep(range, (domain[1] - domain[0]) * width);
  return {
    range,
    dtick: step,
    tick0: step === 1 ? 1 : 0,
    tickformat: "d",
    title: { text: escaped(content.labels.epoch), standoff: 6, font: { size: 12 } },
    unifiedhovertitle: { text: `${escaped(content.labels.epoch)} %{x}` },
    gridcolor: theme.grid,
    linecolor: theme.border,
    zeroline: false,
    showline: true,
    showspikes: content.unified,
    spikemode: "across",
    spikethickness: 1,
    spikedash: "dot",
    spikecolor: theme.muted,
  };
}

/**
 * @param {string} metric
 * @param {number[] | undefined} range undefined where Plotly may choose it
 * @param {View} view
 * @param {FigureTheme} theme
 * @param {Content} content
 */
function valueAxis(metric, range, view, theme, content) {
  const logarithmic = isLogarithmic(metric, view);
  return {
    type: logarithmic ? "log" : "linear",
    ...(range ? { range, autorange: false } : { autorange: true }),
    uirevision: `${content.identity} ${view.zoom} ${logarithmic}`,
    nticks: 7,
    ...(logarithmic ? { exponentformat: "power", minexponent: 4 } : {}),
    gridcolor: theme.grid,
    zeroline: false,
    automargin: false,
  };
}

/**
 * The range of values: the zoomed one, or that of the run. The reference curve never stretches it, and of the running
 * loss only what lies near the curves; where there is neither, Plotly chooses.
 * @param {Panel} panel
 * @param {Trace[]} traces
 * @param {Content} content
 * @param {View} view
 * @returns {number[] | undefined}
 */
function valueRange({ metric, axis }, traces, content, view) {
  const logarithmic = isLogarithmic(metric, view);
  const zoomed = view.values?.[metric];
  if (zoomed) return zoomed;
  if (isEmpty(content)) return metric === "loss" && !logarithmic ? [0, 2.5] : [0, 1];
  const own = traces.filter(({ yaxis, uid }) => yaxis === `y${axis}` && !/^(reference|running) /.test(uid));
  const running = traces.some(({ yaxis, uid }) => yaxis === `y${axis}` && uid === "running loss");
  if (!running && !traces.some(({ uid }) => uid.startsWith("reference "))) return undefined;
  const epochs = content.lines[0].columns.epoch.length;
  const values = [...own.flatMap(({ y }) => y), ...(running && content.running ? axisValues(content.running, epochs) : [])];
  const known = values.filter((value) => value !== null && (!logarithmic || value > 0));
  if (!known.length) return metric === "accuracy" ? [0, 1] : undefined;
  const scaled = known.map((value) => (logarithmic ? Math.log10(value) : value));
  const [low, high] = [scaled.reduce((a, b) => Math.min(a, b)), scaled.reduce((a, b) => Math.max(a, b))];
  if (!epochs && metric === "loss" && !logarithmic) return [0, 1.06 * high]; // no jumps while the first points come
  const margin = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}

/**
 * @param {string} metric
 * @param {View} view
 */
function isLogarithmic(metric, view) {
  return metric === "loss" && view.log;
}

/** @param {Content} content */
function epochRange(content) {
  const own = content.lines.filter((line) => !line.reference);
  const lastOf = (/** @type {Line[]} */ lines) => lines.flatMap((line) => line.columns.epoch.slice(-1));
  const begun = Math.ceil(content.running?.position.at(-1) ?? 0);
  const known = [...lastOf(own), ...(begun ? [begun] : []), ...(content.end ? [content.end] : [])];
  const last = Math.max(1, ...(known.length ? known : lastOf(content.lines)));
  if (hasRunningLoss(content)) return [-0.02 * last, 1.02 * last];
  return last === 1 ? [0.5, 1.5] : [1 - (last - 1) * 0.03, last + (last - 1) * 0.03];
}

/**
 * A step of 1, 2 or 5 times a power of ten, for ticks that leave room for their numbers.
 * @param {number[]} range
 * @param {number} pixels
 */
function epochStep([from, to], pixels) {
  const smallest = (to - from) / Math.max(2, pixels / 64);
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, smallest)));
  return [1, 2, 5, 10].map((factor) => factor * magnitude).find((step) => step >= smallest) ?? 1;
}

/**
 * @param {string} metric
 * @param {number | ""} axis
 * @param {Content} content
 */
function title(metric, axis, content) {
  return {
    text: `<b>${escaped(content.labels[metric])}</b>`,
    xref: `x${axis} domain`,
    yref: `y${axis} domain`,
    x: 0,
    y: 1,
    xanchor: "left",
    yanchor: "bottom",
    yshift: 6,
    showarrow: false,
    font: { size: 14 },
  };
}

/**
 * A line at the best epoch.
 * @param {number | ""} axis
 * @param {Content} content
 * @param {FigureTheme} theme
 */
function bestEpochLine(axis, content, theme) {
  return {
    type: "line",
    xref: `x${axis}`,
    yref: `y${axis} domain`,
    x0: content.best,
    x1: content.best,
    y0: 0,
    y1: 1,
    layer: "below",
    line: { color: theme.muted, width: 1, dash: "2px,3px" },
  };
}

/**
 * The sentence while there is no epoch, in the middle of `room`, where it covers no title.
 * @param {Content} content
 * @param {FigureTheme} theme
 * @param {number[]} room from the bottom to the top, as shares of the figure
 */
function emptyNote(content, theme, [bottom, top]) {
  return {
    text: escaped(content.note),
    xref: "paper",
    yref: "paper",
    x: 0.5,
    y: (bottom + top) / 2,
    showarrow: false,
    bgcolor: theme.background,
    borderpad: 6,
    font: { size: 14, color: theme.muted },
  };
}

/**
 * Plotly reads its texts as a kind of HTML with %{} in it.
 * @param {string} text
 */
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/%\{/g, "%\u200b{");
}

/**
 * The theme of a figure: that of the page, and shades of its colours.
 * @param {import("../shared/theme.js").Theme} theme
 */
export function figureTheme(theme) {
  return {
    ...theme,
    muted: faded(theme.text, 0.6),
    grid: faded(theme.text, theme.dark ? 0.13 : 0.1),
    bestEpoch: theme.bestEpoch || theme.text,
  };
}
