// The picture of a network, and what the first training will need, fetched once the page is drawn.

import { draw } from "../pickable/picture.js";
import { plotly } from "../shared/plotly.js";

const PAUSE = 1500; // milliseconds; then the page is drawn

let fetched;

export default function mount({ data, parentElement }, address) {
  fetched ??= setTimeout(() => plotly(address), PAUSE);
  draw(parentElement, data, "mlp-network");
}
