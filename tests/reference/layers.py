#!/usr/bin/env python3
"""Writes ../blocks/layers_reference.json: what PyTorch gives for every layer and loss - outputs, gradients, running values.

Run with PyTorch 2.11 (CPU): python3 layers.py
Each case is computed in float64 from numbers that float32 holds exactly, so that it is the truth to 1e-6."""
import json
import math
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(7)
CASES = []


def draw(*shape, positive=False):
    """Multiples of 1/64, which float32 holds exactly."""
    out = (torch.randn(*shape, dtype=torch.float64) * 64).round() / 64
    return (out.abs() if positive else out).requires_grad_()


def numbers(tensor):
    return {"shape": list(tensor.shape), "data": [float(f"{v:.10g}") for v in tensor.detach().double().flatten().tolist()]}


def scalar(y):
    """What gradients are taken of: the output with fixed weights."""
    weights = (torch.arange(y.numel(), dtype=torch.float64) * 0.7).sin()
    return (y.reshape(-1) * weights).sum()


def case(block, function, inputs, params=None, module=None, target=None, classes=None, training=True, value=scalar, outputs=None,
         tokens=None, also=None, tolerance=None):
    """`function` maps the inputs to y, or `value` to the loss; `module` holds the weights under PyTorch's names; `tokens` goes to the port
    of that name; `also` gives what comes out of other ports, by port."""
    out = {"block": block, "params": params or {}, "training": training, "inputs": [numbers(x) for x in inputs],
           "integer": not inputs[0].is_floating_point()}
    if tolerance is not None:
        out["tolerance"] = tolerance
    weights = {}
    if module is not None:
        module.double()
        for name, tensor in module.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_((torch.randn_like(tensor) * 32).round() / 64 + (1 if name.endswith("running_var") else 0))
                if name.endswith("running_var"):
                    tensor.abs_()
        weights = dict(module.named_parameters())
        out["weights"] = {name: numbers(tensor) for name, tensor in weights.items()}
        out["buffers"] = {name: numbers(t.clone()) for name, t in module.named_buffers() if t.is_floating_point()}
        module.train(training)
    if tokens is not None:
        out["tokens"] = numbers(tokens)
    y = function(*inputs)
    if also is not None:
        out["also"] = {port: numbers(tensor) for port, tensor in also().items()}
    result = value(y)
    result.backward()
    if target is None:
        out["y"] = numbers(y)
    else:
        out["loss"] = result.item()
        out["target"] = numbers(target)
        out["classes"] = classes or 0
        out["y"] = numbers(outputs(y))
    out["x_grads"] = [numbers(x.grad) for x in inputs if x.is_floating_point()]
    out["grads"] = {name: numbers(tensor.grad) for name, tensor in weights.items()}
    if module is not None:
        out["buffers_after"] = {name: numbers(t) for name, t in module.named_buffers() if t.is_floating_point()}
    CASES.append(out)


def layer(block, module, x, params=None, training=True):
    case(block, module, [x], params, module, training=training)


def linear_layers():
    layer("extractor/linear", nn.Linear(5, 3), draw(4, 5), {"out_features": 3})
    layer("extractor/linear", nn.Linear(5, 3, bias=False), draw(2, 4, 5), {"out_features": 3, "bias": False})
    layer("extractor/conv1d", nn.Conv1d(2, 4, 3, stride=2, padding=1), draw(2, 2, 9),
          {"out_channels": 4, "kernel": 3, "stride": 2, "padding": "1"})
    layer("extractor/conv1d", nn.Conv1d(2, 4, 4, padding="same", dilation=2), draw(2, 2, 9),
          {"out_channels": 4, "kernel": 4, "padding": "same", "dilation": 2})
    layer("extractor/conv2d", nn.Conv2d(3, 4, 3), draw(2, 3, 6, 7), {"out_channels": 4})
    layer("extractor/conv2d", nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2), draw(2, 4, 7, 6),
          {"out_channels": 6, "kernel": [3, 2], "stride": [2, 1], "padding": "1, 0", "dilation": [1, 2], "groups": 2})
    layer("extractor/conv2d", nn.Conv2d(2, 3, 4, padding="same", bias=False), draw(2, 2, 5, 6),
          {"out_channels": 3, "kernel": 4, "padding": "same", "bias": False})
    embedding = nn.Embedding(7, 3, padding_idx=2)
    case("extractor/embedding", embedding, [torch.tensor([[0, 2, 6], [6, 1, 2]])], {"vocabulary": 7, "features": 3, "padding": 2}, embedding)


def pools():
    layer("extractor/max_pool", nn.MaxPool1d(3, 2, 1), draw(2, 3, 9), {"kernel": 3, "stride": 2, "padding": 1})
    layer("extractor/max_pool", nn.MaxPool2d(2), draw(2, 3, 6, 7))
    layer("extractor/max_pool", nn.MaxPool2d((3, 2), (2, 1), (1, 0)), draw(2, 3, 6, 7),
          {"kernel": [3, 2], "stride": [2, 1], "padding": [1, 0]})
    layer("extractor/average_pool", nn.AvgPool1d(3, 2, 1), draw(2, 3, 9), {"kernel": 3, "stride": 2, "padding": 1})
    layer("extractor/average_pool", nn.AvgPool2d(3, 2, 1, count_include_pad=False), draw(2, 3, 6, 7),
          {"kernel": 3, "stride": 2, "padding": 1, "count_padding": False})
    case("extractor/global_pool", lambda x: F.adaptive_avg_pool2d(x, 1).flatten(1), [draw(2, 3, 4, 5)])
    case("extractor/global_pool", lambda x: F.adaptive_max_pool2d(x, 1).flatten(1), [draw(2, 3, 4, 5)], {"mode": "max"})


def norms():
    for training in (True, False):
        layer("extractor/batch_norm", nn.BatchNorm1d(3), draw(6, 3), training=training)
        layer("extractor/batch_norm", nn.BatchNorm2d(3, momentum=0.3, eps=1e-3), draw(2, 3, 4, 3),
              {"momentum": 0.3, "epsilon": 1e-3}, training=training)
    layer("extractor/batch_norm", nn.BatchNorm2d(3, affine=False), draw(2, 3, 4, 3), {"affine": False})
    layer("extractor/layer_norm", nn.LayerNorm(5), draw(3, 4, 5))
    layer("extractor/layer_norm", nn.LayerNorm((4, 5), eps=1e-3), draw(3, 4, 5), {"axes": 2, "epsilon": 1e-3})
    layer("extractor/group_norm", nn.GroupNorm(2, 6), draw(3, 6, 4), {"groups": 2})
    layer("extractor/group_norm", nn.GroupNorm(3, 6, affine=False), draw(3, 6, 2, 3), {"groups": 3, "affine": False})


def activations():
    plain = {"none": nn.Identity(), "relu": nn.ReLU(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh"), "silu": nn.SiLU(),
             "mish": nn.Mish(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "elu": nn.ELU(), "selu": nn.SELU(),
             "softplus": nn.Softplus(), "softsign": nn.Softsign(), "relu6": nn.ReLU6(), "hard_swish": nn.Hardswish(),
             "hard_sigmoid": nn.Hardsigmoid(), "leaky_relu": nn.LeakyReLU()}
    for name, module in plain.items():
        layer("extractor/activation", module, (draw(4, 5) * 3).detach().requires_grad_(), {"function": name})
    layer("extractor/activation", nn.LeakyReLU(0.25), draw(4, 5), {"function": "leaky_relu", "slope": 0.25})
    layer("extractor/activation", nn.ELU(1.5), draw(4, 5), {"function": "elu", "alpha": 1.5})


def shapes():
    case("extractor/flatten", lambda x: x.flatten(1), [draw(2, 3, 2, 2)])
    case("extractor/reshape", lambda x: x.reshape(2, 4, 3), [draw(2, 3, 4)], {"shape": [4, -1]})
    case("extractor/add", lambda a, b, c: a + b + c, [draw(2, 3), draw(2, 3), draw(2, 3)])
    case("extractor/concatenate", lambda a, b: torch.cat([a, b], 1), [draw(2, 3, 2), draw(2, 1, 2)])
    case("extractor/concatenate", lambda a, b: torch.cat([a, b], -1), [draw(2, 3, 2), draw(2, 3, 4)], {"axis": -1})

    class Mlp(nn.Module):
        """Names as the block has them."""

        def __init__(self, norm):
            super().__init__()
            self.linear1, self.linear2 = nn.Linear(5, 6), nn.Linear(6, 3)
            if norm:
                self.norm1, self.norm2 = norm(6), norm(3)

        def forward(self, x):
            for linear, norm in ((self.linear1, "norm1"), (self.linear2, "norm2")):
                x = linear(x)
                x = F.silu(getattr(self, norm)(x) if hasattr(self, norm) else x)
            return x

    for norm, module in (("none", Mlp(None)), ("batch", Mlp(nn.BatchNorm1d)), ("layer", Mlp(nn.LayerNorm))):
        layer("extractor/mlp", module, draw(7, 5), {"hidden": [6, 3], "activation": "silu", "norm": norm})


def focal(logits, labels, gamma, weight, smoothing):
    """Lin et al. 2017, the mean weighted as PyTorch's cross_entropy weighs it."""
    log_p = F.log_softmax(logits, -1)
    damped = (1 - log_p.exp()) ** gamma * log_p
    each = torch.ones(logits.shape[1], dtype=torch.float64) if weight is None else weight
    norm = each[labels].sum()
    plain = -(damped.gather(1, labels[:, None])[:, 0] * each[labels]).sum() / norm
    return (1 - smoothing) * plain - smoothing / logits.shape[1] * (damped * each).sum() / norm


def heads():
    labels = torch.tensor([0, 2, 1, 2, 2, 0])
    weight = torch.tensor([0.5, 2.0, 1.25], dtype=torch.float64)
    balanced = torch.tensor([6 / (3 * 2), 6 / (3 * 1), 6 / (3 * 3)], dtype=torch.float64)
    given = {"class_weights": "given", "weights": weight.tolist()}

    def softmax(params, loss, target=labels):
        module = nn.Linear(4, 3)
        case("classifier/softmax", module, [draw(6, 4)], params, module, target, 3, value=lambda y: loss(y, target), outputs=lambda y: y.softmax(-1))

    softmax({}, F.cross_entropy)
    softmax({}, lambda y, t: F.cross_entropy(y, t, ignore_index=-1), torch.tensor([0, -1, 1, 2, -1, 0]))
    softmax({"label_smoothing": 0.125}, lambda y, t: F.cross_entropy(y, t, label_smoothing=0.125))
    softmax(given, lambda y, t: F.cross_entropy(y, t, weight))
    softmax({"label_smoothing": 0.125, **given}, lambda y, t: F.cross_entropy(y, t, weight, label_smoothing=0.125))
    softmax({"class_weights": "balanced"}, lambda y, t: F.cross_entropy(y, t, balanced))
    softmax({"loss": "focal"}, lambda y, t: focal(y, t, 2, None, 0))
    softmax({"loss": "focal", "focal_gamma": 1.5, "label_smoothing": 0.25, **given}, lambda y, t: focal(y, t, 1.5, weight, 0.25))
    softmax({"loss": "focal", "focal_gamma": 0.0, "label_smoothing": 0.25, **given},
            lambda y, t: F.cross_entropy(y, t, weight, label_smoothing=0.25))

    def logistic(params, target, outputs, classes, loss, result):
        module = nn.Linear(4, outputs)
        case("classifier/logistic", module, [draw(6, 4)], params, module, target, classes, value=loss, outputs=result)

    yes = torch.tensor([0, 1, 1, 0, 1, 1])
    both = lambda y: torch.sigmoid(torch.cat([-y, y], 1))  # noqa: E731
    column = yes.double()[:, None]
    logistic({}, yes, 1, 2, lambda y: F.binary_cross_entropy_with_logits(y, column), both)
    logistic({"pos_weight": 2.5}, yes, 1, 2,
             lambda y: F.binary_cross_entropy_with_logits(y, column, pos_weight=torch.tensor([2.5], dtype=torch.float64)), both)
    logistic({"balanced": True}, yes, 1, 2,
             lambda y: F.binary_cross_entropy_with_logits(y, column, pos_weight=torch.tensor([0.5], dtype=torch.float64)), both)
    tags = torch.tensor([[0, 1, 1], [1, 0, 0], [0, 0, 0], [1, 1, 1], [1, 0, 1], [0, 0, 1]]).double()
    logistic({}, tags, 3, 0, lambda y: F.binary_cross_entropy_with_logits(y, tags), torch.sigmoid)

    def regressor(params, target, outputs, loss, result=lambda y: y):
        module = nn.Linear(4, outputs)
        columns = target if target.dim() == 2 else target[:, None]
        case("regressor/linear", module, [draw(6, 4)], params, module, target, value=lambda y: loss(y, columns), outputs=result)

    one, two, counts = draw(6).detach(), draw(6, 2).detach(), torch.tensor([0.0, 3, 1, 7, 2, 0], dtype=torch.float64)
    regressor({}, one, 1, F.mse_loss)
    regressor({}, two, 2, F.mse_loss)
    regressor({"loss": "mae"}, two, 2, F.l1_loss)
    regressor({"loss": "huber", "delta": 0.5}, one, 1, lambda y, t: F.huber_loss(y, t, delta=0.5))
    regressor({"loss": "poisson"}, counts, 1, F.poisson_nll_loss, torch.exp)
    quantiles = torch.tensor([0.125, 0.5, 0.75], dtype=torch.float64)

    def pinball(y, t):
        error = t[:, :, None] - y.view(6, -1, 3)
        return torch.maximum(quantiles * error, (quantiles - 1) * error).mean()

    regressor({"loss": "quantile", "quantiles": quantiles.tolist()}, one, 3, pinball)
    regressor({"loss": "quantile", "quantiles": quantiles.tolist()}, two, 6, pinball)


def sequences():
    tokens = torch.tensor([[3, 5, 2, 7, 0], [4, 4, 4, 4, 4], [6, 0, 0, 0, 0]])
    lengths = torch.tensor([4, 5, 1])
    present = (tokens > 0).double()[:, :, None]

    def pool(mode, function):
        case("extractor/sequence_pool", function, [draw(3, 5, 2)], {"mode": mode}, tokens=tokens)

    pool("average", lambda x: (x * present).sum(1) / present.sum(1))
    pool("sum", lambda x: (x * present).sum(1))
    pool("max", lambda x: x.masked_fill(present == 0, -torch.inf).amax(1))
    pool("last", lambda x: x[torch.arange(3), lengths - 1])
    case("extractor/transpose", lambda x: x.transpose(1, 2), [draw(2, 3, 4)])

    def recurrent(block, kind, packed, layers, bidirectional):
        module = kind(3, 4, num_layers=layers, bidirectional=bidirectional, batch_first=True)
        state = {}

        def function(x):
            given = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False) if packed else x
            y, h = module(given)
            h = h[0] if isinstance(h, tuple) else h
            state["last"] = torch.cat([h[-2], h[-1]], 1) if bidirectional else h[-1]
            return nn.utils.rnn.pad_packed_sequence(y, batch_first=True)[0] if packed else y

        case(block, function, [draw(3, 5, 3)], {"hidden": 4, "layers": layers, "bidirectional": bidirectional}, module,
             tokens=tokens if packed else None, also=lambda: state)

    for block, kind in (("extractor/lstm", nn.LSTM), ("extractor/gru", nn.GRU)):
        recurrent(block, kind, False, 1, False)
        recurrent(block, kind, True, 2, False)
        recurrent(block, kind, True, 2, True)

    class Encoder(nn.Module):
        """Layers of PyTorch behind the places, which PyTorch leaves to the user."""

        def __init__(self, length, features, layers, positions, causal, packed, **kind):
            super().__init__()
            self.layers = nn.ModuleList(nn.TransformerEncoderLayer(features, dropout=0.0, batch_first=True, **kind) for _ in range(layers))
            if positions == "learned":
                self.positions = nn.Parameter(torch.zeros(length, features))
            self.sines = torch.zeros(length, features, dtype=torch.float64)
            if positions == "sinusoidal":
                angles = torch.arange(length).double()[:, None] / 10000 ** (torch.arange(0, features, 2).double() / features)
                self.sines[:, 0::2], self.sines[:, 1::2] = angles.sin(), angles.cos()[:, :features // 2]
            self.mask = nn.Transformer.generate_square_subsequent_mask(length).bool() if causal else None
            self.absent = tokens == 0 if packed else None

        def forward(self, x):
            x = x + self.sines + (self.positions if hasattr(self, "positions") else 0)
            for one in self.layers:
                x = one(x, src_mask=self.mask, src_key_padding_mask=self.absent)
            return x if self.absent is None else x * present

    def encoder(params, features=4, packed=False):
        given = {"layers": 1, "heads": 2, "feed_forward": 6, "dropout": 0.0, "norm": "after", "activation": "relu", "causal": False,
                 "positions": "none", **params}
        module = Encoder(5, features, given["layers"], given["positions"], given["causal"], packed, nhead=given["heads"],
                         dim_feedforward=given["feed_forward"], norm_first=given["norm"] == "before", activation=given["activation"])
        case("extractor/transformer_encoder", module, [draw(3, 5, features)], given, module, tokens=tokens if packed else None,
             tolerance=1e-5)

    encoder({})
    encoder({"norm": "before", "layers": 2, "positions": "sinusoidal"})
    encoder({"heads": 4, "activation": "gelu", "positions": "learned"}, packed=True)
    encoder({"causal": True, "norm": "before"})
    encoder({"causal": True, "heads": 1, "positions": "sinusoidal", "layers": 2}, features=3, packed=True)


def language():
    """The token after each place, over all places; those that are padding count for nothing."""

    def next_token(params, tokens, target, **how):
        module, following = nn.Linear(5, 7), torch.cat([tokens[:, 1:], target[:, None]], 1)
        last = ((tokens != 0).sum(1) - 1).clamp(min=0)
        case("classifier/next_token", module, [draw(3, 4, 5)], params, module, target, 7, tokens=tokens,
             value=lambda y: F.cross_entropy(y.flatten(0, 1), following.masked_fill(following <= 0, -1).flatten(), ignore_index=-1, **how),
             outputs=lambda y: y[torch.arange(3), last].softmax(-1))

    whole = torch.tensor([[1, 2, 3, 4], [6, 5, 1, 1], [2, 2, 3, 6]])
    next_token({}, whole, torch.tensor([5, 2, 1]))
    next_token({"label_smoothing": 0.125}, whole, torch.tensor([5, 2, 1]), label_smoothing=0.125)
    next_token({}, torch.tensor([[1, 2, 0, 0], [6, 5, 1, 1], [2, 0, 0, 0]]), torch.tensor([-1, 2, 0]))


def distributions():
    """How PyTorch's initial weights are spread: the bound of a uniform, or the deviation of a normal distribution."""
    return [{"block": "extractor/linear", "shape": [50], "params": {"out_features": 400}, "bound": 1 / math.sqrt(50)},
            {"block": "extractor/conv2d", "shape": [6, 9, 9], "params": {"out_channels": 60, "kernel": 5, "groups": 2},
             "bound": 1 / math.sqrt(3 * 25)}]


if __name__ == "__main__":
    for make in (linear_layers, pools, norms, activations, shapes, heads, sequences, language):
        make()
    path = Path(__file__).resolve().parent.parent / "blocks" / "layers_reference.json"
    body = ",\n".join(json.dumps(one) for one in CASES)
    path.write_text('{"torch": "%s",\n"cases": [\n%s\n],\n"distributions": %s}\n' % (torch.__version__, body, json.dumps(distributions())))
