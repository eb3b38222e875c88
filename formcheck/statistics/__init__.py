"""Agreement, error and change in numbers: pure functions, each checked against a published worked example.

:mod:`~formcheck.statistics.kappa` is for categories, :mod:`~formcheck.statistics.rates` for shares,
:mod:`~formcheck.statistics.measures` for two measurements of one thing, :mod:`~formcheck.statistics.change` for one
measurement repeated, :mod:`~formcheck.statistics.resampling` for intervals of anything that is made of tables.
"""
