// plotly.js, loaded once a page: fetched compressed, kept in the browser's cache where it has one.

let loaded;

export function plotly(address) {
  loaded ??= load(address).catch((error) => {
    loaded = undefined; // the next update tries again
    throw error;
  });
  return loaded;
}

async function load(address) {
  const compressed = await fetched(address);
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
  return globalThis.Plotly;
}

// Streamlit sends neither an age nor a validator with its files, so that the browser would fetch them again with each
// page load. The cache storage exists on https and on localhost only; elsewhere the file comes over the network.
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
