// A picture that the server drew as SVG, whose parts can be chosen: whatever carries `data-pick` is a button.

import { instanceAt } from "../shared/instances.js";
import { draw } from "./picture.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("pickable.css", import.meta.url);

export default function mount({ data, parentElement, setTriggerValue }) {
  const [board, leave] = instanceAt(parentElement, () => new Board(parentElement));
  board.update(data, (value) => setTriggerValue("picked", value));
  return leave;
}

class Board {
  constructor(parent) {
    this.parent = parent;
    this.clicked = (event) => this.pick(event.target);
    this.pressed = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      if (this.pick(event.target)) event.preventDefault();
    };
    parent.addEventListener("click", this.clicked);
    parent.addEventListener("keydown", this.pressed);
  }

  update(picture, send) {
    this.send = send;
    if (picture === this.picture) return;
    this.picture = picture;
    const focused = this.parent.querySelector("[data-pick]:focus")?.dataset.pick;
    draw(this.parent, picture, "mlp-pickable");
    for (const part of this.parent.querySelectorAll("[data-pick]")) {
      part.setAttribute("role", "button");
      part.setAttribute("tabindex", "0");
      if (part.dataset.pick === focused) part.focus({ preventScroll: true });
    }
  }

  pick(target) {
    const part = target.closest?.("[data-pick]");
    if (part) this.send(part.dataset.pick);
    return Boolean(part);
  }

  dispose() {
    this.parent.removeEventListener("click", this.clicked);
    this.parent.removeEventListener("keydown", this.pressed);
    this.parent.querySelector(".mlp-pickable")?.remove();
  }
}
