// @ts-check
// Elements in one line.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [style] its class names
 * @param {...(Node | string)} content
 */
export function node(tag, style, ...content) {
  const result = document.createElement(tag);
  if (style) result.className = style;
  result.append(...content);
  return result;
}

/**
 * @param {string} style
 * @param {() => void} action
 * @param {...(Node | string)} content
 */
export function button(style, action, ...content) {
  const result = node("button", style, ...content);
  result.type = "button";
  result.addEventListener("click", action);
  return result;
}

/**
 * A piece of a line as it looks in a figure, with the symbol that stands on it.
 * @param {string} color
 * @param {{ dashed?: boolean, width?: number, sign?: string }} [options]
 */
export function lineSwatch(color, { dashed = false, width = 2.5, sign = "" } = {}) {
  const result = node("i", "mlp-swatch");
  result.dataset.sign = sign;
  result.style.color = color;
  result.style.borderTop = `${width}px ${dashed ? "dashed" : "solid"}`;
  return result;
}

/** @param {string} color */
export function bandSwatch(color) {
  const result = node("i", "mlp-band");
  result.style.background = color;
  return result;
}

/** @param {string} color */
export function bestEpochSwatch(color) {
  const result = node("i", "mlp-best-epoch", "◆");
  result.style.color = color;
  return result;
}
