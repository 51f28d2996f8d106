"""Right answers in other styles: each must get full marks."""

import functools

import numpy as np
import torch

from autograder.graders.hw5_convnet import reference


def _accuracy(model, images, labels, device):
    model.eval()
    with torch.no_grad():
        scores = model(torch.as_tensor(np.array(images), dtype=torch.float32, device=device))
    return (scores.argmax(1).cpu().numpy() == labels).mean()


def _fit(model, images, labels, epochs, lr, batch_size, device):
    model.train()
    images = torch.as_tensor(np.array(images), dtype=torch.float32, device=device)
    labels = torch.as_tensor(np.array(labels).astype(np.int64), device=device)
    optimizer, losses = torch.optim.SGD(model.parameters(), lr=lr), []
    for _ in range(epochs):
        for rows in torch.randperm(len(images)).split(batch_size):
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(images[rows]), labels[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def _classify_images(X_train, y_train, X_test, device):
    torch.manual_seed(0)
    mean, spread = X_train.mean(), X_train.std()
    model = reference.make_convnet(X_train.shape[1], X_train.shape[2], int(y_train.max()) + 1)
    for epochs, lr in [(8, 0.05), (2, 0.01)]:
        _fit(model, (X_train - mean) / spread, y_train, epochs, lr, 20, device)
    with torch.no_grad():
        scores = model(torch.tensor((X_test - mean) / spread, dtype=torch.float32))
    return scores.argmax(1).numpy()


RIGHT = {name: getattr(reference, name) for name in (
    "conv_forward", "conv_backward", "im2col", "conv_im2col", "max_pool_forward",
    "max_pool_backward", "make_convnet")} | {
        "accuracy": _accuracy, "fit": _fit, "classify_images": _classify_images}


def _named(*functions):
    return RIGHT | {function.__name__: function for function in functions}


def _loops():
    def conv_forward(x, w, b, stride, pad):
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        big = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        big[:, :, pad:pad + H, pad:pad + W] = x
        OH, OW = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
        out = np.zeros((N, F, OH, OW))
        for n in range(N):
            for f in range(F):
                for i in range(OH):
                    for j in range(OW):
                        field = big[n, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
                        out[n, f, i, j] = np.sum(field * w[f]) + b[f]
        return out

    def conv_backward(dout, x, w, stride, pad):
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        big = np.pad(x, ((0, 0), (0, 0), (pad,) * 2, (pad,) * 2)).astype(float)
        dbig, dw, db = np.zeros(big.shape), np.zeros(w.shape), np.zeros(F)
        for n, f, i, j in np.ndindex(dout.shape):
            rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
            g = dout[n, f, i, j]
            dw[f] += g * big[n, :, rows, columns]
            dbig[n, :, rows, columns] += g * w[f]
            db[f] += g
        return dbig[:, :, pad:pad + H, pad:pad + W], dw, db

    def max_pool_forward(x, size, stride):
        N, C, H, W = x.shape
        out = np.zeros((N, C, (H - size) // stride + 1, (W - size) // stride + 1))
        for n, c, i, j in np.ndindex(out.shape):
            out[n, c, i, j] = max(x[n, c, i * stride + u, j * stride + v]
                                  for u in range(size) for v in range(size))
        return out

    return _named(conv_forward, conv_backward, max_pool_forward)


def _in_torch():
    def conv_forward(x, w, b, stride, pad):
        x, w, b = (torch.as_tensor(np.array(a, float)) for a in (x, w, b))
        return torch.nn.functional.conv2d(x, w, b, stride=stride, padding=pad).numpy()

    def max_pool_forward(x, size, stride):
        x = torch.as_tensor(np.array(x, float))
        return torch.nn.functional.max_pool2d(x, size, stride).numpy()

    return _named(conv_forward, max_pool_forward)


def _by_matrices():
    def im2col(x, height, width, stride, pad):
        x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        OH = (x.shape[2] - height) // stride + 1
        OW = (x.shape[3] - width) // stride + 1
        columns = np.zeros((len(x), x.shape[1], height, width, OH, OW))
        for h in range(height):
            for v in range(width):
                columns[:, :, h, v] = x[:, :, h:h + stride * OH:stride, v:v + stride * OW:stride]
        return columns.transpose(0, 4, 5, 1, 2, 3).reshape(len(x) * OH * OW, -1)

    def conv_im2col(x, w, b, stride, pad):
        F, _, HH, WW = w.shape
        rows = im2col(x, HH, WW, stride, pad) @ w.reshape(F, -1).T + b
        OH = (x.shape[2] + 2 * pad - HH) // stride + 1
        return rows.reshape(len(x), OH, -1, F).transpose(0, 3, 1, 2)

    return _named(im2col, conv_im2col)


def _slices():
    """Pooling by shifted slices."""
    def max_pool_forward(x, size, stride):
        OH, OW = (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1
        shifted = [x[:, :, u:u + stride * OH:stride, v:v + stride * OW:stride]
                   for u in range(size) for v in range(size)]
        return np.max(shifted, axis=0)

    def max_pool_backward(dout, x, size, stride):
        out, dx = max_pool_forward(x, size, stride), np.zeros(x.shape)
        OH, OW = out.shape[2:]
        for u in range(size):
            for v in range(size):
                part = (slice(None), slice(None), slice(u, u + stride * OH, stride),
                        slice(v, v + stride * OW, stride))
                dx[part] += dout * (x[part] == out)
        return dx

    return _named(max_pool_forward, max_pool_backward)


def _classes():
    class Network(torch.nn.Module):
        def __init__(self, channels, size, classes):
            super().__init__()
            self.first = torch.nn.Conv2d(channels, 8, 3, padding=1)
            self.norm = torch.nn.BatchNorm2d(8)
            self.second = torch.nn.Conv2d(8, 24, 3, stride=2, padding=1)
            self.drop = torch.nn.Dropout(0.1)
            self.out = torch.nn.Linear(24, classes)

        def forward(self, x):
            x = torch.relu(self.norm(self.first(x)))
            x = torch.relu(self.second(x)).mean(dim=(2, 3))
            return self.out(self.drop(x))

    def make_convnet(num_channels, image_size, num_classes):
        return Network(num_channels, image_size, num_classes)

    return _named(make_convnet)


def _loaders():
    def fit(model, images, labels, epochs, lr, batch_size, device):
        data = torch.utils.data.TensorDataset(
            torch.tensor(np.array(images)).float(), torch.tensor(np.array(labels)).long())
        loader = torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True)
        criterion, losses = torch.nn.CrossEntropyLoss(), []
        optimizer = torch.optim.SGD(model.to(device).train().parameters(), lr)
        for _ in range(epochs):
            for x, y in loader:
                loss = criterion(model(x.to(device)), y.to(device))
                model.zero_grad()
                loss.backward()
                optimizer.step()
                losses.append(float(loss))
        return losses

    def accuracy(model, images, labels, device):
        was_training, right = model.training, 0
        model.eval()
        for start in range(0, len(images), 64):
            x = torch.from_numpy(np.array(images[start:start + 64])).float().to(device)
            guesses = model(x).max(dim=1).indices.tolist()
            right += sum(a == b for a, b in zip(guesses, labels[start:start + 64]))
        model.train(was_training)
        return right / len(images)

    return _named(fit, accuracy)


def _by_hand():
    """Steps without an optimizer."""
    def fit(model, images, labels, epochs, lr, batch_size, device):
        x = torch.tensor(np.array(images), dtype=torch.float32)
        y, losses = torch.tensor(np.array(labels).astype(int)), []
        model.train()
        for _ in range(epochs):
            order = torch.randperm(len(x))
            for i in range(0, len(x), batch_size):
                rows = order[i:i + batch_size]
                scores = model(x[rows])
                loss = -torch.log_softmax(scores, 1)[torch.arange(len(rows)), y[rows]].mean()
                grads = torch.autograd.grad(loss, list(model.parameters()))
                with torch.no_grad():
                    for parameter, grad in zip(model.parameters(), grads):
                        parameter -= lr * grad
                losses.append(loss.item())
        return np.array(losses)

    return _named(fit)


LAYERS = ("conv_forward", "conv_backward", "im2col", "conv_im2col", "max_pool_forward",
          "max_pool_backward")


def _single_precision():
    def in_single(function):
        def run(*arrays):
            cut = [np.float32(a) if isinstance(a, np.ndarray) else a for a in arrays]
            values = function(*cut)
            return tuple(map(np.float32, values)) if isinstance(values, tuple) else \
                np.float32(values)
        return run

    return RIGHT | {name: in_single(RIGHT[name]) for name in LAYERS}


def _single_throughout():
    """Every number in single precision, summed channel by channel."""
    def conv_forward(x, w, b, stride, pad):
        x, w, b = (np.float32(a) for a in (x, w, b))
        view = reference.windows(np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)]),
                                 *w.shape[2:], stride)
        out = np.zeros((len(x), len(w), *view.shape[2:4]), np.float32)
        for c in range(x.shape[1]):
            out += np.tensordot(view[:, c], w[:, c], [(3, 4), (1, 2)]).transpose(0, 3, 1, 2)
        return out + b[None, :, None, None]

    return _named(conv_forward)


def changed(functions, change):
    """The functions, what they return in another form."""
    def other(function):
        return lambda *args: change(function(*args))

    return {name: other(function) for name, function in functions.items()}


def _changed(change):
    return RIGHT | changed({name: RIGHT[name] for name in LAYERS}, change)


def listed(value):
    return tuple(map(listed, value)) if isinstance(value, tuple) else np.asarray(value).tolist()


def as_list_of_arrays(value):
    return list(value) if isinstance(value, tuple) else value


def as_tensors(value):
    if isinstance(value, tuple):
        return tuple(map(as_tensors, value))
    return torch.tensor(np.array(value), requires_grad=True)


def in_fortran_order(value):
    return tuple(map(np.asfortranarray, value)) if isinstance(value, tuple) else \
        np.asfortranarray(value)


class Callable:
    """An object with the function's parameters that hands a call on."""

    def __init__(self, function):
        self.function = function

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)


def _autograd():
    """Gradients by PyTorch; tensors come back."""
    def tensors(*arrays):
        return [torch.tensor(np.array(a, float), requires_grad=True) for a in arrays]

    def conv_backward(dout, x, w, stride, pad):
        leaves = tensors(x, w, np.zeros(len(w)))
        out = torch.nn.functional.conv2d(*leaves, stride=stride, padding=pad)
        return torch.autograd.grad(out, leaves, torch.tensor(np.array(dout, float)))

    def max_pool_backward(dout, x, size, stride):
        (leaf,) = tensors(x)
        torch.nn.functional.max_pool2d(leaf, size, stride).backward(
            torch.tensor(np.array(dout, float)))
        return leaf.grad

    def im2col(x, height, width, stride, pad):
        rows = torch.nn.functional.unfold(torch.tensor(np.array(x, float)), (height, width),
                                          padding=pad, stride=stride)
        return rows.transpose(1, 2).flatten(0, 1)

    return _named(conv_backward, max_pool_backward, im2col)


def _by_indices():
    """Fancy indices for all windows at once, and `np.add.at` for the way back."""
    def places(shape, height, width, stride):
        _, C, H, W = shape
        rows, columns = (H - height) // stride + 1, (W - width) // stride + 1
        c, h, v = (a.ravel() for a in np.mgrid[:C, :height, :width])
        i, j = (stride * a.ravel() for a in np.mgrid[:rows, :columns])
        return c[None], i[:, None] + h, j[:, None] + v, (rows, columns)

    def framed(x, pad):
        return np.pad(np.asarray(x, float), [(0, 0), (0, 0), (pad, pad), (pad, pad)])

    def im2col(x, height, width, stride, pad):
        big = framed(x, pad)
        c, i, j, _ = places(big.shape, height, width, stride)
        return np.concatenate(list(big[:, c, i, j]))

    def conv_forward(x, w, b, stride, pad):
        big = framed(x, pad)
        c, i, j, shape = places(big.shape, *w.shape[2:], stride)
        out = big[:, c, i, j] @ w.reshape(len(w), -1).T + b
        return out.swapaxes(1, 2).reshape(len(x), len(w), *shape)

    def conv_backward(dout, x, w, stride, pad):
        big = framed(x, pad)
        c, i, j, _ = places(big.shape, *w.shape[2:], stride)
        flat = dout.reshape(*dout.shape[:2], -1)
        dw = np.einsum("nfp,npk->fk", flat, big[:, c, i, j])
        dbig = np.zeros_like(big)
        np.add.at(dbig, (slice(None), c, i, j), np.einsum("nfp,fk->npk", flat,
                                                         w.reshape(len(w), -1)))
        inner = dbig[:, :, pad:dbig.shape[2] - pad, pad:dbig.shape[3] - pad]
        return inner, dw.reshape(w.shape), flat.sum((0, 2))

    return _named(im2col, conv_forward, conv_backward)


def _without_im2col():
    """One product each for the places of the window, or windows as a view."""
    def conv_im2col(x, w, b, stride, pad):
        F, C, HH, WW = w.shape
        big = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        OH, OW = (big.shape[2] - HH) // stride + 1, (big.shape[3] - WW) // stride + 1
        out = 0.0
        for h in range(HH):
            for v in range(WW):
                part = big[:, :, h:h + stride * OH:stride, v:v + stride * OW:stride]
                out = out + np.tensordot(w[:, :, h, v], part, axes=(1, 1))
        return np.moveaxis(out, 0, 1) + np.reshape(b, (F, 1, 1))

    def im2col(x, height, width, stride, pad):
        big = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        N, C, H, W = big.shape
        shape = (N, (H - height) // stride + 1, (W - width) // stride + 1, C, height, width)
        n, c, h, v = big.strides
        view = np.lib.stride_tricks.as_strided(
            big, shape, (n, stride * h, stride * v, c, h, v), writeable=False)
        return view.reshape(-1, C * height * width)

    return _named(conv_im2col, im2col)


def _generators():
    """Rows from a generator, maxima by recursion."""
    def im2col(x, height, width, stride, pad):
        big = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])

        def rows():
            for image in big:
                for top in range(0, image.shape[1] - height + 1, stride):
                    for left in range(0, image.shape[2] - width + 1, stride):
                        yield image[:, top:top + height, left:left + width].ravel()

        return list(rows())

    def largest(numbers):
        if len(numbers) == 1:
            return numbers[0]
        half = len(numbers) // 2
        return max(largest(numbers[:half]), largest(numbers[half:]))

    def max_pool_forward(x, size, stride):
        def pooled(channel):
            return [[largest(channel[i:i + size, j:j + size].ravel().tolist())
                     for j in range(0, channel.shape[1] - size + 1, stride)]
                    for i in range(0, channel.shape[0] - size + 1, stride)]

        return [[pooled(channel) for channel in image] for image in x]

    def max_pool_backward(dout, x, size, stride):
        dx = np.zeros(x.shape)
        for (n, c, i, j), g in np.ndenumerate(dout):
            top, left = i * stride, j * stride
            places = [(top + u, left + v) for u in range(size) for v in range(size)]
            dx[(n, c, *max(places, key=lambda p: x[(n, c, *p)]))] += g
        return dx

    return _named(im2col, max_pool_forward, max_pool_backward)


def _network(*layers, rest=lambda side: side // 4, width=32):
    """A `make_convnet` from functions that make layers, each from the number of channels.

    `rest` gives the places' number along a side, before the last layer, from that of the images.
    """
    nn = torch.nn

    def make_convnet(num_channels, image_size, num_classes):
        return nn.Sequential(*(layer(num_channels) for layer in layers), nn.Flatten(),
                             nn.Linear(width * rest(image_size) ** 2, num_classes))

    return make_convnet


def _plain_layers(activation=torch.nn.ReLU, pool=lambda: torch.nn.MaxPool2d(2),
                  convolution=torch.nn.Conv2d, **options):
    return [lambda c: convolution(c, 16, 3, padding=1, **options), lambda _: activation(),
            lambda _: pool(), lambda _: convolution(16, 32, 3, padding=1, **options),
            lambda _: activation(), lambda _: pool()]


def _started(change, make=None):
    """Other parameters at the start: `change(parameter, whether it is of the last layer)`."""
    make = make or _network(*_plain_layers())

    def make_convnet(*sizes):
        network = make(*sizes)
        last = list(network[-1].parameters())
        with torch.no_grad():
            for parameter in network.parameters():
                change(parameter, any(parameter is other for other in last))
        return network

    return make_convnet


def _by_he(parameter, last):
    if parameter.ndim == 1:
        parameter.zero_()
    else:
        torch.nn.init.kaiming_normal_(parameter)


def _last_at_zero(parameter, last):
    if last:
        parameter.zero_()


class _Own(torch.nn.Conv2d):
    """A kind of `nn.Conv2d`."""


def _weight_normed(*args, **kwargs):
    return torch.nn.utils.parametrizations.weight_norm(torch.nn.Conv2d(*args, **kwargs))


def _functional(forward, rest=lambda side: 1):
    """A class with two convolutions `a`, `b` and a linear layer `out`, and this forward pass."""
    class Network(torch.nn.Module):
        def __init__(self, channels, size, classes):
            super().__init__()
            self.a = torch.nn.Conv2d(channels, 16, 3, padding=1)
            self.b = torch.nn.Conv2d(16, 32, 3, padding=1)
            self.out = torch.nn.Linear(32 * rest(size) ** 2, classes)

        def forward(self, x):
            return forward(self, x)

    return Network


def _pooled_last(net, x):
    x = torch.nn.functional.max_pool2d(net.b(net.a(x).clamp(min=0)).clamp(min=0), 4)
    return net.out(x.flatten(1))


def _lazy(num_channels, image_size, num_classes):
    nn = torch.nn
    network = nn.Sequential(nn.LazyConv2d(16, 3, padding=1), nn.ELU(), nn.AvgPool2d(2),
                            nn.LazyConv2d(16, 3), nn.ELU(), nn.Flatten(),
                            nn.LazyLinear(num_classes))
    network(torch.zeros(1, num_channels, image_size, image_size))
    return network


def _residual(num_channels, image_size, num_classes):
    class Block(torch.nn.Module):
        def __init__(self, width):
            super().__init__()
            self.first, self.second = (
                torch.nn.Conv2d(width, width, 3, padding=1, bias=False) for _ in range(2))
            self.norms = torch.nn.ModuleList(torch.nn.BatchNorm2d(width) for _ in range(2))

        def forward(self, x):
            inner = torch.relu(self.norms[0](self.first(x)))
            return torch.relu(x + self.norms[1](self.second(inner)))

    nn = torch.nn
    return nn.Sequential(nn.Conv2d(num_channels, 16, 3, stride=2, padding=1), Block(16),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2),
                         nn.Linear(16, num_classes))


_STRIDED = [lambda c: torch.nn.Conv2d(c, 16, 3, stride=2, padding=1), lambda _: torch.nn.SiLU(),
            lambda _: torch.nn.Conv2d(16, 32, 3, stride=2, padding=1),
            lambda _: torch.nn.BatchNorm2d(32), lambda _: torch.nn.SiLU()]
NETWORKS = {
    "no biases": _network(*_plain_layers(bias=False)),
    "He's start": _started(_by_he), "last layer at 0": _started(_last_at_zero),
    "small weights": _started(lambda parameter, last: parameter.normal_(std=0.01)),
    "leaky": _network(*_plain_layers(torch.nn.LeakyReLU)),
    "sigmoid and averages": _network(*_plain_layers(
        torch.nn.Sigmoid, lambda: torch.nn.AvgPool2d(2))),
    "a kind of Conv2d": _network(*_plain_layers(convolution=_Own)),
    "weight normalisation": _network(*_plain_layers(convolution=_weight_normed)),
    "strides": _network(*_STRIDED), "lazy layers": _lazy, "skip connections": _residual,
    "mean over places": _functional(lambda net, x: net.out(
        torch.relu(net.b(torch.relu(net.a(x)))).mean(dim=(2, 3)))),
    "largest of places": _functional(lambda net, x: net.out(
        torch.nn.functional.gelu(net.b(torch.tanh(net.a(x)))).amax(dim=(2, 3)))),
    "pooling by a function": _functional(_pooled_last, lambda side: side // 4),
    "activation by where": _functional(lambda net, x: net.out((lambda z: net.b(torch.where(
        z > 0, z, 0 * z)))(net.a(x))[:, :, ::2, ::2].flatten(1)), lambda side: side // 2),
}


def _tensor_losses():
    """Losses as tensors, other losses of the same value, a rate of the optimizer's own."""
    def fit(model, images, labels, epochs, lr, batch_size, device):
        x = torch.as_tensor(np.array(images, np.float32), device=device)
        y = torch.as_tensor(np.array(labels, np.int64), device=device)
        model.train()
        optimizer = torch.optim.SGD([{"params": list(model.parameters()), "lr": lr}], lr=1.0)
        losses = []
        for _ in range(epochs):
            for rows in torch.utils.data.BatchSampler(
                    torch.utils.data.RandomSampler(range(len(x))), batch_size, drop_last=False):
                scores = model(x[rows]).log_softmax(1)
                loss = torch.nn.functional.nll_loss(scores, y[rows], reduction="sum") / len(rows)
                losses.append(loss)
                optimizer.zero_grad(set_to_none=False)
                loss.backward()
                optimizer.step()
        return losses

    def accuracy(model, images, labels, device):
        with torch.inference_mode():
            scores = model.eval()(torch.tensor(np.array(images, np.float32), device=device))
        truth = torch.tensor(np.array(labels, np.int64), device=device)
        return (scores.topk(1).indices[:, 0] == truth).float().mean()

    return _named(fit, accuracy)


def _closures():
    """A step as a closure; accuracies by a generator, image by image."""
    def fit(model, images, labels, epochs, lr, batch_size, device):
        x, y = torch.tensor(np.array(images)).to(torch.float32), torch.tensor(
            np.array(labels).astype(np.int64))
        model.train(True)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.0, weight_decay=0.0)

        def step(rows):
            def closure():
                optimizer.zero_grad()
                loss = torch.nn.CrossEntropyLoss()(model(x[rows]), y[rows])
                loss.backward()
                return loss
            return float(optimizer.step(closure).detach())

        def rows():
            for _ in range(epochs):
                order = torch.randperm(len(x)).tolist()
                yield from (order[i:i + batch_size] for i in range(0, len(x), batch_size))

        return [np.float32(step(batch)) for batch in rows()]

    def accuracy(model, images, labels, device):
        model.eval()
        return np.float32(sum(int(model(torch.tensor(np.array(image, np.float32))[None])
                                  .argmax()) == label for image, label in zip(images, labels))
                          / len(labels))

    return _named(fit, accuracy)


def _adam():
    def classify_images(X_train, y_train, X_test, device):
        torch.manual_seed(3)
        model = reference.make_convnet(X_train.shape[1], X_train.shape[2], 1 + y_train.max())
        x, y = torch.tensor(np.array(X_train, np.float32)), torch.tensor(np.array(y_train))
        optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
        for _ in range(25):
            for rows in torch.randperm(len(x)).split(50):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(model(x[rows]), y[rows]).backward()
                optimizer.step()
        return model.eval()(torch.tensor(np.array(X_test, np.float32))).argmax(1).tolist()

    return _named(classify_images)


VARIANTS = {
    "reference": RIGHT, "loops": _loops(), "in torch": _in_torch(), "by matrices": _by_matrices(),
    "slices": _slices(),
    "classes": _classes(), "loaders": _loaders(), "by hand": _by_hand(),
    "single precision": _single_precision(), "single throughout": _single_throughout(),
    "nested lists": _changed(listed), "lists of arrays": _changed(as_list_of_arrays),
    "tensors": _changed(as_tensors), "column by column": _changed(in_fortran_order),
    "callable objects": RIGHT | {name: Callable(RIGHT[name]) for name in LAYERS},
    "partial": RIGHT | {name: functools.partial(RIGHT[name]) for name in LAYERS},
    "autograd": _autograd(), "by indices": _by_indices(), "without im2col": _without_im2col(),
    "generators": _generators(), "tensor losses": _tensor_losses(), "closures": _closures(),
    "adam": _adam(),
    **{f"network: {name}": RIGHT | {"make_convnet": make} for name, make in NETWORKS.items()},
}

# functions without mutants, and mutants that are as right as the solutions (soundness/mutants.py)
FREE = {
    "make_convnet": "its sizes are the student's choice",
    "classify_images": "its numbers are the student's choice: what reaches the accuracy is right",
}
_ALL = "every entry is written"
_NEGATIVE = "NumPy takes any negative length for the unknown one"
_AXES = "the order of the axes that a maximum is taken over"
_TENSOR = "PyTorch makes the copy itself"
EQUIVALENT = {
    "conv_forward: `np.zeros((len(x), num_filters, rows, columns))` to "
    "`np.ones((len(x), num_filters, rows, columns))`": _ALL,
    "im2col: `np.zeros((len(x), rows, columns, x.shape[1], height, width))` to "
    "`np.ones((len(x), rows, columns, x.shape[1], height, width))`": _ALL,
    "max_pool_forward: `np.zeros((*x.shape[:2], rows, columns))` to "
    "`np.ones((*x.shape[:2], rows, columns))`": _ALL,
    "im2col: `1` to `2` (3)": _NEGATIVE,
    "conv_im2col: `1` to `2` (4)": _NEGATIVE,
    "max_pool_forward: `(2, 3)` to `(3, 2)`": _AXES,
    "max_pool_backward: `(2, 3)` to `(3, 2)`": _AXES,
    "accuracy: `np.array(images)` to `images`": _TENSOR,
    "fit: `np.array(images)` to `images`": _TENSOR,
}
