"""The figures of many calls: summed up, compared with an earlier run, as tables and for build servers."""
