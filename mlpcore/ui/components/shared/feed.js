// @ts-check
// What the server sends by itself, without a run of the script.
//
// Three ways, each used where the one before fails. An event stream. Where none comes through (a proxy that buffers),
// an answer to a request every two seconds, from the same address. Where that fails too (a host that serves only
// Streamlit's own addresses), `ticks`: the component triggers the script, which sends the newest data.
//
// A tab that cannot be seen holds no connection, because a browser allows only six to one host.

const FIRST_MESSAGE_WITHIN = 4000; // milliseconds
const RECONNECT_AFTER = 1000;
const MAX_FAILURES = 3; // in a row, until the next way is used
const SNAPSHOT_EVERY = 2000;
const SNAPSHOT_WITHIN = 8000;
const STREAM_AGAIN_AFTER = 60_000;
const SILENT_AFTER = 45_000; // then a connection may be dead without an error, as after a phone has slept
const TICK_AGAIN_AFTER = 10_000; // where the script did not answer

/**
 * @typedef {object} FeedUser
 * @property {string} event the name of the stream's events
 * @property {(snapshot: boolean) => string} address of the next request, with the newest data that are known
 * @property {(message: any) => void} receive
 * @property {() => void} tick called where only the script can send data
 */

export class Feed {
  /** @type {"stream" | "snapshots" | "ticks"} the way by which the newest data came */
  way = "stream";
  failures = 0;
  closed = false;
  tickSeconds = 1;
  /** @type {EventSource | undefined} */
  source = undefined;
  /** @type {AbortController | undefined} */
  request = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  tickTimer = undefined;
  streamAgainAt = 0;

  /** @param {FeedUser} user */
  constructor(user) {
    this.user = user;
    this.visibilityChanged = () => (document.hidden ? this.disconnect() : this.connect());
    this.cameOnline = () => this.connect();
    document.addEventListener("visibilitychange", this.visibilityChanged);
    window.addEventListener("pageshow", this.visibilityChanged);
    window.addEventListener("online", this.cameOnline);
    this.connect();
  }

  /** Begin with the stream, also where it failed before. */
  connect() {
    this.disconnect();
    if (this.closed || document.hidden) return;
    const source = (this.source = new EventSource(this.user.address(false)));
    source.addEventListener(this.user.event, (event) => {
      this.received("stream", JSON.parse(event.data));
      if (this.source === source) this.after(SILENT_AFTER, () => this.connect());
    });
    // The browser would connect again by itself, but with the address, and so the cursor, of the first time.
    source.addEventListener("error", () => {
      this.disconnect();
      this.failures += 1;
      if (this.failures < MAX_FAILURES) this.after(RECONNECT_AFTER, () => this.connect());
      else this.requestSnapshots();
    });
    this.after(FIRST_MESSAGE_WITHIN, () => this.requestSnapshots());
    if (this.way === "ticks") this.tickAfter(this.tickSeconds);
  }

  requestSnapshots() {
    this.disconnect();
    this.failures = 0;
    this.streamAgainAt = performance.now() + STREAM_AGAIN_AFTER;
    this.requestSnapshot();
    if (this.way === "ticks") this.tickAfter(this.tickSeconds);
  }

  async requestSnapshot() {
    if (performance.now() > this.streamAgainAt) return this.connect();
    const request = (this.request = new AbortController());
    const tooLate = setTimeout(() => request.abort(), SNAPSHOT_WITHIN);
    const message = await answer(this.user.address(true), request.signal);
    clearTimeout(tooLate);
    if (this.request !== request) return;
    if (message) {
      const cameBack = this.failures > 0;
      this.received("snapshots", message);
      if (cameBack) return this.connect(); // the stream may pass again as well
    } else {
      this.failures += 1;
      if (this.failures >= MAX_FAILURES) this.startTicks();
    }
    if (this.request === request) this.after(this.snapshotDelay(), () => this.requestSnapshot());
  }

  snapshotDelay() {
    return this.way === "ticks" ? STREAM_AGAIN_AFTER : SNAPSHOT_EVERY;
  }

  startTicks() {
    if (!pageConnected()) return; // the whole server is away; the page connects again by itself
    this.way = "ticks";
    this.tickAfter(0);
  }

  /**
   * The script has sent new data, which every way takes; where it ticks, the next tick follows.
   * @param {number} seconds from one tick to the next, as the server can bear it
   */
  scriptAnswered(seconds) {
    this.tickSeconds = seconds;
    if (this.way === "ticks" && !this.closed && !document.hidden) this.tickAfter(seconds);
  }

  /** @param {number} seconds */
  tickAfter(seconds) {
    clearTimeout(this.tickTimer);
    this.tickTimer = setTimeout(() => {
      if (pageConnected()) this.user.tick();
      this.tickAfter(TICK_AGAIN_AFTER / 1000);
    }, 1000 * seconds);
  }

  /**
   * @param {"stream" | "snapshots"} way
   * @param {object} message
   */
  received(way, message) {
    this.failures = 0;
    this.way = way;
    clearTimeout(this.tickTimer);
    this.user.receive(message);
  }

  /**
   * @param {number} milliseconds
   * @param {() => void} action
   */
  after(milliseconds, action) {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(action, milliseconds);
  }

  disconnect() {
    this.source?.close();
    this.source = undefined;
    this.request?.abort();
    this.request = undefined;
    clearTimeout(this.timer);
    clearTimeout(this.tickTimer);
  }

  close() {
    this.closed = true;
    this.disconnect();
    document.removeEventListener("visibilitychange", this.visibilityChanged);
    window.removeEventListener("pageshow", this.visibilityChanged);
    window.removeEventListener("online", this.cameOnline);
  }
}

/**
 * The answer to a request; undefined for anything but an object as JSON.
 * @param {string} address
 * @param {AbortSignal} signal
 * @returns {Promise<object | undefined>}
 */
async function answer(address, signal) {
  try {
    const response = await fetch(address, { signal, cache: "no-store", headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Whether Streamlit's own connection to the server lives, as the page says it. */
function pageConnected() {
  const app = document.querySelector("[data-test-connection-state]");
  return !app || app.getAttribute("data-test-connection-state") === "CONNECTED";
}
