"""The app with its routes, and Train: the form in the sidebar, the network it describes, and the run that trains.

`streamlit run` imports this file for its `app`, and then runs it as the front page, once for each change of a session.
"""

import streamlit as st

if not st.runtime.exists():
    from starlette.middleware import Middleware

    from mlpcore.live.lifespan import lifespan
    from mlpcore.live.routes import LiveRoutes
    from mlpcore.live.visitor_cookie import VisitorCookie

    live, base_path = LiveRoutes(), st.get_option("server.baseUrlPath")
    app = st.App(
        __file__,
        routes=live.routes(base_path),
        middleware=[Middleware(VisitorCookie, base_path)],
        lifespan=lifespan(live, st.get_option("server.address"), "mlpcore.ui.warm_up:warm_up"),
    )
else:
    from mlpcore.store.connection import opened
    from mlpcore.ui.shell.page_shell import page, show_refusal
    from mlpcore.ui.train import current_run, network_sketch, run_actions, run_panel, welcome
    from mlpcore.ui.train.form import address
    from mlpcore.ui.train.form.sidebar import draw_form

    with page("dashboard.py", sidebar_width=392), opened() as db:
        if address.read_address():
            current_run.select_from_address(db, address.run_text(), address.has_settings(), address.member_text())
        form, train = draw_form()
        train_here = run_actions.draw_phone_bar(form)
        if form.spec is not None and (train or train_here):
            run_actions.train_run(form.spec)
        show_refusal()
        run = current_run.draw_run_picker(db)
        if run is not None:
            run_panel.draw_run_panel(run)
        else:
            welcome.draw_welcome()
            network_sketch.draw_network_sketch(form.spec)
        address.write_address(form.spec, current_run.address_values())
        if train:
            run_actions.fold_sidebar()
