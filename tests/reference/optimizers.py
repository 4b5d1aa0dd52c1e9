#!/usr/bin/env python3
"""Writes tests/training/optimizers_reference.json: 20 steps of torch.optim (torch 2.11, float32) on a small problem.

Weights and biases are two groups, and only weights decay; L1 and L2 stand in the loss; gradients are clipped by value, then
by norm, as torch.nn.utils does. The last weights of each case are stored, and the weights after 5 steps.

    python3 tests/reference/optimizers.py
"""
import json
import os

import torch

torch.manual_seed(4)
STEPS = 20
start = {"hidden.weight": torch.randn(5, 4) * 0.5, "hidden.bias": torch.randn(5) * 0.1, "out.weight": torch.randn(2, 5) * 0.5,
         "out.bias": torch.zeros(2)}
x, y = torch.randn(16, 4), torch.randn(16, 2)


def run(name, **given):
    values = {"optimizer": "adamw", "learning_rate": 0.01, "momentum": 0.9, "nesterov": False, "beta1": 0.9, "beta2": 0.999,
              "alpha": 0.99, "epsilon": 1e-8, "weight_decay": 0.0, "l1": 0.0, "l2": 0.0, "clip_norm": 0.0, "clip_value": 0.0}
    values |= given
    w = {k: v.clone().requires_grad_() for k, v in start.items()}
    weights, biases = [w["hidden.weight"], w["out.weight"]], [w["hidden.bias"], w["out.bias"]]
    groups = [{"params": weights, "weight_decay": values["weight_decay"]}, {"params": biases, "weight_decay": 0.0}]
    lr, betas, eps = values["learning_rate"], (values["beta1"], values["beta2"]), values["epsilon"]
    opt = {"sgd": lambda: torch.optim.SGD(groups, lr, momentum=values["momentum"], nesterov=values["nesterov"]),
           "adam": lambda: torch.optim.Adam(groups, lr, betas, eps),
           "adamw": lambda: torch.optim.AdamW(groups, lr, betas, eps),
           "rmsprop": lambda: torch.optim.RMSprop(groups, lr, values["alpha"], eps, momentum=values["momentum"])}[values["optimizer"]]()
    trace = []
    for step in range(STEPS):
        opt.zero_grad()
        h = torch.relu(x @ w["hidden.weight"].T + w["hidden.bias"])
        loss = ((h @ w["out.weight"].T + w["out.bias"] - y) ** 2).mean()
        loss = loss + values["l1"] * sum(p.abs().sum() for p in weights) + values["l2"] / 2 * sum((p * p).sum() for p in weights)
        loss.backward()
        if values["clip_value"]:
            torch.nn.utils.clip_grad_value_(weights + biases, values["clip_value"])
        if values["clip_norm"]:
            torch.nn.utils.clip_grad_norm_(weights + biases, values["clip_norm"])
        opt.step()
        if step in (4, STEPS - 1):
            trace.append({k: v.detach().flatten().tolist() for k, v in w.items()})
    return {"name": name, "settings": {k: v for k, v in given.items()}, "after_5": trace[0], "after_20": trace[1]}


cases = [
    run("sgd", optimizer="sgd", learning_rate=0.1, momentum=0.0),
    run("sgd, decay", optimizer="sgd", learning_rate=0.1, momentum=0.0, weight_decay=0.1),
    run("sgd, momentum", optimizer="sgd", learning_rate=0.05, weight_decay=0.01),
    run("sgd, nesterov", optimizer="sgd", learning_rate=0.05, nesterov=True, weight_decay=0.01),
    run("adam", optimizer="adam"),
    run("adam, decay", optimizer="adam", beta1=0.8, beta2=0.99, epsilon=1e-6, weight_decay=0.1),
    run("adamw", optimizer="adamw"),
    run("adamw, decay", optimizer="adamw", learning_rate=0.05, weight_decay=0.2),
    run("rmsprop", optimizer="rmsprop", momentum=0.0),
    run("rmsprop, momentum, decay", optimizer="rmsprop", learning_rate=0.002, alpha=0.9, weight_decay=0.05),
    run("l1 and l2", optimizer="sgd", learning_rate=0.1, momentum=0.0, l1=0.01, l2=0.05),
    run("clipped by norm", optimizer="sgd", learning_rate=0.1, clip_norm=0.3),
    run("clipped by value", optimizer="adamw", clip_value=0.05),
    run("clipped by both, l2", optimizer="sgd", learning_rate=0.1, clip_value=0.2, clip_norm=0.3, l2=0.1),
]
problem = {"x": x.flatten().tolist(), "y": y.flatten().tolist(), "start": {k: v.flatten().tolist() for k, v in start.items()}}
path = os.path.join(os.path.dirname(__file__), "..", "training", "optimizers_reference.json")
with open(path, "w") as f:
    f.write('{"problem": ' + json.dumps(problem) + ',\n "cases": [\n' + ",\n".join("  " + json.dumps(c) for c in cases) + "\n ]}\n")
