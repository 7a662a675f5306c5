// The answer of one run: a bar for each class, with a whisker where it is the mean of several networks.

import { node } from "../shared/elements.js";

const LEAST = 0.005; // of a probability: shorter whiskers are a blot

export class ClassBars {
  constructor() {
    this.root = node("ul", "mlp-classes");
  }

  update({ classes, truth, words }, { answers }, place) {
    const answer = behind(answers?.[0], place);
    this.root.setAttribute("aria-label", words.bars);
    if (this.root.children.length !== classes.length) this.root.replaceChildren(...classes.map(row));
    classes.forEach((name, index) => {
      const { classList, children } = this.root.children[index];
      const [label, mark, track, number] = children;
      const [bar, whisker] = track.children;
      classList.toggle("mlp-top", index === answer?.top);
      classList.toggle("mlp-true", index === truth);
      label.textContent = name;
      mark.textContent = index === truth ? words.truth : "";
      bar.style.transform = `scaleX(${answer?.shares[index] ?? 0})`;
      spread(whisker, answer, index, "left", "right");
      number.textContent = answer?.percents[index] ?? "";
    });
  }
}

function row() {
  const track = node("span", "mlp-track", node("span", "mlp-share"), node("span", "mlp-whisker"));
  return node("li", "mlp-class", node("span", "mlp-name"), node("span", "mlp-label"), track, node("span", "mlp-percent"));
}

// The answer behind an epoch of the first run: other runs have one answer, whatever the epoch.
export function behind(answers, place) {
  return answers?.[place] ?? answers?.[0];
}

// One standard deviation up and down from the mean, as far as a probability can go.
export function spread(whisker, answer, index, low, high) {
  whisker.hidden = !(answer?.spreads?.[index] >= LEAST);
  if (whisker.hidden) return;
  const [mean, deviation] = [answer.shares[index], answer.spreads[index]];
  whisker.style[low] = `${100 * Math.max(0, mean - deviation)}%`;
  whisker.style[high] = `${100 * (1 - Math.min(1, mean + deviation))}%`;
}
