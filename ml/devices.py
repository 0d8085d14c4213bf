"""Where training runs, and whether bfloat16 is fast there."""

from dataclasses import dataclass

import torch

from ml.errors import MlError


@dataclass(frozen=True, slots=True)
class Device:
    """A device by torch's name, and the type of its products."""

    name: str = "cpu"
    bf16: bool = False

    @property
    def kind(self) -> str:
        """`cpu` or `cuda`, as autocast wants it."""
        return self.name.partition(":")[0]

    def autocast(self) -> torch.autocast:
        """Return the context in which products are computed."""
        return torch.autocast(self.kind, torch.bfloat16, enabled=self.bf16)


def find_device(wanted: str = "auto", *, fp32: bool = False) -> Device:
    """Choose a GPU where there is one, and bf16 where the device multiplies in it.

    Raises MlError for a GPU that is asked for and not there.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise MlError("--device cuda: torch finds no GPU here; use --device cpu")
    if wanted != "cpu" and torch.cuda.is_available():
        return Device("cuda", torch.cuda.is_bf16_supported() and not fp32)
    return Device("cpu", _processor_has_bf16() and not fp32)


def _processor_has_bf16() -> bool:
    """Say whether the processor has bf16 instructions (AVX512_BF16, AMX, or ARM's)."""
    capabilities = torch.backends.cpu.get_cpu_capability()
    if not capabilities.startswith("AVX512"):
        return capabilities.startswith("SVE")
    found: bool = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return found
