// The picture of a network, as the server drew it; what it shows of a user's words is escaped there.

import { node } from "./nodes.js";

export default function mount({ data, parentElement }) {
  const place = parentElement.querySelector(".mlp-network") ?? node("div", "mlp-network");
  if (!place.parentElement) parentElement.append(place);
  place.style.color = "var(--st-text-color)";
  place.style.fontFamily = "var(--st-font)";
  place.innerHTML = data;
}
