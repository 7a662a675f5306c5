// @ts-check
// One object for each position on a page where a component stands, from its first update until it leaves the page.
//
// Streamlit calls a component with each update. What the call returns is to clean up, but it is called not only when
// the component leaves: also when the next update has overtaken this one. So only that of the last call counts.

/**
 * What Streamlit passes to a component at each update.
 * @template Data
 * @typedef {object} Component
 * @property {Data} data what Python passed
 * @property {HTMLElement} parentElement
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/** @typedef {{ dispose(): void }} Disposable */

/** @type {WeakMap<HTMLElement, { instance: any, call: number }>} */
const mounted = new WeakMap();

/**
 * @template {Disposable} Instance
 * @param {HTMLElement} parent
 * @param {() => Instance} create
 * @returns {[Instance, () => void]} the object, and what the component returns to Streamlit
 */
export function instanceAt(parent, create) {
  const entry = mounted.get(parent) ?? { instance: create(), call: 0 };
  mounted.set(parent, entry);
  const call = ++entry.call;
  const leave = () => {
    if (entry.call !== call) return;
    if (mounted.get(parent) === entry) mounted.delete(parent);
    entry.instance.dispose();
  };
  return [entry.instance, leave];
}
