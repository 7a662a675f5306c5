// @ts-check
// plotly.js, loaded once per page: fetched compressed, kept in the browser's cache where it has one.

/**
 * What the components use of plotly.js.
 * @typedef {object} Plotly
 * @property {(element: HTMLElement, traces: object[], layout: object, config: object) => Promise<unknown>} react
 * @property {(element: HTMLElement) => void} purge
 */

/** @type {Promise<Plotly> | undefined} */
let loading;

/**
 * plotly.js where it is loaded already.
 * @returns {Plotly | undefined}
 */
export function loadedPlotly() {
  return Reflect.get(globalThis, "Plotly");
}

/**
 * @param {string} address
 * @returns {Promise<Plotly>}
 */
export function plotly(address) {
  loading ??= load(address).catch((error) => {
    loading = undefined; // the next update tries again
    throw error;
  });
  return loading;
}

/**
 * @param {string} address
 * @returns {Promise<Plotly>}
 */
async function load(address) {
  const compressed = await fetched(address);
  if (!compressed.body) throw new Error("plotly.js is empty");
  const stream = compressed.body.pipeThrough(new DecompressionStream("gzip"));
  const source = new Blob([await new Response(stream).blob()], { type: "text/javascript" });
  const url = URL.createObjectURL(source);
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error("plotly.js could not be read"));
    document.head.append(script);
  });
  URL.revokeObjectURL(url);
  return Reflect.get(globalThis, "Plotly");
}

/**
 * Streamlit sends neither an age nor a validator with its files, so that the browser would fetch them again with each
 * page load. The cache storage exists on https and on localhost only; elsewhere the file comes over the network.
 * @param {string} address
 */
async function fetched(address) {
  const cache = await globalThis.caches?.open("mlplab-plotly").catch(() => undefined);
  const known = await cache?.match(address);
  if (known) return known;
  const response = await fetch(address);
  if (!response.ok) throw new Error(`plotly.js: ${response.status}`);
  if (cache) {
    for (const old of await cache.keys()) await cache.delete(old);
    await cache.put(address, response.clone()).catch(() => undefined);
  }
  return response;
}
