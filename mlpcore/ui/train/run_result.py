"""How a run ended: its figures and what they mean, or why it failed."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpcore import formatting
from mlpcore.store import members
from mlpcore.store.connection import opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _, escaped, ngettext, rendered


def show(run: Run) -> None:
    """Draw the result of an ended run."""
    if run.status == "finished":
        st.success(sentence(run, _networks(run)), icon=":material/flag:")
    elif run.status == "stopped":
        st.info(sentence(run), icon=":material/stop_circle:")
    else:
        st.error(sentence(run), icon=":material/error:")
    if run.epoch:
        _figures(run)
    if run.log and run.status != "finished":
        with st.expander(_("End of the log"), icon=":material/article:", expanded=run.status == "failed"):
            st.code(run.log, language=None, wrap_lines=True, height=260)


def _networks(run: Run) -> list[MemberRow]:
    with opened() as db:
        return members.members(db, run.id)


def sentence(run: Run, networks: Sequence[MemberRow] = ()) -> str:
    """What came out, in a few plain sentences of Markdown; `networks` are those of a finished run."""
    if run.status != "finished":
        reason = escaped(rendered(run.failure)) if run.failure is not None else _("Stopped.")
        done = ngettext("{done} of {count} epoch was trained.", "{done} of {count} epochs were trained.", run.epochs)
        return f"{reason} {done.format(done=run.epoch, count=run.epochs)}"
    results = [network for network in networks if network.test_accuracy is not None]
    told = [_of_several(run, len(results)) if len(results) > 1 else _of_one(run), _lost(networks)]
    stopped = sum(network.status == "stopped early" for network in networks)
    if len(networks) > 1 and stopped:
        early = ngettext(
            "Early stopping ended the training of {count} network before the last epoch.",
            "Early stopping ended the training of {count} networks before the last epoch.",
            stopped,
        )
        told.append(early.format(count=stopped))
    elif run.stopped_early:
        early = _("Early stopping ended the training after epoch {epoch} and kept the network of epoch {kept}.")
        told.append(early.format(epoch=run.epoch, kept=run.kept_epoch))
    return " ".join(filter(None, told))


def _of_one(run: Run) -> str:
    count = run.spec.info.test_count
    right = round((run.test_accuracy or 0.0) * count)
    text = _("Of {count} test examples, which it had never seen, the network gets **{right}** right and {wrong} wrong.")
    return text.format(
        count=formatting.count(count), right=formatting.count(right), wrong=formatting.count(count - right)
    )


def _of_several(run: Run, networks: int) -> str:
    text = _(
        "On {count} test examples, which they had never seen, the {networks} networks reach an accuracy of"
        " **{accuracy}**. The first number is their mean. The one behind ± is the standard deviation: a single network"
        " typically lies so far from the mean, by chance alone, so a smaller difference between two runs may be luck."
    )
    accuracy = formatting.percent(run.test_accuracy, run.test_accuracy_sd)
    return text.format(count=formatting.count(run.spec.info.test_count), networks=networks, accuracy=accuracy)


def _lost(networks: Sequence[MemberRow]) -> str:
    lost = sum(network.status == "diverged" for network in networks)
    if not lost:
        return ""
    text = ngettext(
        "{count} of {all} networks diverged and is left out of the figures.",
        "{count} of {all} networks diverged and are left out of the figures.",
        lost,
    )
    return text.format(count=lost, all=len(networks))


def _figures(run: Run) -> None:
    with st.grid(4, min_column_width=150, gap="small", border=True):
        if run.test_accuracy is not None:
            _accuracy(
                _("Test accuracy"),
                run.test_accuracy,
                run.test_accuracy_sd,
                _("On examples that were kept away from the training and from every choice: look at it last."),
            )
        if run.best_val_accuracy is not None:
            _accuracy(
                _("Validation accuracy"),
                run.best_val_accuracy,
                run.best_val_accuracy_sd,
                _("In the best epoch, {epoch}; {last} in the last one.").format(
                    epoch=run.best_epoch, last=formatting.percent(run.val_accuracy, run.val_accuracy_sd)
                ),
            )
        _accuracy(
            _("Training accuracy"),
            run.accuracy,
            run.accuracy_sd,
            _("In the last epoch. Much higher than the validation accuracy means overfitting."),
        )
        st.metric(
            _("Training time"),
            rendered(formatting.duration(run.seconds)),
            help=_("{seconds} s an epoch, on {device}.").format(
                seconds=formatting.number(run.seconds / run.epoch), device=escaped(run.device or formatting.UNKNOWN)
            ),
        )


def _accuracy(label: str, share: float | None, deviation: float | None, help_text: str) -> None:
    """A mean with its spread on a line of its own: beside it there may be no room."""
    mean, _sign, spread = formatting.percent(share, deviation).partition(" ± ")
    st.metric(
        label,
        f"{mean}\N{NO-BREAK SPACE}%" if spread else mean,
        f"± {spread}" if spread else None,
        delta_color="off",
        delta_arrow="off",
        help=help_text,
    )
