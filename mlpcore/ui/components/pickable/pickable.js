// @ts-check
// A picture that the server drew as SVG or HTML, whose parts can be chosen: whatever carries `data-pick` is a button.

import { instanceAt } from "../shared/instances.js";
import { adoptStyles } from "../shared/theme.js";
import { draw } from "./picture.js";

await adoptStyles("pickable.css", import.meta.url);

/** @param {import("../shared/instances.js").Component<string>} component */
export default function mount({ data, parentElement, setTriggerValue }) {
  const [board, leave] = instanceAt(parentElement, () => new Board(parentElement));
  board.update(data, (value) => setTriggerValue("picked", value));
  return leave;
}

class Board {
  /** @type {string | undefined} */
  markup = undefined;
  /** @type {(value: string | undefined) => void} */
  send = () => undefined;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.parent = parent;
    this.clicked = (/** @type {Event} */ event) => this.pick(event.target);
    this.pressed = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      if (this.pick(event.target)) event.preventDefault();
    };
    parent.addEventListener("click", this.clicked);
    parent.addEventListener("keydown", this.pressed);
  }

  /**
   * @param {string} markup
   * @param {(value: string | undefined) => void} send
   */
  update(markup, send) {
    this.send = send;
    if (markup === this.markup) return;
    this.markup = markup;
    const focused = this.focused();
    draw(this.parent, markup, "mlp-pickable");
    for (const part of this.parts()) {
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "0");
      if (part.dataset.pick === focused) part.focus({ preventScroll: true });
    }
  }

  parts() {
    return /** @type {NodeListOf<HTMLElement | SVGElement>} */ (this.parent.querySelectorAll("[data-pick]"));
  }

  /** What is picked by the part that has the focus; `:focus` matches nothing while the window itself has none. */
  focused() {
    const root = /** @type {Document | ShadowRoot} */ (this.parent.getRootNode());
    return [...this.parts()].find((part) => part === root.activeElement)?.dataset.pick;
  }

  /** @param {EventTarget | null} target */
  pick(target) {
    const part = target instanceof Element && target.closest("[data-pick]");
    if (part instanceof HTMLElement || part instanceof SVGElement) this.send(part.dataset.pick);
    return Boolean(part);
  }

  dispose() {
    this.parent.removeEventListener("click", this.clicked);
    this.parent.removeEventListener("keydown", this.pressed);
    this.parent.querySelector(".mlp-pickable")?.remove();
  }
}
