// A network's answer: the picture that it received, its decision in words, and a bar for each class.
// Its parts stay in their places from one answer to the next, so that a screen reader hears only what is new.

import { instanceAt } from "./instances.js";
import { node } from "./nodes.js";
import { adoptStyles } from "./theme.js";

await adoptStyles("answer.css", import.meta.url);

export default function mount({ data, parentElement }) {
  const [answer, leave] = instanceAt(parentElement, () => new Answer(parentElement));
  answer.update(data);
  return leave;
}

class Answer {
  constructor(parent) {
    this.picture = new Picture();
    this.headline = node("p", "mlp-says");
    this.headline.setAttribute("role", "status");
    this.verdict = node("p", "mlp-verdict");
    this.bars = node("ul", "mlp-classes");
    this.root = node("div", "mlp-answer", node("div", "mlp-decision", this.picture.root, node("div", "mlp-words", this.headline, this.verdict)), this.bars);
    parent.append(this.root);
  }

  update({ words, headline, verdict, bars, top = null, truth = null, picture }) {
    this.root.classList.toggle("mlp-waits", top === null);
    this.picture.update(picture, words.picture);
    if (this.headline.textContent !== headline) this.headline.textContent = headline;
    this.verdict.textContent = verdict?.text ?? "";
    this.verdict.dataset.right = verdict?.right ?? "";
    this.bars.setAttribute("aria-label", words.bars);
    if (this.bars.children.length !== bars.length) this.bars.replaceChildren(...bars.map(row));
    bars.forEach(([name, share, percent], index) => {
      const { classList, children } = this.bars.children[index];
      const [label, mark, track, number] = children;
      classList.toggle("mlp-top", index === top);
      classList.toggle("mlp-true", index === truth);
      label.textContent = name;
      mark.textContent = index === truth ? words.truth : "";
      track.firstChild.style.transform = `scaleX(${share})`;
      number.textContent = percent;
    });
  }

  dispose() {
    this.root.remove();
  }
}

function row() {
  const track = node("span", "mlp-track", node("span", "mlp-share"));
  return node("li", "mlp-class", node("span", "mlp-name"), node("span", "mlp-label"), track, node("span", "mlp-percent"));
}

// Squares of the text's colour, the more opaque the more ink: dark on light or light on dark, as the theme has it.
class Picture {
  constructor() {
    this.image = svg("svg", { role: "img", preserveAspectRatio: "xMidYMid meet", "shape-rendering": "crispEdges" });
    this.caption = node("figcaption", "mlp-caption");
    this.root = node("figure", "mlp-received", this.image, this.caption);
  }

  update(picture, caption) {
    this.root.hidden = !picture;
    if (!picture) return;
    const { width, height, levels } = picture;
    this.image.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.image.setAttribute("aria-label", caption);
    this.caption.textContent = caption;
    if (levels === this.levels) return;
    this.levels = levels;
    const squares = Array.from(atob(levels), (level, place) => [level.charCodeAt(0), place]).filter(([level]) => level);
    this.image.replaceChildren(
      ...squares.map(([level, place]) =>
        svg("rect", { x: place % width, y: Math.floor(place / width), width: 1, height: 1, "fill-opacity": (level / 255).toFixed(3) }),
      ),
    );
  }
}

function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}
