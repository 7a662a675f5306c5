"""How a run ended, or one network of it: figures and what they mean, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from mlpcore import formatting
from mlpcore.analysis.curve_remarks import remarks
from mlpcore.live.curve_rows import COLUMNS
from mlpcore.store import metrics
from mlpcore.store.connection import opened
from mlpcore.store.members import MemberRow
from mlpcore.store.runs import Run
from mlpcore.ui.shell.language import _, escaped, ngettext, paragraph, rendered
from mlpcore.ui.shell.run_text import kept_epoch


def draw_run_sentence(run: Run, networks: Sequence[MemberRow]) -> None:
    """Say how a run of these networks ended."""
    text = run_sentence(run, networks)
    if run.status == "finished":
        st.success(text, icon=":material/flag:")
    elif run.status == "stopped":
        st.info(text, icon=":material/stop_circle:")
    else:
        st.error(text, icon=":material/error:")


def draw_run_figures(run: Run) -> None:
    """Draw the figures of an ended run; of one without a result also the end of its log."""
    if run.epoch:
        _draw_remarks(run)
        _figures(run)
    if run.log and run.status != "finished":
        with st.expander(_("End of the log"), icon=":material/article:", expanded=run.status == "failed"):
            st.code(run.log, language=None, wrap_lines=True, height=260)


def _draw_remarks(run: Run) -> None:
    """Explain what surprises in the curves above."""
    if run.problem is not None:
        return
    with opened() as db:
        epochs = metrics.epochs_after(db, run.id)
    for remark in remarks({name: [row[name] for row in epochs] for name in COLUMNS}, run.spec):
        st.info(rendered(remark), icon=":material/lightbulb:")


def run_sentence(run: Run, networks: Sequence[MemberRow] = ()) -> str:
    """What came out, in a few plain sentences of Markdown; a finished run needs its `networks`."""
    if run.status != "finished":
        reason = escaped(rendered(run.failure)) if run.failure is not None else _("Stopped.")
        done = ngettext("{done} of {count} epoch was trained.", "{done} of {count} epochs were trained.", run.epochs)
        return paragraph(reason, done.format(done=run.epoch, count=run.epochs))
    results = [network for network in networks if network.test_accuracy is not None]
    if run.test_accuracy is None:
        result = _("The training has ended, but the accuracy on the test set is not known.")
    else:
        result = _of_several(run, len(results)) if len(results) > 1 else _of_one(run, run.test_accuracy)
    sentences = [result, _lost(networks)]
    stopped = sum(network.status == "stopped early" for network in networks)
    if len(networks) > 1 and stopped:
        early = ngettext(
            "Early stopping ended the training of {count} network before the last epoch.",
            "Early stopping ended the training of {count} networks before the last epoch.",
            stopped,
        )
        sentences.append(early.format(count=stopped))
    elif run.stopped_early:
        early = _("Early stopping ended the training after epoch {epoch} and kept the network of epoch {kept}.")
        sentences.append(early.format(epoch=run.epoch, kept=run.kept_epoch))
    return paragraph(*sentences)


def _of_one(run: Run, accuracy: float) -> str:
    count = run.spec.info.test_count
    right = round(accuracy * count)
    text = _(
        "Of {count} test examples that it had never seen, the network classifies **{right}** correctly and {wrong}"
        " wrongly."
    )
    return text.format(
        count=formatting.count(count), right=formatting.count(right), wrong=formatting.count(count - right)
    )


def _of_several(run: Run, networks: int) -> str:
    text = _(
        "On {count} test examples that they had never seen, the {networks} networks reach an accuracy of"
        " **{accuracy}**. The first number is their mean; the number after ± is the standard deviation: by chance"
        " alone, a single network typically lies this far from the mean. A smaller difference between two runs may be"
        " due to chance."
    )
    # A line break inside would part the mean from its deviation.
    accuracy = formatting.percent(run.test_accuracy, run.test_accuracy_sd).replace(" ", "\N{NO-BREAK SPACE}")
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
                _("On examples that were used neither for training nor for any choice: look at this value last."),
            )
        if run.kept_val_accuracy is not None:
            _accuracy(_("Validation accuracy"), run.kept_val_accuracy, run.kept_val_accuracy_sd, whose_figures(run))
        _accuracy(
            _("Training accuracy"),
            run.kept_accuracy,
            run.kept_accuracy_sd,
            paragraph(
                whose_figures(run),
                _("If it is much higher than the validation accuracy, the network overfits."),
            ),
        )
        st.metric(
            _("Training time"),
            rendered(formatting.duration(run.seconds)),
            help=_("{seconds} s per epoch on {device}.").format(
                seconds=formatting.number(run.seconds / run.epoch), device=escaped(run.device or formatting.UNKNOWN)
            ),
        )
    st.caption(paragraph(whose_figures(run), best_epoch_text(run)))


def whose_figures(run: Run) -> str:
    """Which network the accuracies of an ended run belong to."""
    epoch = kept_epoch(run)
    if epoch is None:
        return _("The figures are those of the networks that were kept, each after its own best epoch.")
    if run.kept_epoch is None:
        return _("The figures are those of the best epoch ({epoch}): no network was kept as a result.").format(
            epoch=epoch
        )
    if run.members > 1:
        return _("The figures are those of the kept networks, after epoch {epoch}.").format(epoch=epoch)
    return _("The figures are those of the kept network, after epoch {epoch}.").format(epoch=epoch)


def best_epoch_text(run: Run) -> str:
    """The validation accuracy of the best epoch, or without a result of the last one; empty where nothing differs."""
    if run.best_val_accuracy is None or kept_epoch(run) == (run.best_epoch if run.kept_epoch else run.epoch):
        return ""
    if run.kept_epoch is None:
        return _("The validation accuracy of the last epoch ({epoch}) was {accuracy}.").format(
            epoch=run.epoch, accuracy=formatting.percent(run.val_accuracy, run.val_accuracy_sd)
        )
    return _("The best validation accuracy was {accuracy}, in epoch {epoch}.").format(
        epoch=run.best_epoch, accuracy=formatting.percent(run.best_val_accuracy, run.best_val_accuracy_sd)
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
