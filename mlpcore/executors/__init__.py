"""Who runs queued runs. `local` keeps worker processes on this machine; none of it is loaded by the engine's weight.

`perform` trains one claimed run, whoever claimed it; `heartbeat` guards it; `worker` is the process that does so
again and again; `pool` is the process that keeps workers alive; `local` is what a dashboard calls.
"""
