// The picture of a network, as the server drew it; what it shows of a user's words is escaped there.

import { node } from "./nodes.js";
import { plotly } from "./plotly.js";

const PAUSE = 1500; // milliseconds; then the page is drawn, and what the first training will need can be fetched

let fetched;

export default function mount({ data, parentElement }, address) {
  fetched ??= setTimeout(() => plotly(address), PAUSE);
  const place = parentElement.querySelector(".mlp-network") ?? node("div", "mlp-network");
  if (!place.parentElement) parentElement.append(place);
  place.style.color = "var(--st-text-color)";
  place.style.fontFamily = "var(--st-font)";
  place.innerHTML = data;
}
