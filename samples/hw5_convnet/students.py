"""What each sample student typed into hw5_convnet. expected.csv says what each must get.

A student is the parts that differ from `RIGHT`, or a function that changes the notebook.
"""

RIGHT = {
    "conv": '''\
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - HH) // stride + 1
    OW = (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    window = xp[n, :, i*stride:i*stride+HH, j*stride:j*stride+WW]
                    out[n, f, i, j] = (window * w[f]).sum() + b[f]
    return out
''',
    "conv_back": '''\
def conv_backward(dout, x, w, stride, pad):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for n in range(N):
        for f in range(F):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    a, c = i * stride, j * stride
                    dw[f] += dout[n, f, i, j] * xp[n, :, a:a+HH, c:c+WW]
                    dxp[n, :, a:a+HH, c:c+WW] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad:pad+H, pad:pad+W], dw, dout.sum(axis=(0, 2, 3))
''',
    "im2col": '''\
def im2col(x, height, width, stride, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    view = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    view = view[:, :, ::stride, ::stride]
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * height * width)
''',
    "conv_im2col": '''\
def conv_im2col(x, w, b, stride, pad):
    F, C, HH, WW = w.shape
    OH = (x.shape[2] + 2 * pad - HH) // stride + 1
    out = im2col(x, HH, WW, stride, pad) @ w.reshape(F, -1).T + b
    return out.reshape(len(x), OH, -1, F).transpose(0, 3, 1, 2)
''',
    "pool": '''\
def max_pool_forward(x, size, stride):
    OH = (x.shape[2] - size) // stride + 1
    OW = (x.shape[3] - size) // stride + 1
    out = np.zeros(x.shape[:2] + (OH, OW))
    for i in range(OH):
        for j in range(OW):
            out[:, :, i, j] = x[:, :, i*stride:i*stride+size, j*stride:j*stride+size].max((2, 3))
    return out
''',
    "pool_back": '''\
def max_pool_backward(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i*stride:i*stride+size, j*stride:j*stride+size]
        u, v = np.unravel_index(window.argmax(), window.shape)
        dx[n, c, i*stride + u, j*stride + v] += dout[n, c, i, j]
    return dx
''',
    "network": '''\
class Net(torch.nn.Module):
    def __init__(self, channels, size, classes):
        super().__init__()
        self.c1 = torch.nn.Conv2d(channels, 16, 3, padding=1)
        self.c2 = torch.nn.Conv2d(16, 32, 3, padding=1)
        self.out = torch.nn.Linear(32 * (size // 4) ** 2, classes)

    def forward(self, x):
        pool = torch.nn.functional.max_pool2d
        x = pool(torch.relu(self.c1(x)), 2)
        x = pool(torch.relu(self.c2(x)), 2)
        return self.out(x.flatten(1))


def make_convnet(num_channels, image_size, num_classes):
    return Net(num_channels, image_size, num_classes)
''',
    "accuracy": '''\
def accuracy(model, images, labels, device):
    model.eval()
    with torch.no_grad():
        scores = model(torch.tensor(images.copy(), dtype=torch.float32).to(device))
    return (scores.argmax(1).cpu().numpy() == labels).mean()
''',
    "fit": '''\
def fit(model, images, labels, epochs, lr, batch_size, device):
    X = torch.tensor(images.copy(), dtype=torch.float32).to(device)
    y = torch.tensor(labels.astype(np.int64)).to(device)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    model.train()
    losses = []
    for epoch in range(epochs):
        order = torch.randperm(len(X))
        for i in range(0, len(X), batch_size):
            idx = order[i:i + batch_size]
            loss = torch.nn.functional.cross_entropy(model(X[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            losses.append(loss.item())
    return losses
''',
    "digits": '''\
def classify_images(X_train, y_train, X_test, device):
    torch.manual_seed(2)
    mu, sigma = X_train.mean(), X_train.std()
    model = make_convnet(X_train.shape[1], X_train.shape[2], 1 + int(y_train.max()))
    fit(model, (X_train - mu) / sigma, y_train, 8, 0.05, 20, device)
    fit(model, (X_train - mu) / sigma, y_train, 2, 0.01, 20, device)
    model.eval()
    return model(torch.tensor((X_test - mu) / sigma, dtype=torch.float32)).argmax(1).numpy()
''',
}


def ivan(notebook):
    """Handed in what was handed out."""


STUDENTS = {
    "ada": {},
    "hedy": dict(conv_back=RIGHT["conv_back"].replace(
        "dxp[:, :, pad:pad+H, pad:pad+W]", "dxp[:, :, pad:-pad, pad:-pad]")),
    "frank": dict(pool_back=RIGHT["pool_back"].replace("] += dout", "] = dout")),
    "claude": dict(fit=RIGHT["fit"].replace("            opt.zero_grad()\n", "")),
    "leslie": dict(accuracy=RIGHT["accuracy"].replace("    model.eval()\n", "")),
    "ivan": ivan,
}
