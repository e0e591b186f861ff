"""The booking desk: database, tools, policies, airports and dates as callers say them.

A turn goes up through the packages; each imports only from those below it.

- ``written``: the desk as labelled turns find it, and what their labels may say.
- ``desk``: what the runtime knows of all this.
- ``actions``, ``drafting``: carrying a turn out; asking a model about it, and examining what it answers.
- ``offers``, ``reading``: from words to what the airline is asked, and back; a turn as a whole, read by rules.
- ``airline``, ``corrections``: the database and what is charged; what callers take back before they are understood.
- ``dialogue``, ``spotting``: what a call remembers; every place, date, code … that a turn holds.
- ``trips``, ``codes``, ``unsure``: flights as plain values; codes as callers spell them; what was misheard before.
- ``itinerary``, ``talk``: the flights of a turn; answers, courtesies and questions.
- ``wishes``, ``context``: words for what callers want; what a turn is an answer to.
- ``dates``, ``places``: as callers say them, found and resolved.
- ``text``: patterns, spans, numbers and prices.
"""
