// A picture that the server drew as SVG; what it shows of a user's words is escaped there.

import { node } from "./nodes.js";

export default function mount({ data, parentElement }) {
  draw(parentElement, data, "mlp-picture");
}

export function draw(parent, picture, style) {
  const place = parent.querySelector(`.${style}`) ?? node("div", style);
  if (!place.parentElement) parent.append(place);
  place.style.color = "var(--st-text-color)";
  place.style.fontFamily = "var(--st-font)";
  place.innerHTML = picture;
  arrive(place);
}

// What tells of something that was just chosen elsewhere (`data-arrive` names it) comes into sight, once.
function arrive(place) {
  const part = place.querySelector("[data-arrive]");
  const name = part?.dataset.arrive ?? "";
  if (part && place.dataset.arrived !== name) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    requestAnimationFrame(() => part.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" }));
  }
  place.dataset.arrived = name;
}
