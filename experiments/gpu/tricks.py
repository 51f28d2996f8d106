"""The tricks of fast training on CIFAR-10, each a few lines.

Sources: Page, "How to train your ResNet" (2018); Jordan, "94% on CIFAR-10 in 3.29 seconds on a
single GPU" (2024); Jordan and others, "Muon" (2024).
"""

import torch
from torch import nn
from torch.nn import functional

SIDE = 32


# --- data -------------------------------------------------------------------------------------

def padded(images: torch.Tensor, pad: int) -> torch.Tensor:
    """Bytes (N, 32, 32, 3) with `pad` reflected pixels on each side; stays bytes."""
    inside = torch.arange(-pad, SIDE + pad, device=images.device).abs()
    inside = torch.minimum(inside, 2 * (SIDE - 1) - inside)
    return images[:, inside][:, :, inside]


def windows(images: torch.Tensor, rows: torch.Tensor, shifts: torch.Tensor,
            mirrored: torch.Tensor) -> torch.Tensor:
    """Crop and flip the images `rows` of padded bytes in one indexing operation.

    rows: (n,); shifts: (n, 2), top and left edge; mirrored: (n,) of bool. Returns (n, 3, 32, 32)
    that lies in memory with the channels last.
    """
    span = torch.arange(SIDE, device=images.device)
    across = torch.where(mirrored[:, None], SIDE - 1 - span, span)
    top, left = shifts[:, :1] + span, shifts[:, 1:] + across
    return images[rows[:, None, None], top[:, :, None], left[:, None, :]].permute(0, 3, 1, 2)


def random_shifts(count: int, pad: int, device: str) -> torch.Tensor:
    """Window positions (count, 2), each of the (2 pad + 1)^2 equally likely."""
    return torch.randint(0, 2 * pad + 1, (count, 2), device=device)


def alternating(first: torch.Tensor, rows: torch.Tensor, epoch: torch.Tensor) -> torch.Tensor:
    """Which images to flip: in two epochs each appears once each way (Jordan 2024, section 3.6).

    first: for each image of the training set, whether it starts flipped; epoch: one number.
    """
    return first[rows] ^ (epoch % 2 == 1)


# --- initialisation ---------------------------------------------------------------------------

@torch.no_grad()
def whiten(layer: nn.Conv2d, images: torch.Tensor, eps: float = 5e-4) -> None:
    """Make the outputs of the first layer uncorrelated and of variance 1, and freeze its filters.

    The filters are the eigenvectors of the patches' covariance, divided by the roots of their
    eigenvalues, the largest first, and the negatives of these (Page 2018, part 8).
    images: (N, C, H, W).
    """
    size = layer.kernel_size[0]
    patches = functional.unfold(images.float(), size).transpose(1, 2).flatten(0, 1)
    values, vectors = torch.linalg.eigh(patches.T @ patches / len(patches))
    filters = (vectors / (values + eps).sqrt()).T.flip(0).reshape(-1, *layer.weight.shape[1:])
    layer.weight.copy_(torch.cat([filters, -filters]))
    layer.bias.zero_()
    layer.weight.requires_grad = False


@torch.no_grad()
def dirac(model: nn.Module) -> None:
    """Let the first filters of each 3 x 3 convolution pass their inputs on (Jordan 2024).

    At the start the network is then as if it had skip connections.
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d) and layer.kernel_size == (3, 3):
            nn.init.dirac_(layer.weight[:layer.in_channels])


# --- loss -------------------------------------------------------------------------------------

def smoothed_loss(logits: torch.Tensor, labels: torch.Tensor, smoothing: float) -> torch.Tensor:
    """Sum of the cross-entropies with targets (1 - s) one-hot + s / 10; gradient p - target."""
    log_p = functional.log_softmax(logits.float(), dim=1)
    true = log_p.gather(1, labels[:, None]).squeeze(1)
    return -((1 - smoothing) * true + smoothing * log_p.mean(1)).sum()


# --- optimisation -----------------------------------------------------------------------------

def triangle(t: float, start: float = 0.2, peak: float = 0.23, end: float = 0.07) -> float:
    """Learning rate at a share t of training: up along a line until `peak`, then down."""
    return start + (1 - start) * t / peak if t < peak else 1 - (1 - end) * (t - peak) / (1 - peak)


def falling(t: float, until: float = 1.0) -> float:
    """Learning rate at a share t of training: down along a line to 0 at `until`."""
    return max(0.0, 1 - t / until)


@torch.no_grad()
def lookahead(slow: list[torch.Tensor], fast: list[torch.Tensor], decay: float) -> None:
    """Move the slow weights towards the fast ones, then set the fast ones back to them.

    With a decay that grows over training (Jordan 2024) late steps are averaged over longer.
    """
    torch._foreach_lerp_(slow, fast, 1 - decay)
    torch._foreach_copy_(fast, slow)


def orthogonal(G: torch.Tensor, steps: int = 3) -> torch.Tensor:
    """Nearly U V^T for G = U S V^T, by a Newton-Schulz iteration of matrix products.

    All singular values are pushed to between 0.5 and 1.5. The coefficients make small ones
    grow as fast as possible (Jordan and others, "Muon", 2024).
    """
    X = G.bfloat16()
    X = X / (X.norm() + 1e-7)
    tall = X.shape[0] > X.shape[1]
    X = X.T if tall else X
    for _ in range(steps):
        A = X @ X.T
        X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
    return (X.T if tall else X).to(G.dtype)


class Nesterov:
    """Gradient descent with Nesterov momentum for parameters that share a learning rate.

    The rate is multiplied by `scale`, a number on the device, so that a recorded step follows a
    schedule. `decay` is the share of each weight that a step at full rate takes off.
    """

    def __init__(self, weights: list, rate: float, momentum: float, decay: float,
                 scale: torch.Tensor):
        self.weights, self.rate, self.scale = weights, rate, scale
        self.momentum, self.decay = momentum, decay
        self.moving = [torch.zeros_like(w) for w in weights]

    def reset(self) -> None:
        """Forget the steps so far, without changing where anything lies."""
        torch._foreach_zero_(self.moving)

    def _directions(self, gradients: list) -> list:
        torch._foreach_mul_(self.moving, self.momentum)
        torch._foreach_add_(self.moving, gradients)
        return torch._foreach_add(gradients, self.moving, alpha=self.momentum)

    @torch.no_grad()
    def step(self) -> None:
        """One step with the gradients that are there."""
        gradients = torch._foreach_add([w.grad for w in self.weights], self.weights,
                                       alpha=self.decay / self.rate)
        moves = self._directions(gradients)
        torch._foreach_mul_(moves, self.rate)
        torch._foreach_mul_(moves, self.scale.to(moves[0].dtype))
        torch._foreach_sub_(self.weights, moves)


class Muon(Nesterov):
    """For filters: the direction, as a matrix with a row for each filter, is made orthogonal.

    Before each step the layer's weights are scaled to norm sqrt(number of filters), instead of
    weight decay.
    """

    @torch.no_grad()
    def step(self) -> None:
        """One step with the gradients that are there."""
        for w, move in zip(self.weights, self._directions([w.grad for w in self.weights]),
                           strict=True):
            w.mul_(len(w)**0.5 / w.norm())
            update = orthogonal(move.flatten(1)).reshape(w.shape)
            w.sub_(self.rate * self.scale.to(w.dtype) * update)


# --- evaluation -------------------------------------------------------------------------------

def six_views(images: torch.Tensor) -> list[tuple[float, torch.Tensor]]:
    """Weights and versions of test images: as they are and shifted by a pixel along each diagonal
    direction, each also flipped. The unshifted count as much as the four shifted together.
    """
    wide = functional.pad(images, (1, 1, 1, 1), mode="reflect")
    unflipped = [(0.25, images), (0.125, wide[:, :, :SIDE, :SIDE]), (0.125, wide[:, :, 2:, 2:])]
    return [(weight, view) for weight, x in unflipped for view in (x, x.flip(3))]


VIEWS = {"none": lambda x: [(1.0, x)], "flip": lambda x: [(0.5, x), (0.5, x.flip(3))],
         "six views": six_views}


def averaged_logits(model: nn.Module, images: torch.Tensor, views: str) -> torch.Tensor:
    """Test-time augmentation: the weighted mean of the logits over the views of each image."""
    return sum(weight * model(view).float() for weight, view in VIEWS[views](images))
