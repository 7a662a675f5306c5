"""What the view Images says about the examples that are shown, and how to read their figures."""

from __future__ import annotations

from mlpcore import formatting
from mlpcore.analysis.answers import Indices
from mlpcore.ui.inspect import images_asked as asked
from mlpcore.ui.inspect.subject import Subject
from mlpcore.ui.shell.language import _, escaped, ngettext


def sentence(subject: Subject, kind: str, chosen: Indices) -> str:
    """What kind of examples these are, which are at least one."""
    answers = subject.answers
    right = answers.right if kind == "all" else answers.right[chosen]
    count = len(chosen)
    values = {
        "count": formatting.count(count),
        "all": formatting.count(len(answers.labels)),
        "wrong": formatting.count(int((~right).sum())),
        "share": formatting.percent(float(right.mean())),
    }
    names = [escaped(_(name)) for name in subject.info.class_names]
    match kind:
        case "wrong":
            text = ngettext(
                "**{count} of {all}** test examples is wrong. In the order of the test set:",
                "**{count} of {all}** test examples are wrong. In the order of the test set:",
                count,
            )
        case "confident":
            text = _(
                "Of {count} mistakes, those first of which the network was most sure. Some of these examples would fool"
                " a person too; some show what the network has not understood."
            )
        case "class":
            values["label"] = names[asked.label(subject)]
            text = ngettext(
                "**{count}** example of the test set is of the class **{label}**; the network gets {wrong} wrong.",
                "**{count}** examples of the test set are of the class **{label}**; the network gets {wrong} wrong.",
                count,
            )
        case "cell":
            values["label"], values["answer"] = (names[place] for place in asked.cell(subject))
            text = ngettext(
                "**{count}** example of the class **{label}** gets the answer **{answer}**.",
                "**{count}** examples of the class **{label}** get the answer **{answer}**.",
                count,
            )
        case "sure":
            values["range"] = asked.percents(asked.confidence(subject))
            text = ngettext(
                "The network is {range} sure of **{count}** answer; **{share}** of them are right.",
                "The network is {range} sure of **{count}** answers; **{share}** of them are right.",
                count,
            )
        case _:
            text = _("The network gets **{share}** of the {all} test examples right, and {wrong} wrong.")
    return text.format(**values)


def nothing(subject: Subject, kind: str) -> str:
    """Why there is no example of this kind."""
    if kind == "sure":
        return _("The network is never that sure of an answer.")
    if kind == "class":
        return _("The test set has no example of this class.")
    if kind != "cell":
        return _("This network gets every example of the test set right.")
    label, answer = (escaped(_(subject.info.class_names[place])) for place in asked.cell(subject))
    return _("No example of the class {label} gets the answer {answer}.").format(label=label, answer=answer)


def how_to_read(subject: Subject) -> str:
    """What the cards show."""
    if subject.info.kind != "image":
        return _(
            "Each box is an example that the network was not trained on. Its measurements are bars: blue to the"
            " right or up for values above the mean of the training set, amber to the other side for values below"
            " it; the side is full at three standard deviations. Below them are the probabilities of all classes"
            " and the answer: ✓ blue is right, ✗ red is wrong, with the true class in parentheses. Press on an"
            " example to see it large, with the values in their own units."
        )
    text = _(
        "Each image is one that the network was not trained on, with its answer below: ✓ blue is right, ✗ red"
        " is wrong, with the true class in parentheses. The bars are the probabilities of all classes: the"
        " right class is blue, a wrong answer red. Press on an example to see it large."
    )
    if subject.network.prepare == "none":
        return text
    return f"{text} {_straightened()}"


def _straightened() -> str:
    return _("The images are shown as the network receives them: straightened.")
