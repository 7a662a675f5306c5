// What the components read from Streamlit's theme, which it hands down as CSS variables.

export function theme(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const background = read("background-color");
  return {
    dark: luminance(background) < 0.5,
    background,
    text: read("text-color"),
    border: read("border-color"),
    font: read("font"),
    colors: read("chart-categorical-colors").split(",").filter(Boolean),
  };
}

export function faded(color, opacity) {
  const [r, g, b] = channels(color);
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}

function luminance(color) {
  const [r, g, b] = channels(color);
  return (0.299 * r + 0.587 * g + 0.114 * b) / 255;
}

const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function channels(color) {
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

export async function adoptStyles(name, scriptAddress) {
  const response = await fetch(new URL(name, scriptAddress));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(await response.text());
  document.adoptedStyleSheets.push(sheet);
}
