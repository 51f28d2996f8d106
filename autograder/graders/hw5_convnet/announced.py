"""Where hw5_convnet announces what each hidden test asks: the sentence in its notebook."""

KINDS = ("Arrays of numbers may hold floats of either precision, may be views into larger arrays, "
         "may lie in memory column by column (Fortran order) and may be read-only.")
SHAPES = "Images and filters need not be square, sizes may be odd, and $N$, $C$ and $F$ may be 1."
PADDING = "The padding is from 0 to 2."
STRIDES = ("It need not divide the size: rows and columns at the end that fill no window are left "
           "out.")
ADD_UP = "Where windows overlap, the contributions **add up**."
LAYERS = ("It needs at least two `nn.Conv2d` layers, an activation between them (max pooling is "
          "none), something that makes the images smaller (pooling, or a stride), and between "
          "1,000 and 500,000 parameters.")
NETWORK = ("Return a `torch.nn.Module` that takes float images of shape `(N, num_channels, "
           "image_size, image_size)` and gives scores (logits) of shape `(N, num_classes)`: no "
           "softmax or other activation at the end.")
EFFECT = ("All parameters must have an effect, and in `eval` mode an image's scores must not "
          "depend on chance or on the other images of the batch.")
PLAIN = ("Train the network in place with plain `torch.optim.SGD` (no momentum, no weight decay) "
         "and the **mean** cross-entropy of each batch.")
EPOCH = ("In every epoch shuffle the images anew and go through them in batches of `batch_size`, "
         "the last of which may be smaller.")

ANNOUNCED: dict[str, str] = {
    "conv.test_stride_one": PADDING,
    "conv.test_larger_strides": STRIDES,
    "conv.test_not_square": SHAPES,
    "conv.test_a_single_one": SHAPES,
    "conv.test_kinds_of_arrays": KINDS,
    "conv_back.test_input_gradient_without_padding":
        "Take care: for `pad = 0` the slice `pad:-pad` is empty.",
    "conv_back.test_input_gradient_with_padding":
        "Work on the padded image and cut the padding off `dx` at the end.",
    "conv_back.test_weight_gradient": ADD_UP,
    "conv_back.test_bias_gradient": ADD_UP,
    "conv_back.test_larger_strides": STRIDES,
    "conv_back.test_not_square": SHAPES,
    "conv_back.test_a_single_one": SHAPES,
    "conv_back.test_kinds_of_arrays": KINDS,
    "im2col.test_stride_one":
        "The rows come image by image, and within an image place by place, row by row; within a "
        "row the window's numbers stand in the order of `w.reshape(F, -1)`: channel, then row, "
        "then column.",
    "im2col.test_larger_strides": STRIDES,
    "im2col.test_not_square": SHAPES,
    "im2col.test_kinds_of_arrays": KINDS,
    "conv_im2col.test_output":
        "Compute the same output as in part 1, with **no Python loop over images or their "
        "places**: one product of `im2col`'s matrix with the filters as columns does it.",
    "conv_im2col.test_not_square": SHAPES,
    "conv_im2col.test_a_single_one": SHAPES,
    "conv_im2col.test_kinds_of_arrays": KINDS,
    "conv_im2col.test_no_loop_over_pictures_and_places":
        "(Grading counts how often each line of Python runs: with more or larger images no line "
        "may run more often.",
    "pool.test_values":
        "Windows of `size` by `size` begin every `stride` numbers; they may overlap, touch, or "
        "leave numbers out between them (`stride` larger than `size`).",
    "pool.test_negative_numbers": "All numbers of a window may be negative.",
    "pool.test_not_square": SHAPES,
    "pool.test_a_single_one": SHAPES,
    "pool.test_kinds_of_arrays": KINDS,
    "pool_back.test_windows_apart":
        "Only a window's largest number moved the output, so all of the gradient goes to it, and "
        "none to the others.",
    "pool_back.test_overlapping_windows":
        "Where windows overlap, a number may be the largest of several windows: what arrives adds "
        "up.",
    "pool_back.test_negative_numbers": "All numbers of a window may be negative.",
    "pool_back.test_not_square": SHAPES,
    "pool_back.test_kinds_of_arrays": KINDS,
    "network.test_scores": NETWORK,
    "network.test_other_numbers": "`image_size` is 8, 16 or 32, and $N$ may be 1.",
    "network.test_layers": LAYERS,
    "network.test_activations": NETWORK,
    "network.test_gradients_reach_all_layers": EFFECT,
    "network.test_evaluation_mode": EFFECT,
    "accuracy.test_share":
        "The accuracy is the fraction of images whose largest score is that of their label.",
    "accuracy.test_one_image": "There may be hundreds of them, or one.",
    "accuracy.test_evaluation_mode":
        "Put the network into `eval` mode first (dropout and batch normalisation behave "
        "differently there); no gradients are needed.",
    "accuracy.test_kinds_of_labels":
        "`images` is a NumPy array of any float type and `labels` one of any integer type; the "
        "network's parameters are `float32` and live on `device`.",
    "fit.test_whole_batches": PLAIN,
    "fit.test_training_mode":
        "The network may be any `nn.Module` and may come in `eval` mode: put it into `train` mode "
        "first.",
    "fit.test_batches": EPOCH,
    "fit.test_plain_descent": PLAIN,
    "fit.test_to_the_end": "Run all epochs, however small the loss is.",
    "fit.test_every_picture_once_in_a_new_order": EPOCH,
    "fit.test_every_batch_moves_the_network":
        "Record the loss of every batch, before its step, as a plain number.",
    "fit.test_kinds_of_arrays": "`images` and `labels` are as in part 8.",
    "digits.test_an_answer_for_every_picture": "It must work for any number of images.",
    "digits.test_accuracy_on_new_pictures":
        "Your function must classify at least **80%** of the test images correctly, within 90 "
        "seconds on a CPU; if it misses them, it is tried on a second set, and the better one "
        "counts.",
}
