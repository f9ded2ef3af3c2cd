"""Whether a window fits, as a reason and not as an error."""

from cnnlib import geometry


def misfit(size, kernel_size, *, padding=0, dilation=1) -> str | None:
    """Why a window does not fit into an input of that ``size``, as `cnnlib.geometry.conv_output_size` says it, or None.

    >>> misfit((3, 9), 5, padding=1) is None
    True
    >>> misfit((3, 9), 7).partition(" along")[0]
    'a window spanning 7 (kernel_size=7, dilation=1) does not fit in 3 (size=3, padding=0)'
    """
    try:
        geometry.conv_output_size(size, kernel_size, padding=padding, dilation=dilation)
    except ValueError as error:
        return str(error).partition(": ")[2]
    return None
