// Elements in one line.

export function node(tag, style, ...content) {
  const result = document.createElement(tag);
  if (style) result.className = style;
  result.append(...content);
  return result;
}

export function button(style, action, ...content) {
  const result = node("button", style, ...content);
  result.type = "button";
  result.addEventListener("click", action);
  return result;
}

// A line as it looks in a figure, with the sign that stands on it.
export function lineSwatch(color, { dashed = false, width = 2.5, sign = "" } = {}) {
  const result = node("i", "mlp-swatch");
  result.dataset.sign = sign;
  result.style.color = color;
  result.style.borderTop = `${width}px ${dashed ? "dashed" : "solid"}`;
  return result;
}

export function bandSwatch(color) {
  const result = node("i", "mlp-band");
  result.style.background = color;
  return result;
}

export function starSwatch(color) {
  const result = node("i", "mlp-star", "★");
  result.style.color = color;
  return result;
}
