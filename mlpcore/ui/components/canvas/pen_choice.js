// @ts-check
// The choice of a pen: a dot for each, in proportion to the width that it draws.

import { button, node } from "../shared/elements.js";

const LARGEST_DOT = 18; // pixels

/** @typedef {Record<string, number>} PenWidths by the pen's name, in units of the canvas */

export class PenChoice {
  /** @type {HTMLButtonElement[]} */
  pens = [];

  /** @param {(pen: string) => void} onChoice */
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.root = node("div", "mlp-pens");
    this.root.setAttribute("role", "radiogroup");
    this.root.addEventListener("keydown", (event) => this.press(event));
  }

  /**
   * @param {PenWidths} widths
   * @param {Record<string, string>} names by the pen's name, in the user's language
   * @param {string} label
   */
  update(widths, names, label) {
    this.root.setAttribute("aria-label", label);
    if (!this.pens.length) {
      const widest = Math.max(...Object.values(widths));
      this.pens = Object.entries(widths).map(([name, width]) => {
        const dot = node("i", "mlp-pen-dot");
        dot.style.width = dot.style.height = `${(LARGEST_DOT * width) / widest}px`;
        const pen = button("mlp-pen", () => this.onChoice(name), dot);
        pen.setAttribute("role", "radio");
        pen.dataset.pen = name;
        return pen;
      });
      this.root.append(...this.pens);
    }
    for (const pen of this.pens) {
      const name = names[pen.dataset.pen ?? ""];
      pen.setAttribute("aria-label", name);
      pen.title = name;
    }
  }

  /** @param {string | undefined} name */
  choose(name) {
    for (const pen of this.pens) {
      pen.setAttribute("aria-checked", String(pen.dataset.pen === name));
      pen.tabIndex = pen.dataset.pen === name ? 0 : -1;
    }
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const step = new Map([["ArrowRight", 1], ["ArrowDown", 1], ["ArrowLeft", -1], ["ArrowUp", -1]]).get(event.key);
    if (!step) return;
    event.preventDefault();
    const current = this.pens.findIndex((pen) => pen === event.target);
    const next = this.pens[(current + step + this.pens.length) % this.pens.length];
    next.click();
    next.focus();
  }
}
