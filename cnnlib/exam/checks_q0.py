"""The claim about the paper as a whole."""

from .ledger import parts


def c001():
    totals = [sum(part.marks for part in parts() if part.question == question) for question in "123456"]
    return {
        "marks of the questions": totals,
        "of the paper": sum(totals),
        "marks a minute": round(sum(totals) / 180, 2),
    }
