"""Twenty hidden layers on all of MNIST, with seeds: activation functions against initialisations.

For each pair the first seed chooses the learning rate with the smallest training loss, and further
seeds use it. Network and training are those of mnist_networks.py.
"""

import math
from functools import partial

import record
from mnist_networks import network, prepare, train
from torch import nn

from nncourse import data

ACTIVATIONS = {"logistic": nn.Sigmoid, "tanh": nn.Tanh, "ReLU": nn.ReLU,
               "leaky ReLU": lambda: nn.LeakyReLU(0.1), "ELU": nn.ELU}
INITS = {"standard deviation 0.01": lambda m: 0.01, "variance 1/m": lambda m: math.sqrt(1 / m),
         "variance 2/m": lambda m: math.sqrt(2 / m)}
RATES = (0.003, 0.01, 0.03)
DEEP = (784, *[100] * 20, 10)


def main() -> None:
    """Choose each pair's learning rate, train with further seeds, write after each run."""
    parser = record.parser(__doc__, "mnist_activations.json", resume=True)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    images = data.mnist()
    digits = prepare(images)
    runs = record.Runs(arguments, {"epochs": arguments.epochs}, images)

    def run(activation, init, rate, seed):
        model = network(DEEP, ACTIVATIONS[activation], INITS[init], seed)
        return runs.add(partial(train, model, digits, arguments.epochs, rate, seed),
                        activation=activation, init=init, rate=rate, seed=seed)

    best = {}
    for activation in ACTIVATIONS:
        for init in INITS:
            first = {rate: run(activation, init, rate, 0) for rate in RATES}
            ended = {rate: first[rate]["loss"][-1] or math.inf for rate in RATES}
            best[activation, init] = min(ended, key=ended.get)
    for seed in range(1, arguments.seeds):
        for pair, rate in best.items():
            run(*pair, rate, seed)


if __name__ == "__main__":
    main()
