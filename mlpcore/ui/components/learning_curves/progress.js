// @ts-check
// The progress of a run: its status, the epoch, the running loss, the time left, and a bar within the epoch.

import { node } from "../shared/elements.js";
import { loss as lossText } from "../shared/formatting.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("progress.css", import.meta.url);

/**
 * @typedef {object} Progress
 * @property {string} state running, finished, failed, diverged, or anything else
 * @property {string} status the state in the user's language
 * @property {number} epoch the one under way, counted from 1; of an ended run its last whole one
 * @property {number} epochs
 * @property {number} step done in this epoch
 * @property {number} steps
 * @property {number | null} loss
 * @property {number | null} seconds left
 */

/** @typedef {Record<string, string>} Labels */

export class ProgressStrip {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.status = node("span", "mlp-status");
    this.epoch = node("span", "mlp-fact");
    this.step = node("span", "mlp-fact mlp-quiet");
    this.loss = node("span", "mlp-fact mlp-quiet");
    this.left = node("span", "mlp-left");
    this.fill = node("div", "mlp-fill");
    this.whole = node("div", "mlp-whole");
    this.bar = node("div", "mlp-bar", this.fill, this.whole);
    this.bar.setAttribute("role", "progressbar");
    const facts = node("div", "mlp-facts", this.status, this.epoch, this.step, this.loss, this.left);
    this.root = node("div", "mlp-progress", facts, this.bar);
    parent.append(this.root);
  }

  /**
   * @param {Progress | null} progress
   * @param {Labels} labels
   */
  update(progress, labels) {
    this.root.hidden = !progress;
    if (!progress) return;
    const { state, status, epoch, epochs, step, steps, loss, seconds } = progress;
    this.root.dataset.state = state;
    write(this.status, status);
    write(this.epoch, epoch ? filled(labels.epoch_of, { epoch, epochs }) : "");
    write(this.step, steps ? filled(labels.step_of, { step, steps }) : "");
    write(this.loss, loss === null ? "" : filled(labels.running_loss, { loss: lossText(loss) }));
    write(this.left, seconds === null ? "" : timeLeft(seconds, labels));
    const [ofEpoch, ofRun] = fractions(progress);
    setFraction(this.fill, ofEpoch);
    setFraction(this.whole, ofRun);
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * ofRun)));
    this.bar.setAttribute("aria-valuetext", [status, this.epoch.textContent].join(" "));
    this.bar.setAttribute("aria-label", labels.progress);
  }

  dispose() {
    this.root.remove();
  }
}

/**
 * The fractions done of the epoch under way and of the whole run.
 * @param {Progress} progress
 */
function fractions({ state, epoch, epochs, step, steps }) {
  if (state === "finished") return [1, 1];
  const ofEpoch = steps ? step / steps : 0;
  const before = state === "running" ? Math.max(0, epoch - 1) : epoch;
  return [ofEpoch, epochs ? Math.min(1, (before + ofEpoch) / epochs) : 0];
}

/**
 * Forward, it glides until the next update; back, at the start of an epoch, it jumps.
 * @param {HTMLElement} element
 * @param {number} fraction
 */
function setFraction(element, fraction) {
  const before = Number(element.dataset.share ?? 0);
  element.style.transition = fraction < before ? "none" : "";
  element.style.transform = `scaleX(${fraction})`;
  element.dataset.share = String(fraction);
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {string} template
 * @param {Record<string, string | number>} values
 */
function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}

/**
 * @param {number} seconds
 * @param {Labels} labels
 */
function timeLeft(seconds, labels) {
  if (seconds < 60) return filled(labels.seconds_left, { seconds: Math.ceil(seconds) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return filled(labels.minutes_left, { minutes, seconds: Math.floor(seconds % 60) });
  return filled(labels.hours_left, { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
