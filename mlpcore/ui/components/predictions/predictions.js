// @ts-check
// What the networks predict: for each variant of the input the pictures that they received, their prediction in words
// and their bars; and a slider over the epochs of the first run.
// Its parts stay the same elements from one prediction to the next, so that a screen reader reads only what is new.

import { node } from "../shared/elements.js";
import { instanceAt } from "../shared/instances.js";
import { adoptStyles } from "../shared/theme.js";
import { ClassBars, afterEpoch } from "./class_bars.js";
import { EpochSlider } from "./epoch_slider.js";
import { ModelInputs } from "./model_inputs.js";
import { NetworkRows } from "./network_rows.js";

await Promise.all(["predictions.css", "network_rows.css", "epoch_slider.css"].map((name) => adoptStyles(name, import.meta.url)));

/**
 * @typedef {object} Prediction of one run for one input
 * @property {number[]} probabilities of the classes
 * @property {string[]} percents the same as text
 * @property {number} top the class with the highest probability
 * @property {number[]} [deviations] the standard deviation of each probability over several networks
 * @property {string} [votes]
 * @property {boolean} [right]
 */

/**
 * @typedef {object} Variant of the input
 * @property {string} [title]
 * @property {import("./model_inputs.js").ModelInput[]} [pictures]
 * @property {(Prediction[] | null)[]} [predictions] for each run a prediction, for the first one after each saved epoch
 * @property {string[]} [headlines]
 * @property {string[]} [verdicts]
 * @property {(number | null)[]} [agreed] the class that most runs predict
 */

/** @typedef {{ number: string, name: string, facts: string, problem?: string }} EnsembleData the networks of a run */

/** @typedef {{ bars: string, networks: string, truth: string, right: string, wrong: string }} Labels */

/**
 * @typedef {object} PredictionsData
 * @property {string} id of the run
 * @property {Labels} labels
 * @property {string} headline while nothing is shown
 * @property {string[]} classes
 * @property {number | null} truth
 * @property {EnsembleData[]} ensembles
 * @property {Variant[]} variants
 * @property {number} [start] the saved epoch of the kept network
 * @property {import("./epoch_slider.js").SavedEpochs} [epochs]
 * @property {string} [which]
 * @property {string} [difference]
 */

/** @param {import("../shared/instances.js").Component<PredictionsData>} component */
export default function mount({ data, parentElement }) {
  const [predictions, leave] = instanceAt(parentElement, () => new Predictions(parentElement, data));
  predictions.update(data);
  return leave;
}

class Predictions {
  /** @type {VariantColumn[]} */
  parts = [];
  /** @type {string | undefined} */
  kind = undefined;

  /**
   * @param {HTMLElement} parent
   * @param {PredictionsData} data
   */
  constructor(parent, data) {
    this.data = data;
    this.columns = node("div", "mlp-columns");
    this.difference = node("p", "mlp-difference");
    this.which = node("p", "mlp-which");
    this.epochs = new EpochSlider((epoch) => this.draw(epoch));
    this.root = node("div", "mlp-predictions", this.columns, this.difference, this.which);
    parent.append(this.root);
  }

  /** @param {PredictionsData} data */
  update(data) {
    this.data = data;
    const several = data.ensembles.length > 1;
    const count = Math.max(1, data.variants.length);
    if (this.kind !== `${several} ${count}`) this.rebuild(several, count);
    this.root.classList.toggle("mlp-waiting", !data.variants.some(({ predictions }) => predictions));
    this.difference.textContent = data.difference ?? "";
    this.which.textContent = data.which ?? "";
    this.draw(this.epochs.update(data.epochs, data.id, data.start ?? 0));
  }

  /**
   * @param {boolean} several runs
   * @param {number} count of the variants
   */
  rebuild(several, count) {
    this.kind = `${several} ${count}`;
    this.parts = Array.from({ length: count }, (_, index) => new VariantColumn(several, index === count - 1));
    this.columns.replaceChildren(...this.parts.map(({ root }) => root));
    this.columns.dataset.count = String(count);
    if (count === 1) this.parts[0].text.append(this.epochs.root);
    else this.root.prepend(this.epochs.root);
  }

  /** @param {number} epoch the index of a saved epoch */
  draw(epoch) {
    this.root.classList.toggle("mlp-playing", this.epochs.plays);
    this.parts.forEach((part, index) => part.draw(this.data, this.data.variants[index] ?? {}, epoch, this.epochs.plays));
  }

  dispose() {
    this.epochs.dispose();
    this.root.remove();
  }
}

/** One variant of the input. A screen reader reads only the last one aloud. */
class VariantColumn {
  /**
   * @param {boolean} several runs
   * @param {boolean} aloud
   */
  constructor(several, aloud) {
    this.title = node("h4", "mlp-column-title");
    this.inputs = new ModelInputs();
    this.headline = node("p", "mlp-headline");
    if (aloud) this.headline.setAttribute("role", "status");
    this.verdict = node("p", "mlp-verdict");
    this.votes = node("p", "mlp-votes");
    this.text = node("div", "mlp-text", this.headline, this.verdict, this.votes);
    this.bars = several ? new NetworkRows() : new ClassBars();
    const head = node("div", "mlp-head", this.title, node("div", "mlp-decision", this.inputs.root, this.text));
    this.root = node("div", "mlp-column", head, node("div", "mlp-body", this.bars.root));
  }

  /**
   * @param {PredictionsData} data
   * @param {Variant} variant
   * @param {number} epoch
   * @param {boolean} plays
   */
  draw(data, variant, epoch, plays) {
    this.title.textContent = variant.title ?? "";
    this.inputs.update(variant.pictures ?? []);
    this.headline.setAttribute("aria-live", plays ? "off" : "polite");
    const headline = afterEpoch(variant.headlines, epoch) ?? data.headline;
    if (this.headline.textContent !== headline) this.headline.textContent = headline;
    const alone = data.ensembles.length === 1 ? afterEpoch(variant.predictions?.[0], epoch) : undefined;
    this.verdict.textContent = afterEpoch(variant.verdicts, epoch) ?? "";
    this.verdict.dataset.right = String(alone?.right ?? "");
    this.votes.textContent = alone?.votes ?? "";
    this.bars.update(data, variant, epoch);
  }
}
