"""What each sample student typed into hw6_deeper. expected.csv says what each must get.

A student is the parts that differ from `RIGHT`, or a function that changes the notebook.
"""

RIGHT = {
    "norm": '''\
def batch_norm_forward(x, gamma, beta, running_mean, running_var, train, momentum=0.9, eps=1e-5):
    if train:
        mu, var = x.mean(0), x.var(0)
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
    else:
        mu, var = running_mean, running_var
    return gamma * (x - mu) / np.sqrt(var + eps) + beta, running_mean, running_var
''',
    "norm_back": '''\
def batch_norm_backward(dout, x, gamma, eps=1e-5):
    N, s = len(x), np.sqrt(x.var(0) + eps)
    xh = (x - x.mean(0)) / s
    dxh = dout * gamma
    dx = (N * dxh - dxh.sum(0) - xh * (dxh * xh).sum(0)) / (N * s)
    return dx, (dout * xh).sum(0), dout.sum(0)
''',
    "dropout": '''\
def dropout_forward(x, keep_prob, train, rng):
    if train:
        return x * (rng.random(x.shape) < keep_prob) / keep_prob
    return x
''',
}


def ivan(notebook):
    """Handed in what was handed out."""


STUDENTS = {
    "ada": {},
    "hedy": dict(norm_back=RIGHT["norm_back"].replace(
        "(N * dxh - dxh.sum(0) - xh * (dxh * xh).sum(0))", "(N * dxh)")),
    "john": dict(dropout='''\
def dropout_forward(x, keep_prob, train, rng):
    if train:
        return x * (rng.random(x.shape) > keep_prob) / keep_prob
    return x
'''),
    "walter": dict(norm=RIGHT["norm"].replace("    if train:", "    if True:")),
    "grace": dict(dropout=RIGHT["dropout"].replace("rng.random", "np.random.random")),
    "ivan": ivan,
}
