// How far a run is: its status, the epoch, the running loss, the time left, and a bar within the epoch.

import { node } from "../shared/elements.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("progress.css", import.meta.url);

export class ProgressStrip {
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

  update(progress, labels) {
    this.root.hidden = !progress;
    if (!progress) return;
    const { state, status, epoch, epochs, step, steps, loss, seconds } = progress;
    this.root.dataset.state = state;
    write(this.status, status);
    write(this.epoch, epoch ? filled(labels.epoch_of, { epoch, epochs }) : "");
    write(this.step, steps ? filled(labels.step_of, { step, steps }) : "");
    write(this.loss, loss === null ? "" : filled(labels.running_loss, { loss: loss.toPrecision(4) }));
    write(this.left, seconds === null ? "" : timeLeft(seconds, labels));
    const [within, whole] = shares(progress);
    move(this.fill, within);
    move(this.whole, whole);
    this.bar.setAttribute("aria-valuenow", String(Math.round(100 * whole)));
    this.bar.setAttribute("aria-valuetext", [status, this.epoch.textContent].join(" "));
    this.bar.setAttribute("aria-label", labels.progress);
  }

  dispose() {
    this.root.remove();
  }
}

// How much is done of the epoch under way and of the whole. An ended run's epoch is its last whole one.
function shares({ state, epoch, epochs, step, steps }) {
  if (state === "finished") return [1, 1];
  const within = steps ? step / steps : 0;
  const before = state === "running" ? Math.max(0, epoch - 1) : epoch;
  return [within, epochs ? Math.min(1, (before + within) / epochs) : 0];
}

// Forward it glides until the next update; back, at the start of an epoch, it jumps.
function move(element, share) {
  const before = Number(element.dataset.share ?? 0);
  element.style.transition = share < before ? "none" : "";
  element.style.transform = `scaleX(${share})`;
  element.dataset.share = share;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function filled(template, values) {
  return template.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

function timeLeft(seconds, labels) {
  if (seconds < 60) return filled(labels.seconds_left, { seconds: Math.ceil(seconds) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return filled(labels.minutes_left, { minutes, seconds: Math.floor(seconds % 60) });
  return filled(labels.hours_left, { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}
