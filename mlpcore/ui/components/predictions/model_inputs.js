// @ts-check
// What networks receive: white squares on black, the more opaque the higher the level, whatever the theme.

import { node } from "../shared/elements.js";

/**
 * @typedef {object} ModelInput
 * @property {number} width
 * @property {number} height
 * @property {string} levels one byte per pixel, row by row, as base64
 * @property {string} caption
 */

export class ModelInputs {
  constructor() {
    this.root = node("div", "mlp-pictures");
    /** @type {Picture[]} */
    this.pictures = [];
  }

  /** @param {ModelInput[]} inputs */
  update(inputs) {
    if (this.pictures.length !== inputs.length) {
      this.pictures = inputs.map(() => new Picture());
      this.root.replaceChildren(...this.pictures.map(({ root }) => root));
    }
    this.root.hidden = !inputs.length;
    inputs.forEach((input, index) => this.pictures[index].update(input));
  }
}

class Picture {
  /** @type {string | undefined} */
  levels = undefined;

  constructor() {
    this.image = svg("svg", { role: "img", preserveAspectRatio: "xMidYMid meet", "shape-rendering": "crispEdges" });
    this.caption = node("figcaption", "mlp-caption");
    this.root = node("figure", "mlp-input", this.image, this.caption);
  }

  /** @param {ModelInput} input */
  update({ width, height, levels, caption }) {
    this.image.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.image.setAttribute("aria-label", caption);
    this.caption.textContent = caption;
    if (levels === this.levels) return;
    this.levels = levels;
    const squares = Array.from(atob(levels), (byte, index) => ({ level: byte.charCodeAt(0), index }));
    this.image.replaceChildren(
      ...squares
        .filter(({ level }) => level)
        .map(({ level, index }) => {
          const position = { x: index % width, y: Math.floor(index / width) };
          return svg("rect", { ...position, width: 1, height: 1, "fill-opacity": (level / 255).toFixed(3) });
        }),
    );
  }
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function svg(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, String(value)));
  return element;
}
