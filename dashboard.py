"""Train: the form in the sidebar, the network it describes, and the run that trains."""

from mlpcore.store.connection import opened
from mlpcore.ui import current_run, live_panel, network_view, phone, run_actions
from mlpcore.ui.form import mirror, sidebar
from mlpcore.ui.frame import page

with page("dashboard.py", sidebar_width=392), opened() as db:
    if mirror.read(current_run.shown(), pressed=phone.pressed()):
        current_run.choose_first(db, mirror.run_text(), mirror.has_settings(), mirror.member_text())
    form, train = sidebar.show()
    train_here = phone.bar(form)
    if form.spec is not None and (train or train_here):
        run_actions.train(form.spec)
    run_actions.show_refusal()
    run = current_run.pick(db)
    if run is not None:
        live_panel.show(run)
    else:
        network_view.show(form.spec)
    mirror.write(form.spec, current_run.shown())
    if train:
        phone.fold_sidebar()
