// The answers of several runs: a row each, with its top class and a small chart. The class that most of them name, if
// there is one, is marked through all charts, so that those that see it otherwise stand out.

import { behind, spread } from "./class_bars.js";
import { node } from "../shared/elements.js";
import { theme } from "../shared/theme.js";

const SHORT = 2; // letters of a name that fit below a bar

export class NetworkRows {
  constructor() {
    this.root = node("ul", "mlp-networks");
  }

  update(data, column, place) {
    this.root.setAttribute("aria-label", data.words.networks);
    const { classes, teams } = data;
    const long = classes.some((name) => [...name].length > SHORT);
    const last = teams.findLastIndex(({ problem }) => !problem);
    this.root.classList.toggle("mlp-long", long);
    if (this.root.children.length !== teams.length) this.root.replaceChildren(...teams.map(() => new Row().root));
    const { colors } = theme(this.root);
    teams.forEach((team, index) => {
      const { row } = this.root.children[index];
      row.root.style.setProperty("--mlp-color", colors[index % colors.length] ?? "currentColor");
      row.update(data, team, behind(column.answers?.[index], place), behind(column.agreed, place), !long || index === last);
    });
  }
}

class Row {
  constructor() {
    this.number = node("span", "mlp-network-number");
    this.name = node("span", "mlp-network-name");
    this.facts = node("span", "mlp-network-facts");
    this.called = node("div", "mlp-network-called", this.number, this.name, this.facts);
    this.top = node("span", "mlp-network-top");
    this.percent = node("span", "mlp-network-percent");
    this.mark = node("span", "mlp-network-mark");
    this.says = node("div", "mlp-network-says", this.top, this.percent, this.mark);
    this.chart = node("div", "mlp-chart");
    this.chart.setAttribute("aria-hidden", "true");
    this.votes = node("p", "mlp-network-votes");
    this.problem = node("p", "mlp-network-problem");
    this.root = node("li", "mlp-network", this.called, this.says, this.chart, this.votes, this.problem);
    this.root.row = this;
  }

  update({ classes, truth, words }, team, answer, agreed, named) {
    this.number.textContent = team.number;
    this.name.textContent = team.name;
    this.facts.textContent = team.facts;
    this.problem.textContent = team.problem ?? team.note ?? "";
    this.votes.textContent = answer?.votes ?? "";
    this.says.hidden = !answer;
    this.chart.hidden = Boolean(team.problem);
    this.root.classList.toggle("mlp-differs", Boolean(answer) && typeof agreed === "number" && answer.top !== agreed);
    this.top.textContent = answer ? classes[answer.top] : "";
    this.percent.textContent = answer ? answer.percents[answer.top] : "";
    this.mark.textContent = answer?.right === undefined ? "" : answer.right ? "✓" : "✗";
    this.mark.dataset.right = answer?.right ?? "";
    if (answer?.right === undefined) this.mark.removeAttribute("aria-label");
    else this.mark.setAttribute("aria-label", answer.right ? words.right : words.wrong);
    this.mark.setAttribute("role", "img");
    if (this.chart.children.length !== classes.length) this.chart.replaceChildren(...classes.map(cell));
    classes.forEach((name, index) => {
      const one = this.chart.children[index];
      const [[bar, whisker], label] = [one.children[0].children, one.children[1]];
      one.classList.toggle("mlp-top", index === answer?.top);
      one.classList.toggle("mlp-agreed", index === agreed);
      one.classList.toggle("mlp-true", index === truth);
      one.title = answer ? `${name}: ${answer.percents[index]}` : name;
      bar.style.transform = `scaleY(${answer?.shares[index] ?? 0})`;
      spread(whisker, answer, index, "bottom", "top");
      label.textContent = named ? name : "";
    });
  }
}

function cell() {
  const track = node("span", "mlp-column-track", node("span", "mlp-share-up"), node("span", "mlp-whisker-up"));
  return node("span", "mlp-cell", track, node("span", "mlp-cell-name"));
}
