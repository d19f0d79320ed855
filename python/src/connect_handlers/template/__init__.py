"""Projects made from CloudBlue's Python Processor Template, run as they stand.

`python -m connect_handlers.template PROJECT` is a worker for `cnct run --template PROJECT`. It is
two processes: the one that the runtime speaks with (`parent`), and a fork of it that runs the
project's code (`child`). What the code says by HTTP is caught (`through_*`): calls of Connect are
made by the runtime (`connect_api`), and calls of the vendor's system are steps (`vendor`).
"""
