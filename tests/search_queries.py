"""What readers type, and the section that should come first: chosen by reading the book.

Where two places serve a reader equally well, both are named.
"""

SOFTMAX, DESCENT, ACTIVATIONS = "part1/softmax", "part2/descent", "part3/activations"
ASSIGNMENTS, HOW_TO, CLOSED = "appendix/assignments", "how_to_use", "part2/closed_form"
HANDED_OUT = (f"{ASSIGNMENTS}#the-assignments",)
VANISHING = (f"{ACTIVATIONS}#saturation-and-vanishing-gradients",)
INITIAL = (f"{ACTIVATIONS}#how-large-should-weights-be-at-the-start",)
REGULAR = (f"{CLOSED}#regularisation",)
NEAREST = ("part1/neighbours#nearest-neighbours", "part1/neighbours#the-rule")
STEP = (f"{DESCENT}#how-long-may-a-step-be", f"{DESCENT}#the-algorithm")

QUERIES = {
    "softmax derivative": (f"{SOFTMAX}#the-jacobian", f"{SOFTMAX}#the-gradients"),
    "gradient check": ("part2/numerical_gradients#numerical-gradients",),
    "dW": (f"{SOFTMAX}#the-same-with-matrices", "appendix/notation#training"),
    "cross entropy": (f"{SOFTMAX}#from-likelihood-to-cross-entropy",
                      "part1/losses#entropy-and-cross-entropy"),
    "hw2": HANDED_OUT,
    "homework": (*HANDED_OUT, f"{ASSIGNMENTS}#working-on-assignments"),
    "MNIST download": (f"{HOW_TO}#data-and-stand-ins-for-it",),
    "regularization": REGULAR,
    "regularisation": REGULAR,
    "argmax": ("part1/many_classes#scores-and-arg-max",),
    "He initialization": INITIAL,
    "exploding gradients": VANISHING,
    "L2": (*REGULAR, f"{CLOSED}#ridge-regression"),
    "sotfmax": (f"{SOFTMAX}#softmax",),
    "backpropogation": ("part3/backpropagation#programs-chain-rule-backpropagation",
                        "part3/backpropagation#the-chain-rule-twice"),
    "why does relu die": (f"{ACTIVATIONS}#dying-units",),
    "vanishing gradient problem": VANISHING,
    "overfitting": ("part1/data#overfitting",),
    "learning rate": STEP,
    "step size": STEP,
    "weight decay": (*REGULAR, f"{CLOSED}#ridge-regression", f"{CLOSED}#early-stopping"),
    "convolution kernel": ("part4/convolution#one-dimension", "part4/convolution#convolution"),
    "im2col": ("part4/conv_backward#windows-as-rows-im2col",),
    "conv2d": ("part4/convolution#images-two-dimensions-channels-several-filters",),
    "batchnorm": ("part4/deeper#batch-normalisation",),
    "dropout": ("part4/deeper#dropout",),
    "adam optimizer": ("part2/momentum#adam-both-at-once",),
    "sgd": ("part2/minibatch#three-names",),
    "KL divergence": ("part1/losses#entropy-and-cross-entropy",),
    "logsumexp": ("part1/stability#log-sum-exp",),
    "softmax overflow": ("part1/stability#overflow-shift-by-the-maximum",),
    "xor": ("part1/boolean#what-one-unit-cannot-do", "part1/boolean#how-special-is-xor"),
    "perceptron convergence theorem": ("part1/perceptron#when-it-stops",),
    "logits": (f"{SOFTMAX}#from-scores-to-probabilities",),
    "train test split": ("part1/data#the-pipeline",),
    "colab": (f"{HOW_TO}#running-a-chapter", f"{ASSIGNMENTS}#setting-up"),
    "receptive field": ("part4/pooling#what-one-unit-sees",),
    "max pooling": ("part4/pooling#pooling",),
    "resnet": ("part4/deeper#residual-connections",),
    "universal approximation theorem": ("part3/universal#the-theorem",),
    "broadcasting": ("appendix/numpy#broadcasting",),
    "confusion matrix": ("part1/data#precision-recall-and-the-cost-of-errors",),
    "jacobian": ("appendix/vector_calculus#the-jacobian-many-in-many-out",
                 f"{SOFTMAX}#the-jacobian"),
    "finite differences": ("part2/numerical_gradients#two-differences",),
    "saddle point": (f"{CLOSED}#minima-maxima-saddles",),
    "mixed precision": ("part4/gpu#half-precision",),
    "hw5": HANDED_OUT,
    "homework 6": HANDED_OUT,
    "naive bayes": ("part1/likelihood#one-coin-for-each-pixel-naive-bayes",),
    "knn": NEAREST,
    "k nearest neighbors": NEAREST,
    "autograd": ("appendix/numpy#pytorch-as-far-as-we-need-it",
                 "part3/backpropagation#an-engine-in-a-hundred-lines"),
    "how to install": (f"{ASSIGNMENTS}#setting-up",),
    "why log likelihood": ("part1/likelihood#why-the-logarithm-is-not-just-for-convenience",),
    "bias variance tradeoff": ("part1/data#bias-and-variance",),
    "NotImplementedError": (f"{ASSIGNMENTS}#common-errors",),
    "eigenvalues": ("appendix/linear_algebra#eigenvalues-and-eigenvectors",),
    "how is my code graded": (f"{ASSIGNMENTS}#what-grading-looks-at",),
    "nesterov": ("part2/momentum#nesterov-s-look-ahead",),
    "learning rate schedule": (f"{DESCENT}#learning-rate-schedules",),
    "data augmentation": ("part3/two_layer#all-of-cifar-10", "part4/gpu#copies"),
}

#: Written before the search was tried, and looked at only when it was done: 12 of 17 came first.
HELD_OUT = {
    "early stopping": (f"{CLOSED}#early-stopping",),
    "gradient vanishes sigmoid": VANISHING,
    "one hot encoding": (f"{SOFTMAX}#a-smooth-arg-max", "appendix/numpy#indexing"),
    "when does gradient descent diverge": (f"{DESCENT}#how-long-may-a-step-be",
                                           f"{DESCENT}#one-parameter"),
    "vectorized distance matrix": ("part1/neighbours#all-distances-at-once",),
    "weight initalization": INITIAL,  # codespell:ignore
    "two layer net backward pass": ("part3/two_layer#backward-one-arrow-at-a-time",
                                    "part3/two_layer#two-layer-backpropagation"),
    "float16 overflow": ("part1/stability#half-precision",),
    "number of parameters in VGG": ("part4/vgg#three-different-answers",),
    "submit assignment": (f"{ASSIGNMENTS}#before-you-hand-in",),
    "hinge loss svm": ("part1/losses#losses-of-the-margin",),
    "translation equivariance": ("part4/convolution#the-same-layer-fully-written-out",),
    "softmx temprature": (f"{SOFTMAX}#a-smooth-arg-max",),  # codespell:ignore
    "sum over axis": ("appendix/numpy#reductions",),
    "shape mismatch error": (f"{ASSIGNMENTS}#shapes", f"{ASSIGNMENTS}#common-errors"),
    "curse of dimensionality": ("part1/neighbours#the-curse-of-dimensionality",),
    "batch size noise": ("part2/minibatch#how-large-should-a-batch-be",
                         "part2/minibatch#how-much-it-scatters"),
}

#: Written after that, and looked at once, when all was done: 14 of 17 came first.
SECOND_HELD_OUT = {
    "deep network random labels": ("part3/depth#does-depth-help-learning-random-labels",),
    "why square root in momentum": ("part2/momentum#why-the-square-root-of-the-condition-number",),
    "calibrated probabilities": (
        f"{SOFTMAX}#all-of-mnist-and-whether-to-believe-the-probabilities",),
    "perceptron update rule": ("part1/perceptron#the-update",),
    "gradient of step function is zero": ("part1/sigmoid#counting-gives-no-direction",),
    "gpu timing synchronize": ("part4/gpu#the-clock-lies",),
    "numpy view or copy": ("appendix/numpy#views-and-copies",),
    "fourier features image": ("part3/fields#slow-waves-first",
                               "part3/fields#an-image-is-a-function"),
    "generalization error": ("part1/data#overfitting", "part1/data#data-and-the-pipeline"),
    "convex loss function": (f"{CLOSED}#convexity",),
    "derivative of relu": (f"{ACTIVATIONS}#the-functions-and-their-slopes",
                           "part3/two_layer#through-the-relu"),
    "cross validation folds": ("part1/data#folds-when-data-is-scarce",),
    "hessian eigenvalues step size": (f"{DESCENT}#many-parameters",
                                      f"{DESCENT}#the-best-single-rate", STEP[0]),
    "residual block gradient": ("part4/deeper#residual-connections",),
    "multi class perceptron": ("part1/many_classes#training-one-unit-per-class",),
    "late days": (*HANDED_OUT, f"{ASSIGNMENTS}#working-on-assignments"),
    "backpropagate through max pool": ("part4/pooling#pooling",),
}
