// @ts-check
// The prediction of one run: a bar for each class, with a whisker where it is the mean of several networks.

import { node } from "../shared/elements.js";

/** @typedef {import("./predictions.js").Prediction} Prediction */
/** @typedef {import("./predictions.js").PredictionsData} PredictionsData */
/** @typedef {import("./predictions.js").Variant} Variant */

const MIN_DEVIATION = 0.005; // of a probability: shorter whiskers cannot be seen

export class ClassBars {
  constructor() {
    this.root = node("ul", "mlp-classes");
    /** @type {ClassRow[]} */
    this.rows = [];
  }

  /**
   * @param {PredictionsData} data
   * @param {Variant} variant
   * @param {number} epoch the index of a saved epoch
   */
  update({ classes, truth, labels }, { predictions }, epoch) {
    const prediction = afterEpoch(predictions?.[0], epoch);
    this.root.setAttribute("aria-label", labels.bars);
    if (this.rows.length !== classes.length) {
      this.rows = classes.map(() => new ClassRow());
      this.root.replaceChildren(...this.rows.map(({ root }) => root));
    }
    this.rows.forEach((row, index) => row.update(classes[index], index === truth ? labels.truth : "", prediction, index));
  }
}

class ClassRow {
  constructor() {
    this.name = node("span", "mlp-name");
    this.label = node("span", "mlp-label");
    this.bar = node("span", "mlp-share");
    this.whisker = node("span", "mlp-whisker");
    this.percent = node("span", "mlp-percent");
    const track = node("span", "mlp-track", this.bar, this.whisker);
    this.root = node("li", "mlp-class", this.name, this.label, track, this.percent);
  }

  /**
   * @param {string} name
   * @param {string} label the word beside the true class
   * @param {Prediction | undefined} prediction
   * @param {number} index of the class
   */
  update(name, label, prediction, index) {
    this.root.classList.toggle("mlp-top", index === prediction?.top);
    this.root.classList.toggle("mlp-true", Boolean(label));
    this.name.textContent = name;
    this.label.textContent = label;
    this.bar.style.transform = `scaleX(${prediction?.probabilities[index] ?? 0})`;
    setWhisker(this.whisker, prediction, index, "left", "right");
    this.percent.textContent = prediction?.percents[index] ?? "";
  }
}

/**
 * The value after a saved epoch of the first run; the other runs have one, whatever the epoch.
 * @template Value
 * @param {Value[] | null | undefined} values
 * @param {number} epoch
 * @returns {Value | undefined}
 */
export function afterEpoch(values, epoch) {
  return values?.[epoch] ?? values?.[0];
}

/**
 * One standard deviation up and down from the mean, as far as a probability can go.
 * @param {HTMLElement} whisker
 * @param {Prediction | undefined} prediction
 * @param {number} index of the class
 * @param {"left" | "bottom"} low
 * @param {"right" | "top"} high
 */
export function setWhisker(whisker, prediction, index, low, high) {
  const deviation = prediction?.deviations?.[index] ?? 0;
  whisker.hidden = deviation < MIN_DEVIATION;
  if (!prediction || whisker.hidden) return;
  const mean = prediction.probabilities[index];
  whisker.style[low] = `${100 * Math.max(0, mean - deviation)}%`;
  whisker.style[high] = `${100 * (1 - Math.min(1, mean + deviation))}%`;
}
