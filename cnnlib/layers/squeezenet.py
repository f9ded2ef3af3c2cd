"""A whole network with trained weights: SqueezeNet 1.1, as `cnnlib.squeezenet`, with gradients."""

import torch
from torch import nn
from torch.nn import functional as F

from ..data import squeezenet_weights
from ..reals import up_to_one
from ..squeezenet import MEANS, POOLED, STAGES
from ..values import choice


class SqueezeNet(nn.Module):
    """SqueezeNet 1.1 as it was trained on ImageNet.

    Its first layer has 64 filters of 3 x 3 with stride 2; the network of the paper (1.0) has 96 of 7 x 7. The weights
    do not ask for gradients: what is differentiated here is the image.

    Raises
    ------
    ValueError
        On a call with images that are not (N, 3, height, width) or go beyond 1, or a stage that there is not.

    References
    ----------
    Iandola et al., *SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5 MB model size*, 2016, and
    the authors' own release of version 1.1.

    Examples
    --------
    >>> from cnnlib import data
    >>> photograph = torch.from_numpy(data.photograph("panda", side=256)).float().permute(2, 0, 1)[None]
    >>> with torch.inference_mode():
    ...     network = SqueezeNet()
    ...     network(photograph).argmax().item(), tuple(network(photograph, stop="fire5").shape[:2])
    (388, (1, 256))
    """

    def __init__(self):
        super().__init__()
        for name, array in squeezenet_weights().items():
            self.register_buffer(name.replace("/", "_"), torch.from_numpy(array))

    def forward(self, images: torch.Tensor, stop: str | None = None) -> torch.Tensor:
        """The 1,000 scores of images (N, 3, H, W), red, green and blue from 0 to 1, before the softmax.

        With ``stop``, one of `STAGES`, the responses of that stage before its ReLU, (N, channels, height, width).
        """
        if stop is not None:
            choice("SqueezeNet", "stop", stop, STAGES)
        if images.ndim != 4 or images.shape[1] != 3:
            raise ValueError(
                f"SqueezeNet: images of shape {tuple(images.shape)}; it takes (N, 3, height, width), RGB from 0 to 1"
            )
        if images.numel():
            up_to_one("SqueezeNet", "images", float(images.detach().max()))
        x = 255 * images.flip(1) - images.new_tensor(MEANS)[:, None, None]
        for stage in STAGES:
            if stage in POOLED:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            x = self._fire(x, stage) if stage.startswith("fire") else self._conv(x, stage, 2 if stage == "conv1" else 1)
            if stage == stop:
                return x
            x = x.relu()
        return x.mean(dim=(2, 3))

    def _conv(self, x, name, stride=1, padding=0):
        weight, bias = (getattr(self, f"{name}_{what}".replace("/", "_")) for what in "wb")
        return F.conv2d(x, weight, bias, stride=stride, padding=padding)

    def _fire(self, x, name):
        squeezed = self._conv(x, f"{name}/squeeze1x1").relu()
        narrow, wide = self._conv(squeezed, f"{name}/expand1x1"), self._conv(squeezed, f"{name}/expand3x3", padding=1)
        return torch.cat([narrow, wide], dim=1)
