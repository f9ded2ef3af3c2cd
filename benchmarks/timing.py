"""Compare calls side by side: interleaved, warmed up, medians of rounds that were not disturbed."""

import statistics
import time

import numpy as np


def keep_memory():
    """Make the allocator keep what it gets.

    glibc hands large blocks back to the system and takes them again, call after call; in a
    fresh process the page faults then look like slow arithmetic. Once a block of 31 MB was
    freed, it keeps blocks up to that size, for either side of a comparison.
    """
    np.ones(31 * 2**20, np.uint8)


def compare(calls, rounds=15, most=60, seconds=20.0, settle=0.0):
    """Median seconds of each call.

    Parameters
    ----------
    calls : dict of callables
        What to compare, by name. In a round each is called once, one after the other.
    rounds : int
        How many undisturbed rounds are wanted of each call.
    most : int
        How many rounds to try for that.
    seconds : float
        When to stop trying, if there are five at least.
    settle : float
        Seconds for which a call is repeated before it is timed. With several threads: a
        library's idle threads keep watch for about 30 ms after its last product, on the
        core that the other library now needs.

    Returns
    -------
    dict of (float, int)
        Median seconds and the number of rounds it is taken from. A round of a call counts
        if its CPU time reaches its wall time, that is, if nobody else had the processor;
        if fewer than five ever do, all count, and the number is given as negative.
    """
    times = {name: [] for name in calls}
    for _ in range(2):
        for call in calls.values():
            call()
    started = time.perf_counter()
    for done in range(most):
        for name, call in calls.items():
            until = time.perf_counter() + settle
            while time.perf_counter() < until:
                call()
            wall, cpu = time.perf_counter(), time.process_time()
            call()
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            times[name].append((wall, cpu >= 0.95 * wall))
        clean = min(sum(good for _, good in rows) for rows in times.values())
        late = time.perf_counter() - started > seconds
        if clean >= rounds or (late and (clean >= 5 or done + 1 >= rounds)):
            break
    found = {}
    for name, rows in times.items():
        good = [wall for wall, good in rows if good]
        if len(good) >= 5:
            found[name] = statistics.median(good), len(good)
        else:
            found[name] = statistics.median(wall for wall, _ in rows), -len(rows)
    return found
