"""What each sample student typed into hw2_softmax. expected.csv says what each must get.

A student is the parts that differ from `RIGHT`, or a function that changes the notebook.
"""

RIGHT = {
    "coin": '''\
def coin_log_likelihood(heads, tails, p):
    return heads * np.log(p) + tails * np.log(1 - p)
''',
    "softmax": '''\
def softmax(scores):
    e = np.exp(scores - scores.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)
''',
    "log_softmax": '''\
def log_softmax(scores):
    z = scores - scores.max(1, keepdims=True)
    return z - np.log(np.exp(z).sum(1, keepdims=True))
''',
    "cross_entropy": '''\
def cross_entropy(log_probs, y):
    return -log_probs[np.arange(len(y)), y].mean()
''',
    "score_gradient": '''\
def score_gradient(probs, y):
    return (probs - np.eye(probs.shape[1])[y]) / len(probs)
''',
    "loss_loops": '''\
def softmax_loss_loops(X, y, W, b, reg):
    total, dW, db = 0, np.zeros(W.shape), np.zeros(len(b))
    for i in range(len(X)):
        s = (X[i] @ W.T + b).reshape(1, -1)
        total += -log_softmax(s)[0, y[i]]
        p = softmax(s)[0]
        for c in range(len(W)):
            d = p[c] - (c == y[i])
            dW[c] += d * X[i]
            db[c] += d
    n = len(X)
    return total / n + reg / 2 * (W ** 2).sum(), dW / n + reg * W, db / n
''',
    "loss": '''\
def softmax_loss(X, y, W, b, reg):
    s = X @ W.T + b
    d = score_gradient(softmax(s), y)
    loss = cross_entropy(log_softmax(s), y) + reg / 2 * (W ** 2).sum()
    return loss, d.T @ X + reg * W, d.sum(0)
''',
    "predict": '''\
def predict(X, W, b):
    s = X @ W.T + b
    return s.argmax(1), softmax(s).max(1)
''',
    "train": '''\
def train_softmax(X, y, num_classes, lr, reg, steps):
    W = np.zeros((num_classes, X.shape[1]))
    b = np.zeros(num_classes)
    losses = []
    for step in range(steps):
        loss, gW, gb = softmax_loss(X, y, W, b, reg)
        losses.append(loss)
        W, b = W - lr * gW, b - lr * gb
    return W, b, losses
''',
    "digits": '''\
def classify_digits(X_train, y_train, X_test):
    W, b, _ = train_softmax(X_train, y_train, 10, 1.0, 0.001, 150)
    return predict(X_test, W, b)[0]
''',
}


def ivan(notebook):
    """Handed in what was handed out."""


STUDENTS = {
    "ada": {},
    "grace": dict(
        softmax='''\
def softmax(scores):
    rows = []
    for row in scores:
        top = max(row)
        e = [np.exp(s - top) for s in row]
        rows.append([x / sum(e) for x in e])
    return np.array(rows)
''',
        cross_entropy='''\
def cross_entropy(log_probs, y):
    total = 0
    for i, label in enumerate(y):
        total = total - log_probs[i][label]
    return total / len(y)
''',
        score_gradient='''\
def score_gradient(probs, y):
    g = np.array(probs, dtype=float)
    for i, label in enumerate(y):
        g[i, label] = g[i, label] - 1
    return g / len(y)
''',
        loss=RIGHT["loss"].replace('''\
    d = score_gradient(softmax(s), y)
''', '''\
    d = np.exp(log_softmax(s))
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
''')),
    "hedy": dict(softmax='''\
def softmax(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
'''),
    "frank": dict(log_softmax='''\
def log_softmax(scores):
    return np.log(softmax(scores))
'''),
    "john": dict(cross_entropy='''\
def cross_entropy(log_probs, y):
    return -log_probs[np.arange(len(y)), y].sum()
'''),
    "walter": dict(loss=RIGHT["loss_loops"].replace("softmax_loss_loops", "softmax_loss")),
    "claude": dict(train=RIGHT["train"].replace('''\
        losses.append(loss)
        W, b = W - lr * gW, b - lr * gb
''', '''\
        W, b = W - lr * gW, b - lr * gb
        losses.append(softmax_loss(X, y, W, b, reg)[0])
''')),
    "leslie": dict(
        loss_loops=RIGHT["loss_loops"].replace("db / n\n", "db / n + reg * b\n"),
        loss=RIGHT["loss"].replace("d.sum(0)", "d.sum(0) + reg * b")),
    "ivan": ivan,
}
