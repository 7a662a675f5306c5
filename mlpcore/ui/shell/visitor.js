// @ts-check
// Keeps the visitor's id in a cookie, which the browser sends when it opens a session. Each visit renews it: some
// browsers drop what a script has stored after a week without one. `id` is empty where the browser has sent its own.

(() => {
  const { id, path } = JSON.parse(document.currentScript?.dataset.values ?? "{}");
  const name = "mlplab_visitor";
  // Another window may have set it a moment ago: all windows of a browser keep the first id.
  const kept = document.cookie.match(new RegExp(`(?:^|; )${name}=([0-9a-f]{32})(?:;|$)`))?.[1] ?? id;
  if (!kept) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${kept}; Path=${path}; Max-Age=${400 * 24 * 3600}; SameSite=Lax${secure}`;
})();
