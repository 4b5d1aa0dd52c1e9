#!/usr/bin/env python3
"""Writes tests/training/metrics_reference.json: what scikit-learn (1.9.1) answers on random cases with ties, missing classes
and constant scores. Scores are float32 values; scikit-learn gets them as float64, so that only the formulas are compared.

    python3 tests/reference/metrics.py
"""
import json
import math
import os
import warnings

import numpy as np
import sklearn.metrics as sk

warnings.filterwarnings("ignore")
rng = np.random.default_rng(11)


def clean(numbers):
    return {k: None if v is None or math.isnan(v) else float(v) for k, v in numbers.items()}


def averages(truth, answers):
    out = {}
    for how in ("micro", "macro", "weighted"):
        p, r, f, _ = sk.precision_recall_fscore_support(truth, answers, average=how, zero_division=0)
        out |= {f"precision_{how}": p, f"recall_{how}": r, f"f1_{how}": f}
    return out


def areas(hit, score):
    """NaN where all rows or none are positive: scikit-learn says 0 for the area under the precision curve then."""
    if hit.all() or not hit.any():
        return math.nan, math.nan
    return sk.roc_auc_score(hit, score), sk.average_precision_score(hit, score)


def classes(name, labels, scores):
    p = scores.astype(np.float64)
    if p.shape[1] == 1:
        p = np.hstack([1 - p, p])
    k = p.shape[1]
    ids = np.arange(k)
    answers = p.argmax(axis=1)
    out = {"accuracy": sk.accuracy_score(labels, answers)} | averages(labels, answers)
    per = [areas(labels == c, p[:, c]) for c in ids]
    if k == 2:
        a, b, f, _ = sk.precision_recall_fscore_support(labels, answers, average="binary", zero_division=0)
        out |= {"precision": a, "recall": b, "f1": f, "roc_auc": per[1][0], "pr_auc": per[1][1]}
        out["brier"] = sk.brier_score_loss(labels, p[:, 1], labels=ids)
    else:
        every = len(np.unique(labels)) == k
        out["roc_auc"] = sk.roc_auc_score(labels, p, multi_class="ovr", average="macro") if every else math.nan
        out["pr_auc"] = sk.average_precision_score(labels, p) if every else math.nan
        out["brier"] = sk.brier_score_loss(labels, p, labels=ids)
    if k > 5:
        out["top_5"] = sk.top_k_accuracy_score(labels, p, k=5, labels=ids)
    out["log_loss"] = sk.log_loss(labels, p, labels=ids)
    cp, cr, cf, cs = sk.precision_recall_fscore_support(labels, answers, labels=ids, zero_division=0)
    table = []
    for c in ids:
        seen = bool((labels == c).any() or (answers == c).any())
        table.append(clean({"precision": cp[c] if seen else None, "recall": cr[c] if seen else None,
                            "f1": cf[c] if seen else None, "roc_auc": per[c][0], "pr_auc": per[c][1],
                            "support": cs[c], "predicted": (answers == c).sum()}))
    return {"name": name, "labels": labels.tolist(), "scores": scores.ravel().tolist(), "classes": k, "numbers": clean(out),
            "confusion": sk.confusion_matrix(labels, answers, labels=ids).tolist(), "per_class": table}


def softmax(x, rough):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    if rough:  # on a grid that float32 holds exactly: many ties, rows that still add up to 1
        p = np.floor(p * 8) / 8
        p[:, 0] += 1 - p.sum(axis=1)
    return p.astype(np.float32)


def class_case(name, n, k, rough=False, missing=(), constant=False, single=False):
    labels = rng.choice([c for c in range(k) if c not in missing], n)
    x = rng.normal(size=(n, k)) + 1.2 * np.eye(k)[labels]
    if constant:
        x = np.zeros((n, k))
    p = softmax(x, rough)
    return classes(name, labels, p[:, 1:2] if single else p)


def labels_case(name, n, k, rough=False, empty=False):
    targets = (rng.random((n, k)) < 0.3).astype(int)
    if empty:
        targets[:, 0] = 0
    s = 1 / (1 + np.exp(-(rng.normal(size=(n, k)) + 1.5 * targets - 0.5)))
    if rough:
        s = np.round(s * 4) / 4
    scores = s.astype(np.float32)
    p = scores.astype(np.float64)
    answers = (p > 0.5).astype(int)
    per = [areas(targets[:, c] == 1, p[:, c]) for c in range(k)]
    out = {"accuracy": sk.accuracy_score(targets, answers), "hamming": sk.hamming_loss(targets, answers),
           "roc_auc": np.mean([a for a, _ in per]), "pr_auc": np.mean([b for _, b in per]),
           "log_loss": np.mean([sk.log_loss(targets[:, c], p[:, c], labels=[0, 1]) for c in range(k)]),
           "brier": np.mean([sk.brier_score_loss(targets[:, c], p[:, c], labels=[0, 1]) for c in range(k)])}
    return {"name": name, "targets": targets.ravel().tolist(), "scores": scores.ravel().tolist(), "classes": k,
            "numbers": clean(out | averages(targets, answers))}


def numbers_case(name, n, k, constant=False, perfect=False, zeros=False):
    y = rng.normal(size=(n, k)) * 3 + 10
    if constant:
        y[:] = 2.0
    if zeros:
        y[::3] = 0
    p = y.copy() if perfect else y + rng.normal(size=(n, k))
    out = {"mae": sk.mean_absolute_error(y, p), "mse": sk.mean_squared_error(y, p), "rmse": sk.root_mean_squared_error(y, p),
           "r2": sk.r2_score(y, p), "explained_variance": sk.explained_variance_score(y, p),
           "mape": sk.mean_absolute_percentage_error(y, p), "median_ae": sk.median_absolute_error(y, p)}
    if k == 1:
        out["max_error"] = sk.max_error(y, p)
    return {"name": name, "targets": y.ravel().tolist(), "predictions": p.ravel().tolist(), "columns": k,
            "numbers": clean(out)}


def quantiles_case(name, n, quantiles):
    y = rng.normal(size=n)
    p = np.stack([np.full(n, q * 2 - 1) + 0.3 * rng.normal(size=n) for q in quantiles], axis=1)
    each = [sk.mean_pinball_loss(y, p[:, i], alpha=q) for i, q in enumerate(quantiles)]
    return {"name": name, "targets": y.tolist(), "predictions": p.ravel().tolist(), "quantiles": quantiles, "pinball": each}


cases = {
    "classes": [class_case("two", 200, 2), class_case("two, one column", 200, 2, single=True),
                class_case("two, ties", 200, 2, rough=True), class_case("two, one column, ties", 100, 2, rough=True, single=True),
                class_case("two, constant scores", 50, 2, constant=True), class_case("two, only class 0", 30, 2, missing=(1,)),
                class_case("two, only class 1", 30, 2, missing=(0,)), class_case("three", 150, 3),
                class_case("three, ties", 150, 3, rough=True), class_case("three, one missing", 60, 3, missing=(1,)),
                class_case("three, constant scores", 60, 3, constant=True), class_case("eight", 300, 8),
                class_case("eight, ties", 300, 8, rough=True), class_case("eight, two missing", 40, 8, missing=(2, 7)),
                class_case("one row", 1, 4)],
    "labels": [labels_case("labels", 150, 4), labels_case("labels, ties", 150, 4, rough=True),
               labels_case("labels, one never", 80, 3, empty=True), labels_case("two labels", 80, 2)],
    "numbers": [numbers_case("numbers", 101, 1), numbers_case("three columns", 60, 3), numbers_case("constant", 20, 1, constant=True),
                numbers_case("perfect", 20, 1, perfect=True), numbers_case("constant and perfect", 20, 1, True, True),
                numbers_case("zeros", 30, 1, zeros=True), numbers_case("one row", 1, 1)],
    "quantiles": [quantiles_case("quantiles", 100, [0.1, 0.5, 0.9]), quantiles_case("one quantile", 50, [0.25])],
}
path = os.path.join(os.path.dirname(__file__), "..", "training", "metrics_reference.json")
with open(path, "w") as f:
    f.write("{\n" + ",\n".join(f' "{kind}": [\n' + ",\n".join("  " + json.dumps(c) for c in group) + "\n ]"
                               for kind, group in cases.items()) + "\n}\n")
