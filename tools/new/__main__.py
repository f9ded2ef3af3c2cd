"""The command line: python -m tools new KIND NAME."""

import sys

from ..environment import ROOT
from . import chapter, explorer

KINDS = {"chapter": chapter.write, "explorer": explorer.write}
USAGE = "new: say `python -m tools new KIND NAME`, such as `new chapter 13-deformable-convolution`; kinds: {kinds}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in KINDS:
        print(USAGE.format(kinds=", ".join(KINDS)), file=sys.stderr)
        return 2
    kind, name = arguments
    try:
        made = KINDS[kind](name, ROOT)
    except (FileExistsError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for path in made:
        print(f"new: {path.relative_to(ROOT)}")
    print("new: CONTRIBUTING.md says what comes next")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
