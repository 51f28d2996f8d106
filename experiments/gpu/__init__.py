"""What cifar10_gpu.py is made of: one idea a file."""
