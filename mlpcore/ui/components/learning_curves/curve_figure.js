// Learning curves as a Plotly figure, from plain values: traces and layout, no page and no state.
//
// A line is one run: {id, name, color, width, columns, named, ghost}, its columns being the lists `epoch`, `loss`,
// `accuracy`, `val_loss` and `val_accuracy`. Each metric has a panel; training is solid, validation dashed. Where the
// values are means, their standard deviations stand in `loss_sd` and so on, and are drawn as bands around the lines.
// The best epoch is one of the first line; a ghost lies behind the others.

import { band, errorBar, spread } from "./deviation_bands.js";
import { faded } from "../shared/theme.js";

const METRICS = ["loss", "accuracy"];
const PARTS = { training: "", validation: "val_" };
const NARROW = 560; // pixels below which the panels stand on top of each other

export function figure(content, view, look, width) {
  const metrics = METRICS.filter((metric) => !view.hidden.has(metric));
  const panels = metrics.map((metric, index) => ({ metric, axis: index ? index + 1 : "" }));
  const stacked = width < NARROW;
  const traces = panels.flatMap((panel) => [
    ...content.lines.flatMap((line) => curves(line, panel, content, view)),
    ...stars(panel, content, look),
    ...(isEmpty(content) ? [placeholder(panel)] : []),
  ]);
  return { traces, layout: layout(panels, stacked, content, view, look, width) };
}

export function chartHeight(height, view, width) {
  const panels = METRICS.filter((metric) => !view.hidden.has(metric)).length;
  return width < NARROW && panels > 1 ? Math.round(height * 1.7) : height;
}

function isEmpty(content) {
  return !content.lines.some((line) => line.columns.epoch.length);
}

// Plotly draws no panel without a trace.
function placeholder({ metric, axis }) {
  return { uid: `none ${metric}`, x: [null], y: [null], xaxis: `x${axis}`, yaxis: `y${axis}`, hoverinfo: "skip" };
}

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

function curve(line, panel, part, column, content) {
  const name = line.named ? `${line.name} · ${content.labels[part]}` : content.labels[part];
  const { length } = line.columns.epoch;
  const spreads = line.columns[`${column}_sd`] && line.columns.epoch.map((_, at) => spread(line.columns, column, at));
  const value = spreads ? "%{y:.4g}%{customdata}" : "%{y:.4g}";
  const dotted = length === 1 || (length <= 12 && !line.ghost);
  return {
    uid: `${line.id} ${part} ${panel.metric}`,
    type: "scatter",
    x: line.columns.epoch,
    y: line.columns[column],
    ...(spreads && { customdata: spreads }),
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
    cliponaxis: false,
    zorder: line.ghost ? 0 : 1,
    hovertemplate: content.unified ? value : alone(name, value, content),
  };
}

// What a label says that stands at one curve, not in a box for all.
function alone(name, value, { labels }) {
  return `<b>${escaped(name)}</b><br>${escaped(labels.epoch)} %{x}: ${value}<extra></extra>`;
}

// The best epoch, on the curve that decides it: validation where there is one.
function stars(panel, content, look) {
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
      marker: { symbol: "star", size: 14, color: look.star, line: { color: look.background, width: 1 } },
      hoverinfo: "skip",
      cliponaxis: false,
      zorder: 2,
    },
  ];
}

function layout(panels, stacked, content, view, look, width) {
  const font = { family: look.font, size: 12, color: look.text };
  const result = {
    width,
    height: chartHeight(content.height, view, width),
    margin: { l: 46, r: 14, t: 30, b: 42 },
    paper_bgcolor: look.background,
    plot_bgcolor: look.background,
    font,
    showlegend: false,
    hovermode: content.unified ? "x unified" : "closest",
    hoverlabel: { bgcolor: look.background, bordercolor: look.border, font: { ...font, size: 13 }, namelength: -1 },
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom", // a finger scrolls the page
    uirevision: `${content.identity} ${view.zoom}`,
    annotations: [],
    shapes: [],
  };
  panels.forEach(({ metric, axis }, index) => {
    const whole = panels.length === 1;
    const left = whole || stacked ? [0, 1] : [[0, 0.47], [0.53, 1]][index];
    const up = whole || !stacked ? [0, 1] : [[0.575, 1], [0, 0.425]][index];
    result[`xaxis${axis}`] = { ...epochAxis(content, view, look, left, width), anchor: `y${axis}`, domain: left };
    if (index) result[`xaxis${axis}`].matches = "x";
    result[`yaxis${axis}`] = {
      ...valueAxis(metric, view, look, content),
      anchor: `x${axis}`,
      domain: up,
    };
    result.annotations.push(title(metric, axis, content));
    if (content.best !== null) result.shapes.push(mark(axis, content, look));
  });
  if (isEmpty(content)) result.annotations.push(waiting(content, look));
  return result;
}

function epochAxis(content, view, look, domain, width) {
  const range = view.epochs ?? epochRange(content);
  const step = epochStep(range, (domain[1] - domain[0]) * width);
  return {
    range,
    dtick: step,
    tick0: step === 1 ? 1 : 0,
    tickformat: "d",
    title: { text: escaped(content.labels.epoch), standoff: 6, font: { size: 12 } },
    unifiedhovertitle: { text: `${escaped(content.labels.epoch)} %{x}` },
    gridcolor: look.grid,
    linecolor: look.border,
    zeroline: false,
    showline: true,
    showspikes: content.unified,
    spikemode: "across",
    spikethickness: 1,
    spikedash: "dot",
    spikecolor: look.muted,
  };
}

function valueAxis(metric, view, look, content) {
  const logarithmic = isLogarithmic(metric, view);
  return {
    type: logarithmic ? "log" : "linear",
    ...(isEmpty(content) ? { range: metric === "loss" && !logarithmic ? [0, 2.5] : [0, 1] } : { autorange: true }),
    uirevision: `${content.identity} ${view.zoom} ${logarithmic}`,
    nticks: 7,
    ...(logarithmic ? { exponentformat: "power", minexponent: 4 } : {}),
    gridcolor: look.grid,
    zeroline: false,
    automargin: false,
  };
}

function isLogarithmic(metric, view) {
  return metric === "loss" && view.log;
}

function epochRange(content) {
  const epochs = content.lines.flatMap((line) => (line.columns.epoch.length ? [line.columns.epoch.at(-1)] : []));
  const last = Math.max(1, content.end ?? 1, ...epochs);
  return last === 1 ? [0.5, 1.5] : [1 - (last - 1) * 0.03, last + (last - 1) * 0.03];
}

function epochStep([from, to], pixels) {
  const wanted = (to - from) / Math.max(2, pixels / 64);
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].map((factor) => factor * magnitude).find((step) => step >= wanted) ?? 1;
}

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

function mark(axis, content, look) {
  return {
    type: "line",
    xref: `x${axis}`,
    yref: `y${axis} domain`,
    x0: content.best,
    x1: content.best,
    y0: 0,
    y1: 1,
    layer: "below",
    line: { color: look.muted, width: 1, dash: "2px,3px" },
  };
}

function waiting(content, look) {
  return {
    text: escaped(content.labels.empty),
    xref: "paper",
    yref: "paper",
    x: 0.5,
    y: 0.5,
    showarrow: false,
    bgcolor: look.background,
    borderpad: 6,
    font: { size: 14, color: look.muted },
  };
}

// Plotly reads its texts as a kind of HTML with %{} in it.
function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/%\{/g, "%\u200b{");
}

export function look(theme) {
  return {
    ...theme,
    muted: faded(theme.text, 0.6),
    grid: faded(theme.text, theme.dark ? 0.13 : 0.1),
    star: theme.dark ? "#ffd54a" : "#e0a100",
  };
}
