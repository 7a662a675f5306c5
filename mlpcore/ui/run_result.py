"""How a run ended: its figures and what they mean, or why it failed."""

from __future__ import annotations

import streamlit as st

from mlpcore.store.runs import Run
from mlpcore.ui.language import _, escaped, ngettext, rendered


def show(run: Run) -> None:
    """Draw the result of an ended run."""
    if run.status == "finished":
        st.success(sentence(run), icon=":material/flag:")
    elif run.status == "stopped":
        st.info(sentence(run), icon=":material/stop_circle:")
    else:
        st.error(sentence(run), icon=":material/error:")
    if run.epoch:
        _figures(run)
    if run.log and run.status != "finished":
        with st.expander(_("End of the log"), icon=":material/article:", expanded=run.status == "failed"):
            st.code(run.log, language=None, wrap_lines=True, height=260)


def sentence(run: Run) -> str:
    """What came out, in one or two plain sentences of Markdown."""
    if run.status != "finished":
        reason = escaped(rendered(run.failure)) if run.failure is not None else _("Stopped.")
        done = ngettext("{done} of {count} epoch was trained.", "{done} of {count} epochs were trained.", run.epochs)
        return f"{reason} {done.format(done=run.epoch, count=run.epochs)}"
    count = run.spec.info.test_count
    right = round((run.test_accuracy or 0.0) * count)
    text = _("Of {count} test examples, which it had never seen, the network gets **{right}** right and {wrong} wrong.")
    text = text.format(count=f"{count:,}", right=f"{right:,}", wrong=f"{count - right:,}")
    if run.stopped_early:
        early = _("Early stopping ended the training after epoch {epoch} and kept the network of epoch {kept}.")
        text = f"{text} {early.format(epoch=run.epoch, kept=run.kept_epoch)}"
    return text


def _figures(run: Run) -> None:
    with st.grid(4, min_column_width=150, gap="small", border=True):
        if run.test_accuracy is not None:
            _accuracy(
                _("Test accuracy"),
                run.test_accuracy,
                _("On examples that were kept away from the training and from every choice: look at it last."),
            )
        if run.best_val_accuracy is not None:
            _accuracy(
                _("Validation accuracy"),
                run.best_val_accuracy,
                _("In the best epoch, {epoch}; {last} in the last one.").format(
                    epoch=run.best_epoch, last=percent(run.val_accuracy)
                ),
            )
        _accuracy(
            _("Training accuracy"),
            run.accuracy,
            _("In the last epoch. Much higher than the validation accuracy means overfitting."),
        )
        st.metric(
            _("Training time"),
            duration(run.seconds),
            help=_("{seconds} s an epoch, on {device}.").format(
                seconds=f"{run.seconds / run.epoch:.2g}", device=escaped(run.device or "–")
            ),
        )


def _accuracy(label: str, value: float | None, help_text: str) -> None:
    st.metric(label, percent(value), help=help_text)


def percent(share: float | None) -> str:
    """An accuracy as one reads it: 97.8 %."""
    return "–" if share is None else f"{100 * share:.1f} %" if share < 0.995 else f"{100 * share:.2f} %"


def duration(seconds: float) -> str:
    """A time as one reads it."""
    if seconds < 60:
        return _("{seconds} s").format(seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
