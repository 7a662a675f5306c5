// @ts-check
// Presses a button of Streamlit's own, where the window is as narrow as a phone's.

const { button, narrow } = JSON.parse(/** @type {HTMLScriptElement} */ (document.currentScript).dataset.values ?? "{}");
if (window.innerWidth < narrow) /** @type {HTMLElement | null} */ (document.querySelector(button))?.click();
