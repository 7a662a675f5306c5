// @ts-check
// What a page follows beside a run's curves: a line about the workers, or whether something must be drawn again.
//
// All of them on a page share one stream, which tells of every run that waits or trains.

import { node } from "../shared/elements.js";
import { Feed } from "../shared/feed.js";
import { instanceAt } from "../shared/instances.js";
import { adoptStyles } from "../shared/theme.js";

await adoptStyles("overview_stream.css", import.meta.url);

/**
 * @typedef {object} Overview
 * @property {string} workers a line about the workers
 * @property {string} token changes when lists must be drawn again
 * @property {{ id: number, status: string, epoch: number }[]} runs those that wait, train or have just ended
 */

/**
 * @typedef {object} FollowerData
 * @property {"workers" | "runs" | "run"} what is followed
 * @property {string} lang
 * @property {string} drawn what the script has drawn: the line about the workers, or the state of what is followed
 * @property {number | null} run the run that is followed
 * @property {number} seconds from one run of the script to the next, at least
 */

/** @typedef {import("../shared/instances.js").Component<FollowerData>} FollowerComponent */

/**
 * @param {FollowerComponent} component
 * @param {string} _plotlyAddress
 * @param {string} app the app's address
 */
export default function mount({ data, parentElement, setTriggerValue }, _plotlyAddress, app) {
  const [follower, leave] = instanceAt(parentElement, () => new Follower(parentElement));
  follower.update(data, app, () => setTriggerValue("changed", Date.now()));
  return leave;
}

class Follower {
  /** @type {FollowerData | undefined} */
  data = undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting = undefined;
  drawnAt = 0;
  rerun = () => undefined;

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.line = node("div", "mlp-overview-line");
    parent.append(this.line);
  }

  /**
   * @param {FollowerData} data
   * @param {string} app
   * @param {() => undefined | void} rerun
   */
  update(data, app, rerun) {
    this.rerun = () => void rerun();
    if (JSON.stringify(data) !== JSON.stringify(this.data)) {
      this.data = data;
      this.drawnAt = performance.now();
      clearTimeout(this.waiting);
      this.waiting = undefined;
      this.line.hidden = data.what !== "workers";
      if (data.what === "workers") this.line.textContent = data.drawn;
    }
    follow(this, data.lang, app);
    if (newest) this.receive(newest);
    feed?.scriptAnswered(data.seconds);
  }

  /** @param {Overview} overview */
  receive(overview) {
    if (!this.data) return;
    if (this.data.what === "workers") this.line.textContent = overview.workers;
    else if (state(overview, this.data) !== this.data.drawn) this.runScript();
  }

  /** Not more often than the server can bear, and not while the answer to the last time is under way. */
  runScript() {
    if (!this.data || this.waiting !== undefined) return;
    const due = this.drawnAt + 1000 * this.data.seconds - performance.now();
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      const drawn = this.data && newest && feed?.way !== "ticks" && state(newest, this.data) === this.data.drawn;
      if (drawn || document.hidden) return; // the stream was behind the script
      this.drawnAt = performance.now();
      this.rerun();
    }, Math.max(0, due));
  }

  dispose() {
    clearTimeout(this.waiting);
    this.line.remove();
    unfollow(this);
  }
}

/**
 * The state of what is followed, as the script writes it into `drawn`.
 * @param {Overview} overview
 * @param {FollowerData} data
 */
function state({ token, runs }, { what, run, drawn }) {
  const written = (/** @type {Overview["runs"][number]} */ { status, epoch }) => `${status[0]}${epoch}`;
  if (what === "run") {
    const followed = runs.find(({ id }) => id === run);
    return followed ? written(followed) : drawn;
  }
  const training = runs.filter(({ status }) => status === "running").sort((a, b) => a.id - b.id);
  return [token, ...training.map((each) => `${each.id}${written(each)}`)].join(" ");
}

/** @type {Set<Follower>} */
const followers = new Set();
/** @type {Feed | undefined} */
let feed;
/** @type {Overview | undefined} the newest of the stream that is open */
let newest;
let language = "";

/**
 * @param {Follower} follower
 * @param {string} lang
 * @param {string} app
 */
function follow(follower, lang, app) {
  followers.add(follower);
  if (feed && lang === language) return;
  feed?.close();
  language = lang;
  newest = undefined;
  feed = new Feed({
    event: "overview",
    address: (snapshot) => `${app}live?lang=${lang}${snapshot ? "&snapshot=1" : ""}`,
    receive: (/** @type {Overview} */ overview) => {
      newest = overview;
      for (const each of followers) each.receive(overview);
    },
    tick: () => followers.forEach((each) => each.runScript()),
  });
}

/** @param {Follower} follower */
function unfollow(follower) {
  followers.delete(follower);
  if (followers.size) return;
  feed?.close();
  feed = undefined;
  newest = undefined;
}
