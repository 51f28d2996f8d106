"""Right answers in other styles: each must get full marks."""

import numpy as np
import torch

from autograder.graders.hw5_convnet import reference


def make_convnet(num_channels, image_size, num_classes):
    """Two convolutions, pooling after each, a linear layer."""
    return torch.nn.Sequential(
        torch.nn.Conv2d(num_channels, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(16, 32, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Flatten(), torch.nn.Linear(32 * (image_size // 4) ** 2, num_classes))


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
    model = make_convnet(X_train.shape[1], X_train.shape[2], int(y_train.max()) + 1)
    _fit(model, X_train, y_train, 15, 0.1, 20, device)
    with torch.no_grad():
        scores = model(torch.as_tensor(np.array(X_test), dtype=torch.float32))
    return scores.argmax(1).numpy()


RIGHT = {name: getattr(reference, name) for name in (
    "conv_forward", "conv_backward", "im2col", "conv_im2col", "max_pool_forward",
    "max_pool_backward", "batch_norm_forward", "batch_norm_backward", "dropout_forward")} | {
    "make_convnet": make_convnet, "accuracy": _accuracy, "fit": _fit,
    "classify_images": _classify_images}


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


def _step_by_step():
    """Batch normalisation backward through every node of the graph."""
    def batch_norm_backward(dout, x, gamma, eps=1e-5):
        N = len(x)
        mu = np.sum(x, axis=0) / N
        centred = x - mu
        var = np.sum(centred**2, axis=0) / N
        root = np.sqrt(var + eps)
        inverse = 1 / root
        dnormal = dout * gamma
        dinverse = np.sum(dnormal * centred, axis=0)
        dcentred = dnormal * inverse
        dvar = -0.5 * dinverse / root**3
        dcentred = dcentred + 2 * centred * dvar / N
        dx = dcentred - np.sum(dcentred, axis=0) / N
        return dx, np.sum(dout * centred * inverse, axis=0), np.sum(dout, axis=0)

    def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.9,
                           eps=1e-5):
        if not train:
            scale = gamma / np.sqrt(running_var + eps)
            return scale * x + (beta - scale * running_mean), running_mean, running_var
        mu = x.mean(0)
        var = ((x - mu) ** 2).mean(0)
        out = (x - mu) * (var + eps) ** -0.5 * gamma + beta
        return (out, running_mean + (1 - momentum) * (mu - running_mean),
                running_var + (1 - momentum) * (var - running_var))

    return _named(batch_norm_backward, batch_norm_forward)


def _other_masks():
    def dropout_forward(x, keep_prob, train, rng):
        if not train:
            return x.copy()
        mask = rng.binomial(1, keep_prob, size=x.shape) / keep_prob
        return x * mask

    return _named(dropout_forward)


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


def _single_precision():
    def in_single(function):
        def run(*arrays):
            cut = [np.float32(a) if isinstance(a, np.ndarray) else a for a in arrays]
            values = function(*cut)
            return tuple(map(np.float32, values)) if isinstance(values, tuple) else \
                np.float32(values)
        return run

    return RIGHT | {name: in_single(RIGHT[name]) for name in (
        "conv_forward", "conv_backward", "max_pool_forward", "max_pool_backward")}


VARIANTS = {"reference": RIGHT, "loops": _loops(), "in torch": _in_torch(),
            "by matrices": _by_matrices(), "slices": _slices(), "step by step": _step_by_step(),
            "other masks": _other_masks(), "classes": _classes(), "loaders": _loaders(),
            "by hand": _by_hand(), "single precision": _single_precision()}

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
    "dropout_forward: `rng.uniform(size=x.shape) < keep_prob` to "
    "`rng.uniform(size=x.shape) <= keep_prob`": "equality has the probability 0",
    "dropout_forward: `np.array(x, dtype=float)` to `x`": "the same numbers",
    "accuracy: `np.array(images)` to `images`": _TENSOR,
    "fit: `np.array(images)` to `images`": _TENSOR,
}
