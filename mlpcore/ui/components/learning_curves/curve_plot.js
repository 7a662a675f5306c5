// @ts-check
// Learning curves on a page: the figure, a legend that hides and shows curves, and the switches beside it.
//
// What a user chose (zoom, hidden curves, scale) outlives each update and a remount of the component.

import { button, node } from "../shared/elements.js";
import { loadedPlotly, plotly } from "../shared/plotly.js";
import { adoptStyles, theme } from "../shared/theme.js";
import { chartHeight, figure, figureTheme, shownMetrics } from "./curve_figure.js";

await adoptStyles("curve_plot.css", import.meta.url);

/** @typedef {import("./curve_figure.js").View} View */
/** @typedef {import("./curve_figure.js").FigureTheme} FigureTheme */
/** @typedef {{ id?: string, text: string, swatch: Node }} LegendEntry with an `id`, a press on it hides those curves */

/**
 * What `figure` draws, with the lines as a function of the colours.
 * @typedef {object} PlotOnly
 * @property {string} key of the component
 * @property {unknown} version where it is equal in an equal theme, there is nothing new to draw
 * @property {string} description for those who do not see the figure
 * @property {(theme: FigureTheme) => import("./curve_figure.js").Line[]} lines
 * @property {(theme: FigureTheme) => LegendEntry[]} legend
 * @typedef {Omit<import("./curve_figure.js").Content, "lines"> & PlotOnly} PlotContent
 */

/** @typedef {{ on(name: string, action: (change: object) => void): void, _fullLayout: any }} PlotlyParts */

const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false, showTips: false };

const RETRY_AFTER = 3000; // milliseconds until a drawing that failed is tried again

/** @type {Map<string, View>} by the component's key */
const views = new Map();

/** @returns {View} */
function newView() {
  return { log: false, zoom: 0, hidden: new Set() };
}

export class CurvePlot {
  /** @type {PlotContent | undefined} */
  content = undefined;
  view = newView();
  /** @type {string | undefined} */
  version = undefined;
  /** @type {string | undefined} */
  meaning = undefined;
  /** @type {number | undefined} */
  drawnWidth = undefined;
  pending = false;
  drawing = false;
  disposed = false;

  /**
   * @param {HTMLElement} parent
   * @param {string} plotlyAddress
   */
  constructor(parent, plotlyAddress) {
    this.plotlyAddress = plotlyAddress;
    plotly(plotlyAddress).catch(() => undefined); // before there is anything to draw
    this.legend = node("div", "mlp-legend");
    this.tools = node("div", "mlp-tools");
    this.log = button("mlp-button", () => this.switchScale());
    this.reset = button("mlp-button", () => this.resetZoom());
    this.chart = /** @type {HTMLDivElement & PlotlyParts} */ (node("div", "mlp-chart"));
    this.chart.setAttribute("role", "img");
    this.root = node("div", "mlp-curves", node("div", "mlp-curves-head", this.legend, this.tools), this.chart);
    parent.append(this.root);
    this.resize = new ResizeObserver(() => {
      if (this.root.clientWidth !== this.drawnWidth) this.draw();
    });
    this.resize.observe(this.root);
  }

  /** @param {PlotContent} content */
  update(content) {
    const version = JSON.stringify([content.version, theme(this.root)]);
    if (version === this.version) return;
    this.version = version;
    this.content = content;
    this.view = views.get(content.key) ?? newView();
    views.set(content.key, this.view);
    if (this.view.identity !== content.identity) Object.assign(this.view, { zoomed: false, epochs: undefined, values: undefined });
    this.view.identity = content.identity;
    this.chart.setAttribute("aria-label", content.description);
    this.draw();
  }

  /** At most one drawing at a time; what changes meanwhile is drawn after it. */
  async draw() {
    this.pending = true;
    if (this.drawing) return;
    this.drawing = true;
    try {
      while (this.pending && !this.disposed && this.content && this.root.clientWidth) {
        this.pending = false;
        await this.drawNow(this.content);
      }
    } catch (error) {
      console.warn(error);
      this.version = undefined;
      this.chart.dataset.failure = this.content?.labels.unloaded;
      setTimeout(() => this.draw(), RETRY_AFTER);
    } finally {
      this.drawing = false;
    }
  }

  /** @param {PlotContent} content */
  async drawNow(content) {
    const width = (this.drawnWidth = this.root.clientWidth);
    const colors = figureTheme(theme(this.root));
    this.chart.style.height = `${chartHeight(content.height, this.view, width)}px`;
    this.drawHead(content, colors);
    const Plotly = loadedPlotly() ?? (await plotly(this.plotlyAddress));
    if (this.disposed) return;
    const lines = content.lines(colors);
    const { traces, layout } = figure({ ...content, lines }, this.view, colors, width);
    const first = !this.chart._fullLayout;
    await Plotly.react(this.chart, traces, layout, CONFIG);
    delete this.chart.dataset.failure;
    if (first && !this.disposed) this.listen();
    this.root.dataset.epochs = String(lines[0]?.columns.epoch.at(-1) ?? 0);
  }

  listen() {
    this.chart.on("plotly_relayout", (change) => {
      const axes = Object.keys(change).filter((name) => name.includes("axis"));
      if (axes.length) this.view.zoomed = true;
      if (axes.some((name) => name.startsWith("x"))) this.view.epochs = [...this.chart._fullLayout.xaxis.range];
      shownMetrics(this.view).forEach((metric, index) => {
        const axis = `yaxis${index ? index + 1 : ""}`;
        if (!axes.some((name) => name.startsWith(`${axis}.`))) return;
        this.view.values = { ...this.view.values, [metric]: [...this.chart._fullLayout[axis].range] };
      });
      if (axes.length) this.draw(); // the ticks stay whole epochs at each zoom
    });
    this.chart.on("plotly_doubleclick", () => this.resetZoom());
  }

  resetZoom() {
    Object.assign(this.view, { zoom: this.view.zoom + 1, zoomed: false, epochs: undefined, values: undefined });
    this.draw();
  }

  /**
   * The buttons stay the same elements while their meaning does: a click or the focus must survive an update.
   * @param {PlotContent} content
   * @param {FigureTheme} colors
   */
  drawHead(content, colors) {
    const { labels } = content;
    const entries = content.legend(colors);
    const meaning = JSON.stringify([labels, colors, entries.map(({ id, text }) => [id, text])]);
    if (meaning !== this.meaning) {
      this.meaning = meaning;
      this.log.textContent = labels.log;
      this.reset.textContent = labels.reset;
      const toggles = ["loss", "accuracy"].map((metric) => this.toggle("mlp-button", metric, labels[metric]));
      this.legend.replaceChildren(...entries.map((entry) => this.entry(entry)));
      this.tools.replaceChildren(this.reset, this.log, node("div", "mlp-pair", ...toggles));
    }
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-hides]")))
      element.setAttribute("aria-pressed", String(!this.view.hidden.has(element.dataset.hides ?? "")));
    this.log.setAttribute("aria-pressed", String(this.view.log));
    this.log.hidden = this.view.hidden.has("loss");
    this.reset.hidden = !this.view.zoomed;
  }

  /** @param {LegendEntry} entry */
  entry({ id, text, swatch }) {
    if (!id) return node("span", "mlp-entry", swatch, text);
    return this.toggle("mlp-entry", id, swatch, node("span", "", text));
  }

  /**
   * @param {string} style
   * @param {string} id of the curves
   * @param {...(Node | string)} content
   */
  toggle(style, id, ...content) {
    const result = button(style, () => this.switchHidden(id), ...content);
    result.dataset.hides = id;
    return result;
  }

  /** @param {string} id */
  switchHidden(id) {
    const { hidden } = this.view;
    if (!hidden.delete(id)) hidden.add(id);
    if (hidden.has("loss") && hidden.has("accuracy")) hidden.delete(id === "loss" ? "accuracy" : "loss");
    this.draw();
  }

  switchScale() {
    this.view.log = !this.view.log;
    if (this.view.values) delete this.view.values.loss;
    this.draw();
  }

  dispose() {
    this.disposed = true;
    this.resize.disconnect();
    loadedPlotly()?.purge(this.chart);
    this.root.remove();
  }
}
