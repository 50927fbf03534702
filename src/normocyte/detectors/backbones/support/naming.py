"""Names of tensors that no detector uses."""

from dataclasses import replace

from normocyte.detectors.backbones.contract import PLANES, Features


def named_apart(features: Features, prefix: str) -> Features:
    """The same features, each tensor but PLANES with the prefix before its name."""

    def apart(name: str) -> str:
        return name if name in ("", PLANES) else f"{prefix}/{name}"

    for node in features.nodes:
        node.input[:] = [apart(name) for name in node.input]
        node.output[:] = [apart(name) for name in node.output]
    maps = tuple(replace(one, tensor=apart(one.tensor)) for one in features.maps)
    constants = {apart(name): value for name, value in features.constants.items()}
    return replace(features, maps=maps, constants=constants)
