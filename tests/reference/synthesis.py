#!/usr/bin/env python3
"""Writes ../data/draw_reference.json and ../training/mix_up_reference.json: what scikit-learn, imbalanced-learn, SciPy and
PyTorch say about rows that are drawn more often or mixed.

Run with PyTorch 2.11, scikit-learn 1.9, imbalanced-learn 0.14: python3 synthesis.py"""
import json
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from imblearn.over_sampling import SMOTE, RandomOverSampler
from scipy.stats import beta
from sklearn.neighbors import NearestNeighbors
from torch.nn import functional as F

HERE = Path(__file__).parent


def write(path, content):
    (HERE / path).write_text(json.dumps(content) + "\n")


# Neighbours among normal rows, of which no two are as near as each other; a row is none of its own.
numbers = np.random.default_rng(3)
neighbours = []
for rows, width, k in [(60, 5, 5), (40, 1, 3), (25, 37, 24), (50, 16, 1)]:
    x = numbers.normal(size=(rows, width)).astype(np.float32)
    found = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x.astype(np.float64)).kneighbors(return_distance=False)
    neighbours.append({"width": width, "k": k, "rows": x.flatten().tolist(), "neighbours": found.flatten().tolist()})

# How many rows of each class there are afterwards, and that SMOTE makes as many.
counts = []
for given, share in [([500, 40, 7], 1.0), ([301, 40], 0.5), ([301, 200], 0.7), ([33, 333], 1 / 3), ([10, 10, 10], 1.0)]:
    y = np.repeat(np.arange(len(given)), given)
    x = numbers.normal(size=(len(y), 3))
    how = "auto" if share == 1 else share
    after = Counter(RandomOverSampler(sampling_strategy=how, random_state=0).fit_resample(x, y)[1].tolist())
    assert after == Counter(SMOTE(sampling_strategy=how, k_neighbors=5, random_state=0).fit_resample(x, y)[1].tolist())
    counts.append({"given": given, "share": share, "drawn": [after[c] for c in range(len(given))]})
write("../data/draw_reference.json", {"neighbours": neighbours, "counts": counts})

# Losses of mixed rows, as the authors' mixup_criterion has them, and their gradients.
torch.manual_seed(5)
losses = []


def draw(*shape):
    return (torch.randn(*shape, dtype=torch.float64) * 64).round() / 64


def loss_case(block, params, x, target, outputs, loss, lam, classes=0):
    partners = torch.randperm(len(x))
    weight, bias = draw(outputs, x.shape[1]).requires_grad_(), draw(outputs).requires_grad_()
    y = F.linear(lam * x + (1 - lam) * x[partners], weight, bias)
    value = lam * loss(y, target) + (1 - lam) * loss(y, target[partners])
    value.backward()
    losses.append({"block": block, "params": params, "width": x.shape[1], "x": x.flatten().tolist(), "target": target.flatten().tolist(),
                   "target_width": target.shape[1] if target.dim() > 1 else 0, "classes": classes, "lambda": lam,
                   "partners": partners.tolist(), "weight": weight.flatten().tolist(), "bias": bias.tolist(), "loss": value.item(),
                   "weight_gradient": weight.grad.flatten().tolist()})


labels, two = torch.tensor([0, 2, 1, 1, 2, 0, 2]), torch.tensor([0, 1, 1, 0, 1, 0, 0])
weights = torch.tensor([0.5, 1.0, 2.5], dtype=torch.float64)
given = {"class_weights": "given", "weights": weights.tolist()}
yes = lambda y, t: F.binary_cross_entropy_with_logits(y.flatten(), t.double())
loss_case("classifier/softmax", {}, draw(7, 4), labels, 3, F.cross_entropy, 0.3, 3)
loss_case("classifier/softmax", given, draw(7, 4), labels, 3, lambda y, t: F.cross_entropy(y, t, weight=weights), 0.85, 3)
loss_case("classifier/softmax", {"label_smoothing": 0.1}, draw(7, 4), labels, 3, lambda y, t: F.cross_entropy(y, t, label_smoothing=0.1), 0.5, 3)
loss_case("classifier/logistic", {}, draw(7, 4), two, 1, yes, 0.6, 2)
loss_case("regressor/linear", {}, draw(7, 4), draw(7, 2), 2, F.mse_loss, 0.25)
loss_case("regressor/linear", {"loss": "huber", "delta": 0.5}, draw(7, 4), draw(7, 1), 1, lambda y, t: F.huber_loss(y, t, delta=0.5), 0.9)

# lambda ~ Beta(alpha, alpha).
shares = [0.05, 0.2, 0.4, 0.5, 0.6, 0.8, 0.95]
betas = [{"alpha": a, "shares": shares, "quantiles": beta.ppf(shares, a, a).tolist()} for a in [0.1, 0.2, 0.5, 1.0, 3.0]]


# The authors' rand_bbox of CutMix, with the chance taken out.
def box(width, height, lam, cx, cy):
    cut = np.sqrt(1.0 - lam)
    w, h = int(width * cut), int(height * cut)
    x1, x2 = np.clip(cx - w // 2, 0, width), np.clip(cx + w // 2, 0, width)
    y1, y2 = np.clip(cy - h // 2, 0, height), np.clip(cy + h // 2, 0, height)
    return int(x1), int(y1), int(x2), int(y2)


boxes = []
for width, height, lam, across, down in [(8, 6, 0.5, 0.5, 0.5), (9, 7, 0.2, 0.05, 0.9), (5, 5, 0.95, 0.4, 0.2), (6, 4, 0.0, 0.5, 0.5)]:
    x1, y1, x2, y2 = box(width, height, lam, int(across * width), int(down * height))
    boxes.append({"width": width, "height": height, "lambda": lam, "across": across, "down": down, "box": [x1, y1, x2, y2],
                  "outside": 1 - (x2 - x1) * (y2 - y1) / (width * height)})
write("../training/mix_up_reference.json", {"losses": losses, "betas": betas, "boxes": boxes})
