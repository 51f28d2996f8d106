"""What each sample student typed into hw3_gradient_descent. expected.csv says what each must get.

A student is the parts that differ from `RIGHT`, or a function that changes the notebook.
"""

RIGHT = {
    "descent": '''\
def gradient_descent(f, grad, w0, lr, steps):
    w = np.array(w0, dtype=float)
    path, costs = [w], [f(w)]
    for _ in range(steps):
        w = w - lr * grad(w)
        path.append(w)
        costs.append(f(w))
    return np.array(path), np.array(costs)
''',
    "stopping": '''\
def descend_until(grad, w0, lr, tol, max_steps):
    w = np.array(w0, dtype=float)
    for steps in range(max_steps):
        g = grad(w)
        if np.linalg.norm(g) <= tol:
            return w, steps
        w = w - lr * g
    return w, max_steps
''',
    "schedule": '''\
def cosine_rates(lr, steps, warmup):
    rates = np.zeros(steps)
    for k in range(steps):
        if k < warmup:
            rates[k] = lr * (k + 1) / warmup
        else:
            rates[k] = lr / 2 * (1 + np.cos(np.pi * (k - warmup) / (steps - warmup)))
    return rates
''',
    "numerical": '''\
def numerical_gradient(f, w, h):
    w = np.array(w)
    g = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        old = w[i]
        w[i] = old + h
        plus = f(w)
        w[i] = old - h
        minus = f(w)
        w[i] = old
        g[i] = (plus - minus) / (2 * h)
    return g
''',
    "relative_error": '''\
def relative_error(a, n):
    if not a.any() and not n.any():
        return 0.0
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))
''',
    "minibatches": '''\
def minibatches(num_examples, batch_size, rng):
    p = rng.permutation(num_examples)
    return [p[i:i + batch_size] for i in range(0, num_examples, batch_size)]
''',
    "noise": '''\
def gradient_noise(batch_gradients, gradient):
    m = batch_gradients.mean(axis=0)
    variance = np.mean([np.linalg.norm(g - m) ** 2 for g in batch_gradients])
    return np.linalg.norm(m - gradient), variance
''',
    "loss": '''\
def softmax_loss(X, y, W, b, reg):
    s = X @ W.T + b
    s = s - s.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    n = np.arange(len(X))
    d = np.exp(logp)
    d[n, y] -= 1
    d /= len(X)
    return -logp[n, y].mean() + reg / 2 * (W ** 2).sum(), d.T @ X + reg * W, d.sum(axis=0)
''',
    "sgd": '''\
def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
    losses = []
    for lr in rates:
        for idx in minibatches(len(X), batch_size, rng):
            l, dW, db = loss(X[idx], y[idx], W, b, reg)
            losses.append(l)
            W, b = W - lr * dW, b - lr * db
    return W, b, losses
''',
    "digits": '''\
def classify_digits(X_train, y_train, X_test):
    W, b = np.zeros((10, X_train.shape[1])), np.zeros(10)
    rng = np.random.default_rng(1)
    W, b, _ = sgd(softmax_loss, X_train, y_train, W, b, 0.0, 32, [0.5] * 30, rng)
    return (X_test @ W.T + b).argmax(axis=1)
''',
}


def ivan(notebook):
    """Handed in what was handed out."""


STUDENTS = {
    "ada": {},
    "grace": dict(
        descent='''\
def gradient_descent(f, grad, w0, lr, steps):
    path = np.zeros((steps + 1, *w0.shape))
    path[0] = w0
    for i in range(steps):
        path[i + 1] = path[i] - lr * grad(path[i])
    return path, [f(w) for w in path]
''',
        relative_error='''\
def relative_error(a, n):
    top = np.sqrt(np.sum((a - n) ** 2))
    bottom = np.sqrt(np.sum(a ** 2)) + np.sqrt(np.sum(n ** 2))
    return top / bottom if bottom > 0 else 0
''',
        minibatches='''\
def minibatches(num_examples, batch_size, rng):
    order = np.arange(num_examples)
    rng.shuffle(order)
    batches = []
    while len(order) > 0:
        batches.append(order[:batch_size])
        order = order[batch_size:]
    return batches
'''),
    "hedy": dict(descent='''\
def gradient_descent(f, grad, w0, lr, steps):
    w = np.array(w0, dtype=float)
    path, costs = [w], [f(w)]
    for _ in range(steps):
        w -= lr * grad(w)
        path.append(w)
        costs.append(f(w))
    return np.array(path), np.array(costs)
'''),
    "frank": dict(stopping=RIGHT["stopping"].replace("np.linalg.norm(g)", "abs(g).max()"),
                  relative_error='''\
def relative_error(a, n):
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))
'''),
    "john": dict(numerical='''\
def numerical_gradient(f, w, h):
    g = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        v = w.copy()
        v[i] += h
        g[i] = (f(v) - f(w)) / h
    return g
'''),
    "walter": dict(minibatches='''\
def minibatches(num_examples, batch_size, rng):
    p = rng.permutation(num_examples)
    return [p[i * batch_size:(i + 1) * batch_size] for i in range(num_examples // batch_size)]
'''),
    "claude": dict(sgd=RIGHT["sgd"].replace("y[idx]", "y[:len(idx)]")),
    "leslie": dict(sgd='''\
def sgd(loss, X, y, W, b, reg, batch_size, rates, rng):
    losses = []
    batches = minibatches(len(X), batch_size, rng)
    for lr in rates:
        for idx in batches:
            l, dW, db = loss(X[idx], y[idx], W, b, reg)
            losses.append(l)
            W -= lr * dW
            b -= lr * db
    return W, b, losses
'''),
    "ivan": ivan,
}
