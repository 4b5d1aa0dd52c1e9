#!/usr/bin/env python3
"""Writes tests/training/schedules_reference.json: the learning rates of torch.optim.lr_scheduler (torch 2.11).

Cosine is taken from the closed form (the same curve without the rounding errors that the recursive form adds up).

    python3 tests/reference/schedules.py
"""
import json
import os
import random
import warnings

import torch
from torch.optim import lr_scheduler as ls

warnings.filterwarnings("ignore")
RATE = 0.01


def optimizer():
    return torch.optim.SGD([torch.zeros(1)], lr=RATE)


def rates(make, count):
    opt = optimizer()
    scheduler = make(opt)
    out = []
    for _ in range(count):
        out.append(opt.param_groups[0]["lr"])
        opt.step()
        scheduler.step()
    return out


def case(name, settings, values, per_epoch=5):
    return {"name": name, "settings": settings, "steps_per_epoch": per_epoch, "total_steps": len(values), "rates": values}


def by_epoch(values, per_epoch=5):
    return [v for v in values for _ in range(per_epoch)]


def one_cycle(n, **kw):
    opt = optimizer()
    s = ls.OneCycleLR(opt, RATE, total_steps=n, cycle_momentum=False, **kw)
    out = [opt.param_groups[0]["lr"]]
    for _ in range(n - 1):
        opt.step()
        s.step()
        out.append(opt.param_groups[0]["lr"])
    return out


def cosine(n, low):
    opt = optimizer()
    s = ls.CosineAnnealingLR(opt, n, eta_min=low)
    out = []
    for i in range(n):
        s.last_epoch = i
        out.append(s._get_closed_form_lr()[0])
    return out


def warm(n, rest):
    """Linear warm-up of n steps, then `rest`."""
    opt = optimizer()
    s = ls.LinearLR(opt, start_factor=1 / n, end_factor=1.0, total_iters=n - 1) if n > 1 else None
    out = []
    for i in range(n):
        if s:
            s.last_epoch = i
            out.append(s._get_closed_form_lr()[0])
        else:
            out.append(RATE)
    return out + rest


def plateau(metrics, larger, patience, factor, low):
    opt = optimizer()
    s = ls.ReduceLROnPlateau(opt, mode="max" if larger else "min", factor=factor, patience=patience, min_lr=low)
    out = []
    for m in metrics:
        out.append(opt.param_groups[0]["lr"])
        s.step(m)
    return {"metrics": metrics, "larger": larger, "rates": out,
            "settings": {"schedule": "plateau", "plateau_patience": patience, "gamma": factor, "min_learning_rate": low}}


random.seed(3)
noise = [1.0 / (1 + 0.2 * e) + 0.05 * random.random() for e in range(15)] + [0.3 + 1e-6 * random.random() for _ in range(45)]
cases = [
    case("constant", {"schedule": "constant"}, [RATE] * 20),
    case("step", {"schedule": "step", "schedule_epochs": 3, "gamma": 0.3}, by_epoch(rates(lambda o: ls.StepLR(o, 3, 0.3), 20))),
    case("exponential", {"schedule": "exponential", "gamma": 0.9}, by_epoch(rates(lambda o: ls.ExponentialLR(o, 0.9), 20))),
    case("cosine", {"schedule": "cosine"}, cosine(97, 0.0)),
    case("cosine to a rate", {"schedule": "cosine", "min_learning_rate": 1e-4}, cosine(50, 1e-4)),
    case("one-cycle", {"schedule": "one-cycle"}, one_cycle(100)),
    case("one-cycle, odd", {"schedule": "one-cycle", "one_cycle_rise": 0.17, "one_cycle_start": 10.0, "one_cycle_end": 100.0},
         one_cycle(37, pct_start=0.17, div_factor=10, final_div_factor=100)),
    case("one-cycle, tiny", {"schedule": "one-cycle"}, one_cycle(5)),
    case("warm-up, constant", {"schedule": "constant", "warmup_steps": 7}, warm(7, [RATE] * 10)),
    case("warm-up, cosine", {"schedule": "cosine", "warmup_steps": 10}, warm(10, cosine(40, 0.0))),
    case("warm-up of one step", {"schedule": "cosine", "warmup_steps": 1}, warm(1, cosine(12, 0.0))),
]
plateaus = [plateau(noise, False, 2, 0.5, 0.0), plateau([-m for m in noise], True, 3, 0.1, 1e-5),
            plateau([0.5] * 12, True, 0, 0.5, 1e-3)]
path = os.path.join(os.path.dirname(__file__), "..", "training", "schedules_reference.json")
with open(path, "w") as f:
    f.write('{"learning_rate": %r,\n "cases": [\n' % RATE + ",\n".join("  " + json.dumps(c) for c in cases) + "\n ],\n"
            ' "plateaus": [\n' + ",\n".join("  " + json.dumps(c) for c in plateaus) + "\n ]}\n")
