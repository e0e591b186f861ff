"""Plays recorded callers against an agent and reads latency off the recording.

What is run stands here: the commands of ``voice``, and what is measured with ``python -m voice.bench.NAME``. Each line
imports only from those below it.

- ``hosted``: how many calls one process answers at once, beside hosted models.
- ``bench_command``, ``call_command``, ``eval_command``; ``hearing``, ``own_work``, ``speak_turns``, ``speaking``,
  ``turn_ends``: what is run.
- ``reporting``: what a benchmark leaves and prints.
- ``calls``, ``report_page``: making calls; the report as a page.
- ``reports``: the figures of many calls.
- ``measured``: what is read off one call.
- ``fixtures``, ``timeline``: recorded calls from written ones; a call on one time axis.
- ``recordings``: calls as a folder holds them, their sound, and what ears make of it.
- ``turns``: labelled turns of text, decided, scored and recorded.
- ``numbers``, ``wire``: percentiles and shares; the protocols in which a caller talks to an agent.
"""
