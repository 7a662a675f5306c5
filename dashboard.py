"""Train: the form in the sidebar, the network it describes, and the run that trains."""

from mlpcore.store.connection import opened
from mlpcore.ui.shell.page_shell import page, show_refusal
from mlpcore.ui.train import current_run, network_sketch, phone_bar, run_actions, run_panel
from mlpcore.ui.train.form import address
from mlpcore.ui.train.form.sidebar import draw_form

with page("dashboard.py", sidebar_width=392), opened() as db:
    if address.read_address(current_run.shown(), pressed=phone_bar.pressed()):
        current_run.choose_first(db, address.run_text(), address.has_settings(), address.member_text())
    form, train = draw_form()
    train_here = phone_bar.bar(form)
    if form.spec is not None and (train or train_here):
        run_actions.train(form.spec)
    show_refusal()
    run = current_run.pick(db)
    if run is not None:
        run_panel.show(run)
    else:
        network_sketch.show(form.spec)
    address.write_address(form.spec, current_run.shown())
    if train:
        phone_bar.fold_sidebar()
