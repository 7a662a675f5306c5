// What the networks answer: for each way in which they were shown something the pictures that they received, their
// decision in words and their bars; and a slider over the epochs of the first run.
// Its parts stay in their places from one answer to the next, so that a screen reader hears only what is new.

import { ClassBars, behind } from "./class_bars.js";
import { Epochs } from "./epoch_slider.js";
import { instanceAt } from "../shared/instances.js";
import { NetworkRows } from "./network_rows.js";
import { node } from "../shared/elements.js";
import { Pictures } from "./model_inputs.js";
import { adoptStyles } from "../shared/theme.js";

await Promise.all(["predictions.css", "network_rows.css", "epoch_slider.css"].map((name) => adoptStyles(name, import.meta.url)));

export default function mount({ data, parentElement }) {
  const [answers, leave] = instanceAt(parentElement, () => new Answers(parentElement));
  answers.update(data);
  return leave;
}

class Answers {
  constructor(parent) {
    this.columns = node("div", "mlp-columns");
    this.difference = node("p", "mlp-difference");
    this.which = node("p", "mlp-which");
    this.epochs = new Epochs((place) => this.show(place));
    this.root = node("div", "mlp-answer", this.columns, this.difference, this.which);
    parent.append(this.root);
    this.parts = [];
  }

  update(data) {
    this.data = data;
    const several = data.teams.length > 1;
    const kind = `${several} ${Math.max(1, data.columns.length)}`;
    if (this.kind !== kind) this.rebuild(kind, several, Math.max(1, data.columns.length));
    this.root.classList.toggle("mlp-waits", !data.columns.some(({ answers }) => answers));
    this.difference.textContent = data.difference ?? "";
    this.which.textContent = data.which ?? "";
    this.show(this.epochs.update(data.epochs, data.id, data.start ?? 0));
  }

  rebuild(kind, several, count) {
    this.kind = kind;
    const places = Array.from({ length: count }, (_, place) => place);
    this.parts = places.map((place) => new Column(several, place === count - 1));
    this.columns.replaceChildren(...this.parts.map(({ root }) => root));
    this.columns.dataset.count = count;
    if (count === 1) this.parts[0].words.append(this.epochs.root);
    else this.root.prepend(this.epochs.root);
  }

  show(place) {
    this.root.classList.toggle("mlp-plays", this.epochs.plays);
    this.parts.forEach((part, index) => part.show(this.data, this.data.columns[index] ?? {}, place, this.epochs.plays));
  }

  dispose() {
    this.epochs.dispose();
    this.root.remove();
  }
}

// One way in which the networks were shown something. Only the last one's words are read aloud.
class Column {
  constructor(several, aloud) {
    this.title = node("h4", "mlp-column-title");
    this.pictures = new Pictures();
    this.headline = node("p", "mlp-says");
    if (aloud) this.headline.setAttribute("role", "status");
    this.verdict = node("p", "mlp-verdict");
    this.votes = node("p", "mlp-votes");
    this.words = node("div", "mlp-words", this.headline, this.verdict, this.votes);
    this.note = node("p", "mlp-note");
    this.bars = several ? new NetworkRows() : new ClassBars();
    const head = node("div", "mlp-head", this.title, node("div", "mlp-decision", this.pictures.root, this.words));
    this.root = node("div", "mlp-column", head, node("div", "mlp-body", this.bars.root, this.note));
  }

  show(data, column, place, plays) {
    this.title.textContent = column.title ?? "";
    this.pictures.update(column.pictures ?? []);
    this.headline.setAttribute("aria-live", plays ? "off" : "polite");
    const headline = behind(column.headlines, place) ?? data.headline;
    if (this.headline.textContent !== headline) this.headline.textContent = headline;
    const alone = data.teams.length === 1 ? behind(column.answers?.[0], place) : undefined;
    this.verdict.textContent = behind(column.verdicts, place) ?? "";
    this.verdict.dataset.right = alone?.right ?? "";
    this.votes.textContent = alone?.votes ?? "";
    this.note.textContent = (data.teams.length === 1 && data.teams[0].note) || "";
    this.bars.update(data, column, place);
  }
}
