"""Reference values for tests/runs/statistics.cpp, from SciPy and NumPy.  Usage: statistics.py > ../runs/statistics_reference.json"""
import json

import numpy as np
from scipy import stats

random = np.random.default_rng(5)
out = {"two_sided": [], "quantiles": [], "intervals": [], "paired": [], "holm": []}
for freedom in (1, 2, 3, 7, 30, 1000):
    for t in (0.0, 0.1, 1.0, 2.5, 12.0, 80.0):
        out["two_sided"].append({"t": t, "freedom": freedom, "p": float(2 * stats.t.sf(t, freedom))})
    for share in (0.5, 0.1, 0.05, 0.01, 1e-6):
        out["quantiles"].append({"share": share, "freedom": freedom, "t": float(stats.t.isf(share / 2, freedom))})
for count in (2, 3, 10, 50):
    values = random.normal(0.3, 1, count)
    low, high = stats.t.interval(0.95, count - 1, values.mean(), stats.sem(values))
    out["intervals"].append({"values": values.tolist(), "mean": float(values.mean()), "deviation": float(values.std(ddof=1)),
                             "low": float(low), "high": float(high), "p": float(stats.ttest_1samp(values, 0).pvalue)})
    other = values + random.normal(0.2, 0.5, count)
    out["paired"].append({"first": values.tolist(), "second": other.tolist(), "p": float(stats.ttest_rel(other, values).pvalue)})
# By the definition of Holm 1979; statsmodels' multipletests(method="holm") gives the same.
p = [0.04, 0.001, 0.3, 0.012, 0.04]
order = np.argsort(p)
adjusted, least = np.zeros(len(p)), 0.0
for i, k in enumerate(order):
    least = max(least, min(1.0, (len(p) - i) * p[k]))
    adjusted[k] = least
out["holm"] = {"p": p, "adjusted": adjusted.tolist()}
print(json.dumps(out))
