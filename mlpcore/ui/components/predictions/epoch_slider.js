// A slider over the epochs whose networks were saved, and a button that plays them one after another.

import { button, node } from "../shared/elements.js";

const PACE = 1000; // milliseconds an epoch is shown while the training plays

const SOME = 18; // letters, with a space each, that a phone has no room for below the slider
const MANY = 28; // and wider windows

const chosen = new Map(); // the epoch that was chosen, by the run: it outlives another drawing and another input

export class Epochs {
  constructor(show) {
    this.show = show;
    this.plays = false;
    this.action = node("span", "mlp-play-name");
    this.button = button("mlp-play", () => (this.plays ? this.stop() : this.play()), this.action);
    this.slider = node("input", "mlp-slider");
    this.slider.type = "range";
    this.slider.min = 0;
    this.slider.step = 1;
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

  // The place to show among `places`: the chosen epoch's, else `start`, that of the network that is kept.
  update(epochs, id, start) {
    if (this.id !== id) this.stop();
    Object.assign(this, { epochs, id, start });
    this.root.hidden = !epochs;
    if (!epochs) return start;
    this.slider.max = epochs.places.length - 1;
    this.slider.setAttribute("aria-label", epochs.label);
    if (this.marks.children.length !== epochs.places.length)
      this.marks.replaceChildren(...epochs.places.map(() => node("span", "mlp-slider-mark")));
    epochs.places.forEach(({ short }, index) => (this.marks.children[index].textContent = short));
    const letters = epochs.places.reduce((sum, { short }) => sum + short.length + 1, 0);
    this.marks.dataset.letters = letters > MANY ? "many" : letters > SOME ? "some" : "few";
    const place = epochs.places.findIndex(({ short }) => short === chosen.get(id));
    return this.mark(place < 0 ? start : place);
  }

  choose(place) {
    if (place === this.start) chosen.delete(this.id);
    else chosen.set(this.id, this.epochs.places[place].short);
    this.show(this.mark(place));
  }

  mark(place) {
    const { text } = this.epochs.places[place];
    this.place = place;
    this.slider.value = place;
    this.slider.setAttribute("aria-valuetext", text);
    this.label.textContent = text;
    this.action.textContent = this.plays ? this.epochs.stop : this.epochs.play;
    this.button.dataset.plays = this.plays;
    [...this.marks.children].forEach((mark, index) => mark.classList.toggle("mlp-chosen", index === place));
    return place;
  }

  // From the start, or from where it was stopped.
  play() {
    const last = this.epochs.places.length - 1;
    this.plays = true;
    this.choose([this.start, last].includes(this.place) ? 0 : this.place);
    this.timer = setInterval(() => {
      if (this.place >= last - 1) this.stop(last);
      else this.choose(this.place + 1);
    }, PACE);
  }

  stop(place = this.place) {
    if (!this.plays) return;
    clearInterval(this.timer);
    this.plays = false;
    if (this.epochs) this.choose(Math.min(place, this.epochs.places.length - 1));
  }

  dispose() {
    clearInterval(this.timer);
  }
}
