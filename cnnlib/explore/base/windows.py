"""Whether a window fits, as a reason and not as an error."""

from cnnlib import geometry


def misfit(size, kernel_size, *, padding=0, dilation=1) -> str | None:
    """Why a window does not fit into an input of that ``size``, as `cnnlib.geometry.conv_output_size` says it, or None.

    >>> misfit((3, 9), 5, padding=1) is None
    True
    >>> misfit((3, 9), 7).partition(" along")[0]
    'a window spanning 7 (kernel_size=7, dilation=1) does not fit in 3 (size=3, padding=0)'
    """
    return _reason(geometry.conv_output_size, size, kernel_size, padding=padding, dilation=dilation)


def transposed_misfit(size, kernel_size, **options) -> str | None:
    """Why a transposed convolution has no output, as `cnnlib.geometry.conv_transpose_output_size` says it, or None.

    >>> transposed_misfit((2, 3), 3, stride=2, padding=2, output_padding=1, dilation=1) is None
    True
    >>> transposed_misfit((2, 3), 3, stride=2, padding=3, output_padding=1, dilation=1).partition(" pixels")[0]
    'padding=3 cuts away all of the 6'
    """
    return _reason(geometry.conv_transpose_output_size, size, kernel_size, **options)


def _reason(sized, *arguments, **options):
    try:
        sized(*arguments, **options)
    except ValueError as error:
        return str(error).partition(": ")[2]
    return None
