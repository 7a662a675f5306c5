// The choice of a pen: a dot for each, as thick as it draws beside the others.

import { button, node } from "../shared/elements.js";

const LARGEST = 18; // pixels

export class PenChoice {
  constructor(choose) {
    this.chosen = choose;
    this.root = node("div", "mlp-pens");
    this.root.setAttribute("role", "radiogroup");
    this.root.addEventListener("keydown", (event) => this.press(event));
  }

  update(widths, names, label) {
    this.root.setAttribute("aria-label", label);
    const widest = Math.max(...Object.values(widths));
    if (!this.pens) {
      this.pens = Object.entries(widths).map(([name, width]) => {
        const dot = node("i", "mlp-pen-dot");
        dot.style.width = dot.style.height = `${(LARGEST * width) / widest}px`;
        const pen = button("mlp-pen", () => this.chosen(name), dot);
        pen.setAttribute("role", "radio");
        pen.dataset.pen = name;
        return pen;
      });
      this.root.append(...this.pens);
    }
    for (const pen of this.pens) {
      pen.setAttribute("aria-label", names[pen.dataset.pen]);
      pen.title = names[pen.dataset.pen];
    }
  }

  choose(name) {
    for (const pen of this.pens ?? []) {
      pen.setAttribute("aria-checked", String(pen.dataset.pen === name));
      pen.tabIndex = pen.dataset.pen === name ? 0 : -1;
    }
  }

  press(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = this.pens[(this.pens.indexOf(event.target) + way + this.pens.length) % this.pens.length];
    next.click();
    next.focus();
  }
}
