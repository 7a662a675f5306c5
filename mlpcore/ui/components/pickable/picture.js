// A picture that the server drew as SVG; what it shows of a user's words is escaped there.

import { node } from "../shared/elements.js";

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

let arrived = "";

// What tells of something that was just chosen elsewhere comes into sight, once for each value of `data-arrive`.
function arrive(place) {
  const part = place.querySelector("[data-arrive]");
  if (!part || part.dataset.arrive === arrived) return;
  arrived = part.dataset.arrive;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  requestAnimationFrame(() => part.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" }));
}
