"""What each sample student typed into hw4_two_layer. expected.csv says what each must get.

A student is the parts that differ from `RIGHT`, or a function that changes the notebook.
"""

RIGHT = {
    "affine": '''\
def affine_forward(X, W, b):
    return X @ W.T + b
''',
    "affine_back": '''\
def affine_backward(dout, X, W):
    return dout @ W, dout.T @ X, dout.sum(axis=0)
''',
    "relu": '''\
def relu_forward(Z):
    return np.maximum(0, Z)
''',
    "relu_back": '''\
def relu_backward(dH, Z):
    return dH * (Z > 0)
''',
    "loss_layer": '''\
def softmax_cross_entropy(scores, y):
    s = scores - scores.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    N = np.arange(len(y))
    d = np.exp(logp)
    d[N, y] -= 1
    return -logp[N, y].mean(), d / len(y)
''',
    "network": '''\
def two_layer_loss(params, X, y=None, reg=0.0):
    W1, b1, W2, b2 = (params[k] for k in ("W1", "b1", "W2", "b2"))
    Z = affine_forward(X, W1, b1)
    A = relu_forward(Z)
    S = affine_forward(A, W2, b2)
    if y is None:
        return S
    loss, dS = softmax_cross_entropy(S, y)
    dA, dW2, db2 = affine_backward(dS, A, W2)
    dZ = relu_backward(dA, Z)
    _, dW1, db1 = affine_backward(dZ, X, W1)
    loss += reg / 2 * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    return loss, {"W1": dW1 + reg * W1, "b1": db1, "W2": dW2 + reg * W2, "b2": db2}
''',
    "init": '''\
def init_params(num_features, num_hidden, num_classes, rng):
    D, H, C = num_features, num_hidden, num_classes
    return {"W1": rng.normal(0, np.sqrt(2 / D), (H, D)), "b1": np.zeros(H),
            "W2": rng.normal(0, np.sqrt(2 / H), (C, H)), "b2": np.zeros(C)}
''',
    "predict": '''\
def predict_two_layer(params, X):
    return two_layer_loss(params, X).argmax(axis=1)
''',
    "train": '''\
def train_two_layer(params, X, y, X_val, y_val, reg, batch_size, rates, rng):
    p = {k: v.copy() for k, v in params.items()}
    losses, accuracies = [], []
    for lr in rates:
        order = rng.permutation(len(X))
        for i in range(0, len(X), batch_size):
            idx = order[i:i + batch_size]
            loss, g = two_layer_loss(p, X[idx], y[idx], reg)
            losses.append(loss)
            for k in p:
                p[k] = p[k] - lr * g[k]
        accuracies.append((predict_two_layer(p, X_val) == y_val).mean())
    return p, losses, accuracies
''',
    "spirals": '''\
def classify_plane(X_train, y_train, X_test):
    rng = np.random.default_rng(3)
    p = init_params(2, 100, y_train.max() + 1, rng)
    p, _, _ = train_two_layer(p, X_train, y_train, X_train, y_train, 0.0, 30, [0.3] * 200, rng)
    return predict_two_layer(p, X_test)
''',
}


def ivan(notebook):
    """Handed in what was handed out."""


STUDENTS = {
    "ada": {},
    "grace": dict(
        affine='''\
def affine_forward(X, W, b):
    rows = []
    for x in X:
        rows.append(W @ x + b)
    return np.array(rows)
''',
        relu='''\
def relu_forward(Z):
    out = np.array(Z)
    out[out < 0] = 0
    return out
''',
        relu_back='''\
def relu_backward(dH, Z):
    mask = np.zeros(Z.shape)
    mask[Z > 0] = 1
    return mask * dH
'''),
    "hedy": dict(relu_back='''\
def relu_backward(dH, Z):
    dH[Z <= 0] = 0
    return dH
'''),
    "frank": dict(loss_layer='''\
def softmax_cross_entropy(scores, y):
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    N = np.arange(len(y))
    d = p.copy()
    d[N, y] -= 1
    return -np.log(p[N, y]).mean(), d / len(y)
'''),
    "john": dict(network=RIGHT["network"].replace("loss += reg / 2 *", "loss += reg *")),
    "walter": dict(affine_back='''\
def affine_backward(dout, X, W):
    return dout @ W, dout.T @ X, dout.sum(axis=0, keepdims=True)
'''),
    "claude": dict(init='''\
def init_params(num_features, num_hidden, num_classes, rng):
    D, H, C = num_features, num_hidden, num_classes
    return {"W1": 0.01 * rng.normal(size=(H, D)), "b1": np.zeros(H),
            "W2": 0.01 * rng.normal(size=(C, H)), "b2": np.zeros(C)}
'''),
    "leslie": dict(network=RIGHT["network"].replace("dZ = relu_backward(dA, Z)", "dZ = dA")),
    "ivan": ivan,
}
