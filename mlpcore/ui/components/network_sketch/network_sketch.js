// @ts-check
// The sketch of a network; and plotly.js, which the first training will need, fetched once the page is drawn.

import { draw } from "../pickable/picture.js";
import { plotly } from "../shared/plotly.js";

const DELAY = 1500; // milliseconds; then the page is drawn

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fetching;

/**
 * @param {import("../shared/instances.js").Component<string>} component
 * @param {string} plotlyAddress
 */
export default function mount({ data, parentElement }, plotlyAddress) {
  fetching ??= setTimeout(() => plotly(plotlyAddress).catch(() => undefined), DELAY);
  draw(parentElement, data, "mlp-network");
}
