// @ts-check
// The stream of one run: new epochs, the running loss and the progress, from the server straight to the chart.

import { Feed } from "../shared/feed.js";
import { append } from "./row_updates.js";

/** @typedef {import("./row_updates.js").RunState} RunState */

/**
 * @typedef {object} StreamedRun
 * @property {string} run
 * @property {number | null} member the network that is shown; null for the mean of all
 * @property {string} lang
 * @property {boolean} ended then there is nothing to follow, only what the script has not sent
 */

/**
 * @typedef {object} StreamMessage
 * @property {number | null} best the best epoch
 * @property {import("./progress.js").Progress} progress
 * @property {boolean} ended
 */
/** @typedef {import("./row_updates.js").StreamRows & StreamMessage} RunMessage */

const ENDED_AGAIN_AFTER = 3000; // milliseconds until the script is told again, where it did not answer

export class RunStream {
  /** @type {Feed | undefined} */
  feed = undefined;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  endTimer = undefined;
  closed = false;

  /**
   * @param {StreamedRun} streamed
   * @param {string} app the app's address
   * @param {() => RunState} state of the run as far as it is known; the stream appends to it
   * @param {{ changed(message: RunMessage): void, tick(): void, ended(): void }} user
   */
  constructor(streamed, app, state, user) {
    this.streamed = streamed;
    this.app = app;
    this.state = state;
    this.user = user;
    if (streamed.ended) {
      this.fetchOnce();
      return;
    }
    this.feed = new Feed({
      event: "run",
      address: (snapshot) => this.address(snapshot),
      receive: (message) => this.receive(message),
      tick: user.tick,
    });
  }

  /** @param {boolean} snapshot */
  address(snapshot) {
    const { columns, running, attempt } = this.state();
    const { run, member, lang } = this.streamed;
    const query = new URLSearchParams({
      lang,
      after: String(columns.epoch.at(-1) ?? 0),
      loss_after: String(running.position.at(-1) ?? 0),
      ...(attempt === null ? {} : { attempt: String(attempt) }),
      ...(member === null ? {} : { member: String(member) }),
      ...(snapshot ? { snapshot: "1" } : {}),
    });
    return `${this.app}live/${run}?${query}`;
  }

  /** @param {RunMessage} message */
  receive(message) {
    append(this.state(), message);
    this.user.changed(message);
    if (!message.ended) return;
    this.feed?.close();
    if (this.endTimer || this.streamed.ended) return;
    this.user.ended();
    this.endTimer = setInterval(() => this.user.ended(), ENDED_AGAIN_AFTER);
  }

  /** The running loss of a run that has ended: nothing of it changes any more. */
  async fetchOnce() {
    if (this.state().running.position.length) return;
    const response = await fetch(this.address(true)).catch(() => undefined);
    if (!response?.ok) return;
    const message = await response.json();
    if (!this.closed) this.receive(message);
  }

  close() {
    this.closed = true;
    this.feed?.close();
    clearInterval(this.endTimer);
  }
}
