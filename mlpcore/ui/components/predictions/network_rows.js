// @ts-check
// The predictions of several runs: one row per run, with its top class and a small chart. The class that most of them
// predict, if there is one, is marked in all charts, so that those that differ stand out.

import { node } from "../shared/elements.js";
import { theme } from "../shared/theme.js";
import { afterEpoch, setWhisker } from "./class_bars.js";

/** @typedef {import("./predictions.js").Prediction} Prediction */
/** @typedef {import("./predictions.js").PredictionsData} PredictionsData */

const SHORT_NAME = 2; // letters of a name that fit below a bar

export class NetworkRows {
  constructor() {
    this.root = node("ul", "mlp-networks");
    /** @type {NetworkRow[]} */
    this.rows = [];
  }

  /**
   * @param {PredictionsData} data
   * @param {import("./predictions.js").Variant} variant
   * @param {number} epoch the index of a saved epoch
   */
  update(data, variant, epoch) {
    this.root.setAttribute("aria-label", data.labels.networks);
    const { classes, ensembles } = data;
    const long = classes.some((name) => [...name].length > SHORT_NAME);
    const last = ensembles.findLastIndex(({ problem }) => !problem);
    this.root.classList.toggle("mlp-long", long);
    if (this.rows.length !== ensembles.length) {
      this.rows = ensembles.map(() => new NetworkRow());
      this.root.replaceChildren(...this.rows.map(({ root }) => root));
    }
    const { colors } = theme(this.root);
    const agreed = afterEpoch(variant.agreed, epoch);
    this.rows.forEach((row, index) => {
      row.root.style.setProperty("--mlp-color", colors[index % colors.length] ?? "currentColor");
      const prediction = afterEpoch(variant.predictions?.[index], epoch);
      row.update(data, ensembles[index], prediction, agreed, !long || index === last);
    });
  }
}

class NetworkRow {
  constructor() {
    this.number = node("span", "mlp-network-number");
    this.name = node("span", "mlp-network-name");
    this.facts = node("span", "mlp-network-facts");
    this.title = node("div", "mlp-network-title", this.number, this.name, this.facts);
    this.top = node("span", "mlp-network-top");
    this.percent = node("span", "mlp-network-percent");
    this.mark = node("span", "mlp-network-mark");
    this.mark.setAttribute("role", "img");
    this.prediction = node("div", "mlp-network-prediction", this.top, this.percent, this.mark);
    this.chart = node("div", "mlp-chart");
    this.chart.setAttribute("aria-hidden", "true");
    this.votes = node("p", "mlp-network-votes");
    this.problem = node("p", "mlp-network-problem");
    this.root = node("li", "mlp-network", this.title, this.prediction, this.chart, this.votes, this.problem);
    /** @type {ClassColumn[]} */
    this.columns = [];
  }

  /**
   * @param {PredictionsData} data
   * @param {import("./predictions.js").EnsembleData} run
   * @param {Prediction | undefined} prediction
   * @param {number | null | undefined} agreed the class that most runs predict
   * @param {boolean} named whether the classes are named below the bars
   */
  update({ classes, truth, labels }, run, prediction, agreed, named) {
    this.number.textContent = run.number;
    this.name.textContent = run.name;
    this.facts.textContent = run.facts;
    this.problem.textContent = run.problem ?? "";
    this.votes.textContent = prediction?.votes ?? "";
    this.prediction.hidden = !prediction;
    this.chart.hidden = Boolean(run.problem);
    this.root.classList.toggle("mlp-differs", typeof agreed === "number" && prediction !== undefined && prediction.top !== agreed);
    this.top.textContent = prediction ? classes[prediction.top] : "";
    this.percent.textContent = prediction ? prediction.percents[prediction.top] : "";
    this.showMark(prediction?.right, labels);
    if (this.columns.length !== classes.length) {
      this.columns = classes.map(() => new ClassColumn());
      this.chart.replaceChildren(...this.columns.map(({ root }) => root));
    }
    this.columns.forEach((column, index) => {
      column.root.classList.toggle("mlp-agreed", index === agreed);
      column.root.classList.toggle("mlp-true", index === truth);
      column.update(classes[index], prediction, index, named);
    });
  }

  /**
   * @param {boolean | undefined} right
   * @param {import("./predictions.js").Labels} labels
   */
  showMark(right, labels) {
    this.mark.textContent = right === undefined ? "" : right ? "✓" : "✗";
    this.mark.dataset.right = String(right ?? "");
    if (right === undefined) this.mark.removeAttribute("aria-label");
    else this.mark.setAttribute("aria-label", right ? labels.right : labels.wrong);
  }
}

class ClassColumn {
  constructor() {
    this.bar = node("span", "mlp-share-up");
    this.whisker = node("span", "mlp-whisker-up");
    this.name = node("span", "mlp-cell-name");
    this.root = node("span", "mlp-cell", node("span", "mlp-column-track", this.bar, this.whisker), this.name);
  }

  /**
   * @param {string} name
   * @param {Prediction | undefined} prediction
   * @param {number} index of the class
   * @param {boolean} named
   */
  update(name, prediction, index, named) {
    this.root.classList.toggle("mlp-top", index === prediction?.top);
    this.root.title = prediction ? `${name}: ${prediction.percents[index]}` : name;
    this.bar.style.transform = `scaleY(${prediction?.probabilities[index] ?? 0})`;
    setWhisker(this.whisker, prediction, index, "bottom", "top");
    this.name.textContent = named ? name : "";
  }
}
