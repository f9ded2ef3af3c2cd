"""The table of ratios as text, and the figures that stand for all of it."""

from statistics import geometric_mean


def ratios(seconds, target):
    """Of one row's medians: cnnlib's time over each other side's, and whether the target for torch's is met."""
    found = {name: seconds["cnnlib"] / other for name, other in seconds.items() if name != "cnnlib"}
    return {"ratios": found, "met": None if target is None else found["torch"] <= target}


def summary(rows):
    """The figures that stand for all rows of one thread count; None where no such row was measured."""
    rows = [row for row in rows if "ratios" in row]
    aims = [row for row in rows if row["target"] is not None]
    forward = [row["ratios"]["torch"] for row in aims if "gradients" not in row["group"]]
    both = [row["ratios"]["torch"] for row in aims if "gradients" in row["group"]]
    dense = [row["ratios"]["product"] for row in rows if row["dense"]]
    return {
        "forward": geometric_mean(forward) if forward else None,
        "gradients": geometric_mean(both) if both else None,
        "dense over product": max(dense, default=None),
        "targets": len(aims),
        "met": sum(row["met"] for row in aims),
    }


def report(found):
    """The table, as text."""
    m = found["machine"]
    core = m["OPENBLAS_CORETYPE"]
    lines = [
        f"{m['processor']}, {m['cores']} cores; Python {m['python']}, NumPy {m['numpy']}, torch {m['torch']}",
        f"scipy {m['scipy']}" if m["scipy"] else "scipy is not installed: rows that would have it beside them say so",
        "OPENBLAS_CORETYPE is " + (f"set to {core}: NumPy's matrix product may be held back" if core else "not set"),
        "load when started: " + ", ".join(f"{x:.1f}" for x in m["load"] or []),
        "cnnlib's time over torch's, over its own bare product's, over the others'; float32; below 1 is faster.",
        "* misses its target, ? fewer than 5 undisturbed rounds.",
    ]
    for threads, means in found["means"].items():
        lines += ["", f"--- {threads} thread{'s' * (threads != '1')} ---"]
        group = None
        for row in found["rows"]:
            if str(row["threads"]) == threads:
                if row["group"] != group:
                    group = row["group"]
                    lines.append(group)
                lines.append("  " + line(row))
        lines += closing(means)
    return "\n".join(lines)


def line(row):
    """One row: the ratio to torch with its target, then the others."""
    if "error" in row:
        return f"{row['name']:40s} ERROR, not timed: {row['error']}"
    target, others = row["target"], dict(row["ratios"])
    mark = "*" if row["met"] is False else " "
    doubt = "?" if min(row["rounds"]["cnnlib"], row["rounds"]["torch"]) < 0 else " "
    aim = "" if target is None else f"(target {target:g})"
    text = f"{row['name']:40s}{others.pop('torch'):7.2f}{mark}{doubt} {aim:14s}"
    text += f" torch {1e3 * row['seconds']['torch']:9.3f} ms"
    if "product" in others:
        text += f"   own product {others.pop('product'):.2f}"
    text += "".join(f"   {name} {ratio:.2g}" for name, ratio in others.items())
    return text + "".join(f"   {name} is not installed" for name in row["absent"])


def closing(means):
    """The figures that stand for all, in words."""
    lines = []
    if means["forward"] is not None:
        lines.append(f"geometric mean of the forward rows with a target: {means['forward']:.2f} (goal 1.0 at 1 thread)")
    if means["gradients"] is not None:
        lines.append(f"geometric mean of the rows with gradients and a target: {means['gradients']:.2f}")
    if means["dense over product"] is not None:
        worst = means["dense over product"]
        lines.append(f"conv2d over its own bare product, dense rows: at most {worst:.2f} (goal 1.25)")
    if means["targets"]:
        lines.append(f"targets met: {means['met']} of {means['targets']}")
    return lines
