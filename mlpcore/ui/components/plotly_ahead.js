// Loads plotly.js before there is a chart, so that the first chart need not wait for it. Nothing is to be seen.

import { plotly } from "./plotly.js";

export default function mount(component, address) {
  plotly(address).catch(() => undefined);
  return () => undefined;
}
