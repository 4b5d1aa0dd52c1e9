#!/usr/bin/env python3
"""Writes tests/blocks/preprocessors_reference.json: what scikit-learn and NumPy give for the columns in it. Missing values are null.

Run with scikit-learn 1.9 and NumPy 2.4: python3 tests/reference/preprocessors.py > tests/blocks/preprocessors_reference.json
"""
import json

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (KBinsDiscretizer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, PowerTransformer,
                                   StandardScaler, TargetEncoder)

rng = np.random.default_rng(7)
ROWS, LATER = 200, 40


def numbers(rows):
    a = rng.normal(3, 2, rows)
    b = rng.exponential(1e4, rows)
    c = 1e6 + rng.normal(0, 1e-1, rows)  # a large mean beside a small deviation
    d = rng.integers(0, 5, rows).astype(float)
    e = np.full(rows, 0.1)  # constant, and not exact in binary
    out = np.stack([a, b, c, d, e], 1)
    out[rng.random((rows, 5)) < 0.1] = np.nan
    return out


def categories(rows, names):
    out = rng.choice(np.array(names, dtype=object), rows)
    out[rng.random(rows) < 0.1] = None
    return out


def plain(array):
    """Rows as lists, NaN as None."""
    return [[None if v is None or v != v else v for v in row] for row in np.asarray(array, dtype=object)]


train, later = numbers(ROWS), numbers(LATER)
words = categories(ROWS, ["ant", "bee", "cat", "dog"])
later_words = categories(LATER, ["ant", "bee", "cat", "dog", "emu"])  # emu is unknown
present = words[words != None].reshape(-1, 1)  # noqa: E711
asked = np.where(later_words == None, "", later_words).astype(object).reshape(-1, 1)  # noqa: E711

one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(present)
limited = OneHotEncoder(handle_unknown="infrequent_if_exist", sparse_output=False, max_categories=3).fit(present)
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(present)
quantiles = np.nanquantile(train, [0.05, 0.5, 0.9], axis=0)

# Powers and bins: columns 0, 1 and 3, whose likelihood is well conditioned; Box-Cox takes positive numbers alone.
few = [0, 1, 3]
positive = lambda rows: np.abs(rows[:, few]) + 0.5  # noqa: E731


def bins(strategy):
    """KBinsDiscretizer takes no missing values, so column by column on those that are there."""
    out = np.full(later[:, few].shape, np.nan)
    for to, c in enumerate(few):
        there = train[:, c][~np.isnan(train[:, c])].reshape(-1, 1)
        more = {"quantile_method": "linear"} if strategy == "quantile" else {}
        fitted = KBinsDiscretizer(4, encode="ordinal", strategy=strategy, subsample=None, **more).fit(there)
        asked_rows = ~np.isnan(later[:, c])
        out[asked_rows, to] = fitted.transform(later[asked_rows, c].reshape(-1, 1))[:, 0]
    return out


def encoded(target, **settings):
    return TargetEncoder(random_state=0, **settings).fit(words.reshape(-1, 1), target).transform(later_words.reshape(-1, 1))


number = np.nan_to_num(train[:, 0]) + 2 * (words == "bee")
two = (number > 3).astype(int)
three = np.digitize(number, [2, 4])

# Components of correlated features; float32 in, as tensors are.
mixed = rng.normal(size=(300, 3)) @ rng.normal(size=(3, 5)) + 0.1 * rng.normal(size=(300, 5)) + [5, 0, -3, 0, 1]
mixed = mixed.astype(np.float32)

# Four clouds that overlap a little; the order of the clusters is that of the first coordinate of their centers.
clouds = rng.normal(size=(400, 2)) + rng.choice([0, 4, 8, 12], size=(400, 1)) * np.array([[1, -0.5]])
clouds = clouds.astype(np.float32)
found = KMeans(4, n_init=10, random_state=0, tol=0).fit(clouds[:350].astype(float))
order = np.argsort(found.cluster_centers_[:, 0])

# Three clouds that overlap, by Knuth's generator, as the test makes them again.
def many_rows(rows):
    state, out = 1, np.empty((rows, 2), np.float32)
    for i in range(rows):
        for f in range(2):
            total = 0.0
            for _ in range(3):
                state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
                total += (state >> 11) * 2.0**-53
            out[i, f] = total + 0.75 * (i % 3 if f == 0 else i % 3 == 1)
    return out.astype(float)


many = KMeans(3, n_init=10, random_state=0, tol=0, max_iter=1000).fit(many_rows(100_000)).cluster_centers_
many = many[np.argsort(many[:, 0])]

print(json.dumps({
    "clouds": plain(clouds),
    "k_means": plain(found.transform(clouds[350:].astype(float))[:, order]),
    "many_centers": plain(many),
    "mixed": plain(mixed),
    "pca": plain(PCA(3, svd_solver="full").fit(mixed[:250].astype(float)).transform(mixed[250:].astype(float))),
    "pca_white": plain(PCA(3, svd_solver="full", whiten=True).fit(mixed[:250].astype(float)).transform(mixed[250:].astype(float))),
    "few": plain(train[:, few]),
    "few_later": plain(later[:, few]),
    "positive": plain(positive(train)),
    "positive_later": plain(positive(later)),
    "yeo_johnson": plain(PowerTransformer().fit(train[:, few]).transform(later[:, few])),
    "yeo_johnson_raw": plain(PowerTransformer(standardize=False).fit(train[:, few]).transform(later[:, few])),
    "box_cox": plain(PowerTransformer("box-cox").fit(positive(train)).transform(positive(later))),
    "bins_uniform": plain(bins("uniform")),
    "bins_quantile": plain(bins("quantile")),
    "target_number": list(number), "target_two": two.tolist(), "target_three": three.tolist(),
    "encoded_number": plain(encoded(number, target_type="continuous")),
    "encoded_number_smooth": plain(encoded(number, target_type="continuous", smooth=7.5)),
    "encoded_two": plain(encoded(two)),
    "encoded_three": plain(encoded(three, smooth=2.0)),
    "train": plain(train),
    "later": plain(later),
    "words": list(words),
    "later_words": list(later_words),
    "standardize": plain(StandardScaler().fit(train).transform(later)),
    "minmax": plain(MinMaxScaler((-1, 2)).fit(train).transform(later)),
    "minmax_clip": plain(MinMaxScaler((-1, 2), clip=True).fit(train).transform(later)),
    "impute_mean": plain(SimpleImputer(strategy="mean").fit(train).transform(later)),
    "impute_median": plain(SimpleImputer(strategy="median").fit(train).transform(later)),
    "impute_most_frequent": plain(SimpleImputer(strategy="most_frequent").fit(train).transform(later)),
    "impute_constant": plain(SimpleImputer(strategy="constant", fill_value=-7).fit(train).transform(later)),
    "clip_quantiles": plain(np.clip(later, quantiles[0], quantiles[2])),
    "one_hot": plain(one_hot.transform(asked)),
    "one_hot_limited": plain(limited.transform(asked)),
    "one_hot_limited_names": [str(n) for n in limited.get_feature_names_out(["w"])],
    "ordinal": plain(ordinal.transform(asked)),
}))
