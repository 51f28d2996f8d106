"""Least squares with one-hot targets on all of MNIST, in closed form. Writes a results file.

One solve for each number of training pictures, with the regularisation 0.5 * reg * sum(W^2) that
the course uses everywhere, and the test accuracy of the arg max.
"""

import numpy as np
import record

from nncourse import data

NUM_CLASSES = 10
SIZES = (300, 500, 700, 785, 900, 1200, 2000, 4000, 8000, 16000, 32000, 60000)
REGS = (1e-12, 1e-3, 1e-2, 1e-1)


def solve(Z: np.ndarray, T: np.ndarray, reg: float) -> np.ndarray:
    """Minimise mean |Z Theta^T - T|^2 + 0.5 reg |W|^2; Z (N, D+1), T (N, C), result (C, D+1)."""
    penalty = np.full(Z.shape[1], reg)
    penalty[-1] = 0.0  # the bias
    A = 2 * Z.T @ Z / len(Z) + np.diag(penalty)
    return np.linalg.lstsq(A, 2 * Z.T @ T / len(Z), rcond=1e-12)[0].T


def main() -> None:
    """Solve for every size and regularisation, write the results file."""
    arguments = record.parser(__doc__, "mnist_least_squares.json").parse_args()

    digits = data.mnist()
    Z, Z_test = (np.hstack([data.flatten(X), np.ones((len(X), 1))])
                 for X in (digits.X_train, digits.X_test))
    T = np.eye(NUM_CLASSES)[digits.y_train]
    curves = {f"{reg:g}": {"train": [], "test": []} for reg in REGS}
    for size in SIZES:
        for reg in REGS:
            Theta = solve(Z[:size], T[:size], reg)
            for part, rows, labels in (("train", Z[:size], digits.y_train[:size]),
                                       ("test", Z_test, digits.y_test)):
                share = np.mean(np.argmax(rows @ Theta.T, axis=1) == labels)
                curves[f"{reg:g}"][part].append(round(float(share), 4))
    rank = int(np.linalg.matrix_rank(Z.T @ Z))
    record.write(arguments.out, {
        "sizes": SIZES, "rank": rank, "columns": Z.shape[1],
        "always_zero": int(np.sum(~Z.any(axis=0))), "curves": curves,
    }, digits)


if __name__ == "__main__":
    main()
