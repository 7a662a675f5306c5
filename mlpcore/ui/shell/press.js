// @ts-check
// Presses a button of Streamlit's own, where the window is narrower than `below` pixels.

const { button, below } = JSON.parse(/** @type {HTMLScriptElement} */ (document.currentScript).dataset.values ?? "{}");
if (window.innerWidth < below) /** @type {HTMLElement | null} */ (document.querySelector(button))?.click();
