"""Data sets of the course, as arrays.

Where the pictures come from, in this order:

1. the folder that the environment variable `NNCOURSE_DATA` names. Whoever sets it wants these
   files: one that is missing or damaged is an error, never replaced in silence;
2. the cache folder, filled by a download from the publishers the first time, checksum verified;
3. where that fails, a stand-in with the same shapes, and one printed line that says so.
"""

from nncourse.data.errors import DataError
from nncourse.data.images import ImageSet, cifar10, flatten, mnist, train_validation_split
from nncourse.data.placed import placed_digits

__all__ = ["DataError", "ImageSet", "cifar10", "flatten", "mnist", "placed_digits",
           "train_validation_split"]
