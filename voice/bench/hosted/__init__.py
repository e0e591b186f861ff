"""How many calls one process holds when models, ears and voice are hosted: the providers are stood in for on the wire.

python -m voice.bench.hosted --calls 1,5,10,25,40``
"""
