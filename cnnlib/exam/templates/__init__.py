"""The templates of exam questions, by subject; importing this package registers all of them."""

from cnnlib.exam.templates import (  # noqa: F401, I001  in the order of the exam's parts
    motivation,
    cortex,
    sharing,
    sizes,
    dilated,
    transposed,
    separable,
    pointwise,
    deformable,
    sampling,
)
