// @ts-check
// What Streamlit leaves as it is in the document: its language, and a sidebar that is drawn while it is empty.
// The rule is in the document's head, where it outlives the elements of the page that brought it.

(() => {
  const { language } = JSON.parse(document.currentScript?.dataset.values ?? "{}");
  document.documentElement.lang = language;
  const id = "mlp-empty-sidebar";
  if (document.getElementById(id)) return;
  const style = document.createElement("style");
  style.id = id;
  style.textContent = `
    body:not(:has([data-testid="stSidebarUserContent"] [data-testid="stElementContainer"]))
      :is([data-testid="stSidebar"], [data-testid="stExpandSidebarButton"]) { display: none; }`;
  document.head.append(style);
})();
