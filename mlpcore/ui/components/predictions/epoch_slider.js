// @ts-check
// A slider over the epochs whose networks were saved, and a button that plays them one after another.

import { button, node } from "../shared/elements.js";

/**
 * @typedef {object} SavedEpochs
 * @property {string} label
 * @property {string} play
 * @property {string} stop
 * @property {{ short: string, text: string }[]} saved the saved epochs
 */

const INTERVAL = 1000; // milliseconds for which an epoch is shown while the training plays

// Letters, with a space each, for which there is no room below the slider on a phone, and in wider windows.
const ROOM_ON_PHONE = 18;
const ROOM = 28;

/** @type {Map<string, string>} by the run's id, the epoch that was chosen: it outlives another drawing and input */
const chosen = new Map();

export class EpochSlider {
  plays = false;
  index = 0;
  start = 0;
  /** @type {string | undefined} */
  id = undefined;
  /** @type {SavedEpochs | undefined} */
  epochs = undefined;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  timer = undefined;

  /** @param {(index: number) => void} onChange called with the index of the epoch to show */
  constructor(onChange) {
    this.onChange = onChange;
    this.action = node("span", "mlp-play-name");
    this.button = button("mlp-play", () => (this.plays ? this.stop() : this.play()), this.action);
    this.slider = node("input", "mlp-slider");
    Object.assign(this.slider, { type: "range", min: "0", step: "1" });
    this.slider.addEventListener("input", () => {
      this.stop();
      this.choose(Number(this.slider.value));
    });
    this.marks = node("div", "mlp-slider-marks");
    this.marks.setAttribute("aria-hidden", "true");
    this.label = node("p", "mlp-epoch");
    const track = node("div", "mlp-slider-track", this.slider, this.marks);
    this.root = node("div", "mlp-epochs", this.label, node("div", "mlp-epochs-row", this.button, track));
    this.root.hidden = true;
  }

  /**
   * The index of the epoch to show: the chosen one, else `start`, that of the kept network.
   * @param {SavedEpochs | undefined} epochs
   * @param {string} id of the run
   * @param {number} start
   */
  update(epochs, id, start) {
    if (this.id !== id) this.stop();
    this.id = id;
    this.epochs = epochs;
    this.start = start;
    this.root.hidden = !epochs;
    if (!epochs) return start;
    const shorts = epochs.saved.map(({ short }) => short);
    this.slider.max = String(shorts.length - 1);
    this.slider.setAttribute("aria-label", epochs.label);
    if (this.marks.children.length !== shorts.length)
      this.marks.replaceChildren(...shorts.map(() => node("span", "mlp-slider-mark")));
    shorts.forEach((short, index) => (this.marks.children[index].textContent = short));
    const letters = shorts.reduce((sum, short) => sum + short.length + 1, 0);
    this.marks.dataset.letters = letters > ROOM ? "many" : letters > ROOM_ON_PHONE ? "some" : "few";
    const index = shorts.indexOf(chosen.get(id) ?? "");
    return this.mark(epochs, index < 0 ? start : index);
  }

  /** @param {number} index */
  choose(index) {
    if (!this.epochs || this.id === undefined) return;
    if (index === this.start) chosen.delete(this.id);
    else chosen.set(this.id, this.epochs.saved[index].short);
    this.onChange(this.mark(this.epochs, index));
  }

  /**
   * @param {SavedEpochs} epochs
   * @param {number} index
   */
  mark(epochs, index) {
    const { text } = epochs.saved[index];
    this.index = index;
    this.slider.value = String(index);
    this.slider.setAttribute("aria-valuetext", text);
    this.label.textContent = text;
    this.action.textContent = this.plays ? epochs.stop : epochs.play;
    this.button.dataset.plays = String(this.plays);
    [...this.marks.children].forEach((mark, position) => mark.classList.toggle("mlp-chosen", position === index));
    return index;
  }

  /** From the first epoch, or from where it was stopped. */
  play() {
    if (!this.epochs) return;
    const last = this.epochs.saved.length - 1;
    this.plays = true;
    this.choose([this.start, last].includes(this.index) ? 0 : this.index);
    this.timer = setInterval(() => {
      if (this.index >= last - 1) this.stop(last);
      else this.choose(this.index + 1);
    }, INTERVAL);
  }

  stop(index = this.index) {
    if (!this.plays) return;
    clearInterval(this.timer);
    this.plays = false;
    if (this.epochs) this.choose(Math.min(index, this.epochs.saved.length - 1));
  }

  dispose() {
    clearInterval(this.timer);
  }
}
