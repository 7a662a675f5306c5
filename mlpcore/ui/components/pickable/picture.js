// @ts-check
// A picture that the server drew as SVG or HTML; whatever a user wrote is escaped there.

import { node } from "../shared/elements.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("figures.css", import.meta.url);

/** @param {import("../shared/instances.js").Component<string>} component */
export default function mount({ data, parentElement }) {
  draw(parentElement, data, "mlp-picture");
}

/**
 * @param {HTMLElement} parent
 * @param {string} markup
 * @param {string} style the class of the element that holds it
 */
export function draw(parent, markup, style) {
  const holder = /** @type {HTMLElement} */ (parent.querySelector(`.${style}`) ?? node("div", style));
  if (!holder.parentElement) parent.append(holder);
  holder.style.color = "var(--st-text-color)";
  holder.style.fontFamily = "var(--st-font)";
  holder.innerHTML = markup;
  scrollIntoView(holder);
}

/** @type {string | undefined} */
let lastScroll = "";

/**
 * Scroll to the element that carries `data-scroll`, once for each of its values.
 * @param {HTMLElement} holder
 */
function scrollIntoView(holder) {
  const part = /** @type {HTMLElement | null} */ (holder.querySelector("[data-scroll]"));
  if (!part || part.dataset.scroll === lastScroll) return;
  lastScroll = part.dataset.scroll;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  requestAnimationFrame(() => part.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" }));
}
