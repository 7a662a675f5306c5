// One object for each place on a page where a component stands, from its first update until it leaves the page.
//
// Streamlit calls a component with each update. What the call returns is to clean up, but it is called not only when
// the component leaves: also when the next update has overtaken this one. So only that of the last call counts.

const places = new WeakMap();

export function instanceAt(parent, create) {
  if (!places.has(parent)) places.set(parent, { instance: create(), call: 0 });
  const place = places.get(parent);
  const call = ++place.call;
  const leave = () => {
    if (place.call !== call) return;
    if (places.get(parent) === place) places.delete(parent);
    place.instance.dispose();
  };
  return [place.instance, leave];
}
