// What networks receive: squares of the text's colour, the more opaque the more ink, so that it is dark on light or
// light on dark as the theme has it.

import { node } from "../shared/elements.js";

export class Pictures {
  constructor() {
    this.root = node("div", "mlp-pictures");
    this.pictures = [];
  }

  update(pictures) {
    if (this.pictures.length !== pictures.length) {
      this.pictures = pictures.map(() => new Picture());
      this.root.replaceChildren(...this.pictures.map(({ root }) => root));
    }
    this.root.hidden = !pictures.length;
    pictures.forEach((picture, index) => this.pictures[index].update(picture));
  }
}

class Picture {
  constructor() {
    this.image = svg("svg", { role: "img", preserveAspectRatio: "xMidYMid meet", "shape-rendering": "crispEdges" });
    this.caption = node("figcaption", "mlp-caption");
    this.root = node("figure", "mlp-received", this.image, this.caption);
  }

  update({ width, height, levels, caption }) {
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
