// Loads plotly.js before there is a chart, so that the first chart need not wait for it, once the browser has nothing
// better to do. Nothing is to be seen.

import { plotly } from "./plotly.js";

export default function mount(component, address) {
  const idle = globalThis.requestIdleCallback ?? setTimeout;
  idle(() => plotly(address).catch(() => undefined));
  return () => undefined;
}
