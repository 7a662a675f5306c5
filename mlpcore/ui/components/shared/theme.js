// @ts-check
// What the components read from Streamlit's theme, which it hands down as CSS variables; and their style sheets.

/**
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} background
 * @property {string} text
 * @property {string} border
 * @property {string} font
 * @property {string} bestEpoch of its marker
 * @property {string[]} colors of the curves and rows, in order
 */

/**
 * @param {Element} element
 * @returns {Theme}
 */
export function theme(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}`).trim();
  const background = read("background-color");
  const dark = luminance(background) < 0.5;
  return {
    dark,
    bestEpoch: style.getPropertyValue(`--mlp-best-epoch-${dark ? "dark" : "light"}`).trim(),
    background,
    text: read("text-color"),
    border: read("border-color"),
    font: read("font"),
    colors: read("chart-categorical-colors").split(",").filter(Boolean),
  };
}

/**
 * @param {string} color
 * @param {number} opacity
 */
export function faded(color, opacity) {
  const [r, g, b] = channels(color);
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}

/** @param {string} color */
function luminance(color) {
  const [r, g, b] = channels(color);
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

const context = /** @type {CanvasRenderingContext2D} */ (
  document.createElement("canvas").getContext("2d", { willReadFrequently: true })
);

/** @param {string} color in any of CSS's notations */
function channels(color) {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

/**
 * Apply a style sheet that lies beside a script.
 * @param {string} name
 * @param {string} scriptAddress the script's `import.meta.url`
 */
export async function adoptStyles(name, scriptAddress) {
  const response = await fetch(new URL(name, scriptAddress));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await response.text());
  document.adoptedStyleSheets.push(sheet);
}
