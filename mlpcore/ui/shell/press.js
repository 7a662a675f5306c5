// @ts-check
// Presses a button of Streamlit's own, where the window is narrower than `below` pixels.

(() => {
  const { button, below } = JSON.parse(document.currentScript?.dataset.values ?? "{}");
  const found = document.querySelector(button);
  if (window.innerWidth < below && found instanceof HTMLElement) found.click();
})();
