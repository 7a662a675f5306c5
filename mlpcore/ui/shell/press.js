// @ts-check
// Presses a button of Streamlit's own, where the window is narrower than `below` pixels.

(() => {
  const { button, below } = JSON.parse(document.currentScript?.dataset.values ?? "{}");
  const target = document.querySelector(button);
  if (window.innerWidth < below && target instanceof HTMLElement) target.click();
})();
