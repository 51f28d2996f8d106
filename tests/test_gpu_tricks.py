"""The tricks of the GPU experiment do what their docstrings say, tested on a CPU."""

import sys
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments"))
from gpu import loops, memory, recipes, tricks
from gpu.networks import NETWORKS, flops_per_image


@pytest.fixture
def photos():
    """Sixty-four training and sixteen test images of noise."""
    torch.manual_seed(0)
    images = torch.randint(0, 256, (80, 32, 32, 3), dtype=torch.uint8)
    labels = torch.arange(80) % 10
    return {"train": (images[:64], labels[:64]), "test": (images[64:], labels[64:])}


def trainer(photos, **settings):
    """A trainer of the small network at width 2."""
    recipe = recipes.Recipe(**{"network": "small", "batch": 16, "epochs": 2, "pad": 2} | settings)
    return recipes.Trainer(recipe, *photos["train"], 2, "cpu")


def test_padding_reflects_as_pytorch_does(photos):
    images = photos["train"][0]
    ours = tricks.padded(images, 4).permute(0, 3, 1, 2).float()
    theirs = functional.pad(images.permute(0, 3, 1, 2).float(), (4, 4, 4, 4), mode="reflect")
    assert torch.equal(ours, theirs)


def test_windows_are_the_crops_and_flips_made_one_by_one(photos):
    images = tricks.padded(photos["train"][0], 2)
    rows, shifts = torch.tensor([5, 3, 60]), torch.tensor([[0, 4], [2, 2], [4, 1]])
    flips = torch.tensor([True, False, True])
    made = tricks.windows(images, rows, shifts, flips)
    assert made.is_contiguous(memory_format=torch.channels_last)
    for window, row, (top, left), flip in zip(made, rows, shifts, flips, strict=True):
        crop = images[row, top:top + 32, left:left + 32].permute(2, 0, 1)
        assert torch.equal(window, crop.flip(2) if flip else crop)


def test_every_shift_is_equally_likely():
    torch.manual_seed(0)
    pad, count = 4, 81_000
    shifts = tricks.random_shifts(count, pad, "cpu")
    seen = torch.bincount(9 * shifts[:, 0] + shifts[:, 1], minlength=81).double()
    assert len(seen) == 81
    assert ((seen - 1000)**2 / 1000).sum() < 125  # chi-square with 80 degrees of freedom: 99.9%


def test_alternating_flip_shows_each_image_once_each_way():
    torch.manual_seed(0)
    first, rows = torch.rand(100) < 0.5, torch.randperm(100)
    epochs = [tricks.alternating(first, rows, torch.tensor(epoch)) for epoch in range(4)]
    assert torch.equal(epochs[0], ~epochs[1]) and torch.equal(epochs[2], ~epochs[3])
    assert torch.equal(epochs[0], epochs[2]) and 30 < epochs[0].sum() < 70


def test_whitened_outputs_have_the_identity_as_covariance():
    torch.manual_seed(0)
    smooth = functional.avg_pool2d(torch.randn(200, 3, 34, 34), 3, 1)
    images = smooth / smooth.std()
    layer = nn.Conv2d(3, 24, 2)
    tricks.whiten(layer, images, eps=0.0)
    out = layer(images).transpose(0, 1).flatten(1)[:12]
    assert torch.allclose(out @ out.T / out.shape[1], torch.eye(12), atol=1e-3)
    assert torch.equal(layer.weight[12:], -layer.weight[:12])
    assert not layer.weight.requires_grad


def test_dirac_filters_pass_their_inputs_on():
    layer = nn.Conv2d(4, 6, 3, padding=1, bias=False)
    tricks.dirac(nn.Sequential(layer))
    x = torch.randn(2, 4, 5, 5)
    assert torch.allclose(layer(x)[:, :4], x, atol=1e-6)


def test_smoothed_loss_is_pytorchs_with_gradient_p_minus_target():
    torch.manual_seed(0)
    logits, labels = torch.randn(7, 10, requires_grad=True), torch.arange(7)
    loss = tricks.smoothed_loss(logits, labels, 0.2)
    theirs = functional.cross_entropy(logits, labels, label_smoothing=0.2, reduction="sum")
    assert torch.allclose(loss, theirs)
    loss.backward()
    target = 0.8 * functional.one_hot(labels, 10) + 0.02
    assert torch.allclose(logits.grad, logits.softmax(1) - target, atol=1e-6)


def test_schedules_have_the_right_ends():
    assert tricks.triangle(0) == 0.2 and tricks.triangle(0.23) == 1
    assert tricks.triangle(1) == pytest.approx(0.07)
    assert [tricks.falling(t) for t in (0, 0.5, 1)] == [1, 0.5, 0]
    assert tricks.falling(0.375, 0.375) == 0 == tricks.falling(0.9, 0.375)


def test_lookahead_has_its_closed_form_on_a_quadratic():
    # gradient descent on x^2 / 2 with rate r multiplies x by 1 - r, lookahead mixes: both exact
    rate, decay, slow, fast = 0.1, 0.9, [torch.tensor([2.0])], [torch.tensor([2.0])]
    for _ in range(5):
        fast[0] -= rate * fast[0]
        tricks.lookahead(slow, fast, decay)
    expected = 2.0 * (decay + (1 - decay) * (1 - rate))**5
    assert slow[0].item() == pytest.approx(expected, rel=1e-6) == fast[0].item()


def test_newton_schulz_pushes_singular_values_towards_one():
    torch.manual_seed(0)
    for shape in ((32, 200), (200, 32)):
        G = torch.randn(shape)
        U, S, V = torch.linalg.svd(tricks.orthogonal(G, steps=5), full_matrices=False)
        assert S.min() > 0.5 and S.max() < 1.5
        U0, _, V0 = torch.linalg.svd(G, full_matrices=False)
        assert ((U @ V) - (U0 @ V0)).norm() / (U0 @ V0).norm() < 0.1
    Q = torch.linalg.qr(torch.randn(32, 32)).Q
    O = tricks.orthogonal(Q, steps=5)  # noqa: E741
    cosine = (O * Q).sum() / O.norm() / Q.norm()
    assert cosine > 0.99  # an orthogonal matrix stays what it is, up to scale


def test_nesterov_is_pytorchs():
    torch.manual_seed(0)
    ours, theirs = torch.randn(3, 4).requires_grad_(), None
    theirs = ours.detach().clone().requires_grad_()
    rate, decay = 0.1, 0.002
    descent = tricks.Nesterov([ours], rate, 0.9, decay, torch.tensor(1.0))
    sgd = torch.optim.SGD([theirs], rate, 0.9, nesterov=True, weight_decay=decay / rate)
    for _ in range(4):
        for w in (ours, theirs):
            w.grad = None
            (w**3).sum().backward()
        descent.step()
        sgd.step()
    assert torch.allclose(ours, theirs, atol=1e-6)


def test_muon_steps_by_an_orthogonal_matrix():
    torch.manual_seed(0)
    w = torch.randn(4, 3, 3, 3).requires_grad_()
    w.grad = torch.randn(4, 3, 3, 3)
    before = w.detach() * 2 / w.detach().norm()  # scaled to sqrt(4) before the step
    tricks.Muon([w], 0.24, 0.6, 0.0, torch.tensor(0.5)).step()
    singular = torch.linalg.svdvals(((before - w.detach()) / 0.12).flatten(1))
    assert singular.min() > 0.4 and singular.max() < 1.5


def test_six_views_are_averaged_as_by_hand():
    torch.manual_seed(0)
    x, model = torch.randn(3, 3, 32, 32), nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
    wide = functional.pad(x, (1, 1, 1, 1), mode="reflect")
    shifted = [wide[:, :, k:k + 32, k:k + 32] for k in (0, 2)]

    def both(view):
        return 0.5 * model(view) + 0.5 * model(view.flip(3))

    by_hand = 0.5 * both(x) + 0.25 * both(shifted[0]) + 0.25 * both(shifted[1])
    assert torch.allclose(tricks.averaged_logits(model, x, "six views"), by_hand, atol=1e-5)
    for views in tricks.VIEWS.values():
        assert sum(weight for weight, _ in views(x)) == 1


def test_float16_loses_small_gradients_unless_the_loss_is_scaled():
    small = torch.tensor(1e-8)
    assert small.half() == 0 and (small * 2**14).half().float() / 2**14 > 0.9e-8


class NoWaiting(TorchDispatchMode):
    """Fails where an operation brings a number from the device to the host."""

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        assert "local_scalar_dense" not in str(function) and "nonzero" not in str(function)
        return function(*args, **(kwargs or {}))


@pytest.mark.parametrize("settings", [
    {}, {"whiten": True, "smoothing": 0.2, "alternating": True, "lookahead": True},
    {"muon": True, "whiten": True, "freeze_after": 0.4}, {"network": "ResNet-9", "pad": 4}])
def test_a_step_never_waits_for_the_device_and_moves_no_parameter(photos, settings):
    made = trainer(photos, **settings)
    made.warm_up()
    addresses = [p.data_ptr() for p in made.model.parameters()]
    inputs = [t.data_ptr() for t in (made.images, made.rows, made.scale, made.epoch)]
    with NoWaiting():
        for t in range(5):
            made.step(t, 5)
    made.reset(1)
    assert addresses == [p.data_ptr() for p in made.model.parameters()]
    assert inputs == [t.data_ptr() for t in (made.images, made.rows, made.scale, made.epoch)]


def test_the_test_for_waiting_finds_item():
    with pytest.raises(AssertionError), NoWaiting():
        torch.ones(1).item()


def test_frozen_whitening_bias_rests(photos):
    made = trainer(photos, whiten=True, freeze_after=0.4)
    made.warm_up()
    made.step(0, 10)
    early = made.first.bias.clone()
    made.step(5, 10)
    assert torch.equal(made.first.bias, early) and early.abs().sum() > 0


def test_the_same_seed_gives_the_same_bits(photos):
    made = trainer(photos, whiten=True, muon=True)
    made.warm_up()
    one, other = (made.train(3, photos["test"], curve=True) for _ in range(2))
    assert one["accuracy"] == other["accuracy"] and len(one["curve"]) == 2
    weights = [p.detach().clone() for p in made.model.parameters()]
    made.train(3, photos["test"], curve=False)
    assert all(torch.equal(p, w) for p, w in zip(made.model.parameters(), weights, strict=True))


def test_each_rung_of_the_ladders_changes_something():
    made = list(recipes.ladder(8).values())
    assert all(one != other for one, other in zip(made, made[1:], strict=False))
    assert made[-1].graph and made[-1].muon and made[-1].half
    table = loops.loops()
    for name, (loop, before) in table.items():
        if before:
            changed = [field for field in loop.__dict__
                       if getattr(loop, field) != getattr(table[before][0], field)]
            assert len(changed) == 1, name


def test_layouts_and_formats_give_the_same_loss():
    torch.manual_seed(0)
    model, x = NETWORKS["small"](4), torch.randn(8, 3, 32, 32)
    plain = model(x)
    last = x.contiguous(memory_format=torch.channels_last)
    assert last.stride() == (3072, 1, 96, 3)
    assert torch.allclose(model(last), plain, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        half = functional.cross_entropy(model(x).float(), torch.arange(8))
    assert half.item() == pytest.approx(functional.cross_entropy(plain, torch.arange(8)).item(),
                                        rel=0.02)


def test_work_is_counted_with_two_flop_to_a_multiply_add():
    conv = nn.Sequential(nn.Conv2d(3, 5, 3, padding=1, bias=False))
    # the first layer needs no gradient of its input: two products
    assert flops_per_image(conv) == 2 * 2 * 5 * 27 * 1024


def test_checkpointing_gives_the_same_logits_and_keeps_less():
    model, x = NETWORKS["small"](4), torch.randn(8, 3, 32, 32)
    assert torch.allclose(memory.checkpointed(model, x), model(x), atol=1e-5)
    assert memory.entering_bytes(model, x) < memory.saved_bytes(lambda: model(x)) / 2
