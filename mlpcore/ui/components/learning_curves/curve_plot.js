// Learning curves on a page: the figure, a legend that hides and shows curves, and the switches beside it.
//
// What a user chose (zoom, hidden curves, scale) outlives each update and a remount of the component.

import { chartHeight, figure, look } from "./curve_figure.js";
import { button, node } from "../shared/elements.js";
import { plotly } from "../shared/plotly.js";
import { adoptStyles, theme } from "../shared/theme.js";

await adoptStyles("curve_plot.css", import.meta.url);

const CONFIG = { displayModeBar: false, doubleClick: false, responsive: false };

const PATIENCE = 3000; // milliseconds until a drawing that failed is tried again

const views = new Map();

export class CurvePlot {
  constructor(parent, address) {
    this.address = address;
    plotly(address).catch(() => undefined); // before there is anything to draw
    this.legend = node("div", "mlp-legend");
    this.tools = node("div", "mlp-tools");
    this.chart = node("div", "mlp-chart");
    this.chart.setAttribute("role", "img");
    this.root = node("div", "mlp-curves", node("div", "mlp-curves-head", this.legend, this.tools), this.chart);
    parent.append(this.root);
    this.resize = new ResizeObserver(() => this.root.clientWidth !== this.drawnWidth && this.draw());
    this.resize.observe(this.root);
  }

  // content: what `figure` draws, its lines as a function of the colours, and
  // `key`, `legend(colours)` as [{id, text, swatch}] and `description`.
  // An equal `version` in an equal theme means that there is nothing new to draw.
  update(content) {
    const version = JSON.stringify([content.version, theme(this.root)]);
    if (version === this.version) return;
    this.version = version;
    this.content = content;
    if (!views.has(content.key)) views.set(content.key, { log: false, zoom: 0, hidden: new Set() });
    this.view = views.get(content.key);
    if (this.view.identity !== content.identity) Object.assign(this.view, { zoomed: false, epochs: undefined });
    this.view.identity = content.identity;
    this.chart.setAttribute("aria-label", content.description);
    this.draw();
  }

  // At most one drawing at a time; what changes meanwhile is drawn after it.
  async draw() {
    this.wanted = true;
    if (this.drawing) return;
    this.drawing = true;
    try {
      while (this.wanted && !this.gone && this.content && this.root.clientWidth) {
        this.wanted = false;
        await this.drawNow();
      }
    } catch (error) {
      console.warn(error);
      this.version = undefined;
      this.chart.dataset.failure = this.content.labels.unloaded;
      setTimeout(() => this.draw(), PATIENCE);
    } finally {
      this.drawing = false;
    }
  }

  async drawNow() {
    const width = (this.drawnWidth = this.root.clientWidth);
    const colors = look(theme(this.root));
    this.chart.style.height = `${chartHeight(this.content.height, this.view, width)}px`;
    this.drawHead(colors);
    const Plotly = globalThis.Plotly ?? (await plotly(this.address));
    if (this.gone) return;
    const lines = this.content.lines(colors);
    const { traces, layout } = figure({ ...this.content, lines }, this.view, colors, width);
    const first = !this.chart._fullLayout;
    await Plotly.react(this.chart, traces, layout, CONFIG);
    delete this.chart.dataset.failure;
    if (first && !this.gone) this.listen();
    this.root.dataset.epochs = lines[0]?.columns.epoch.at(-1) ?? 0;
  }

  listen() {
    this.chart.on("plotly_relayout", (change) => {
      const axes = Object.keys(change).filter((name) => name.includes("axis"));
      if (axes.length) this.view.zoomed = true;
      if (axes.some((name) => name.startsWith("x"))) this.view.epochs = [...this.chart._fullLayout.xaxis.range];
      if (axes.length) this.draw(); // the ticks stay whole epochs at each zoom
    });
    this.chart.on("plotly_doubleclick", () => this.unzoom());
  }

  unzoom() {
    Object.assign(this.view, { zoom: this.view.zoom + 1, zoomed: false, epochs: undefined });
    this.draw();
  }

  // The buttons stay the same elements while their meaning does: a click or the focus must survive an update.
  drawHead(colors) {
    const { labels } = this.content;
    const entries = this.content.legend(colors);
    const meaning = JSON.stringify([labels, colors, entries.map(({ id, text }) => [id, text])]);
    if (meaning !== this.meaning) {
      this.meaning = meaning;
      const toggles = ["loss", "accuracy"].map((metric) => this.toggle(metric, labels[metric]));
      this.log = button("mlp-button", () => this.switchScale(), labels.log);
      this.reset = button("mlp-button", () => this.unzoom(), labels.reset);
      this.legend.replaceChildren(...entries.map((entry) => this.entry(entry)));
      this.tools.replaceChildren(this.reset, this.log, node("div", "mlp-pair", ...toggles));
    }
    for (const element of this.root.querySelectorAll("[data-hides]"))
      element.setAttribute("aria-pressed", String(!this.view.hidden.has(element.dataset.hides)));
    this.log.setAttribute("aria-pressed", String(this.view.log));
    this.log.hidden = this.view.hidden.has("loss");
    this.reset.hidden = !this.view.zoomed;
  }

  entry({ id, text, swatch }) {
    return id ? this.toggle(id, swatch, node("span", "", text)) : node("span", "mlp-entry", swatch, text);
  }

  toggle(id, ...content) {
    const style = ["loss", "accuracy"].includes(id) ? "mlp-button" : "mlp-entry";
    const result = button(style, () => this.switchHidden(id), ...content);
    result.dataset.hides = id;
    return result;
  }

  switchHidden(id) {
    const { hidden } = this.view;
    if (!hidden.delete(id)) hidden.add(id);
    if (hidden.has("loss") && hidden.has("accuracy")) hidden.delete(id === "loss" ? "accuracy" : "loss");
    this.draw();
  }

  switchScale() {
    this.view.log = !this.view.log;
    this.draw();
  }

  dispose() {
    this.gone = true;
    this.resize.disconnect();
    globalThis.Plotly?.purge(this.chart);
    this.root.remove();
  }
}
