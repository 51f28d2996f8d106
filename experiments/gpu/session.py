"""A run whose minutes are paid for: written after each block, resumable, stopped in time."""

import time
import traceback

import record


class OutOfTime(Exception):
    """What comes next would not end before the session does."""


class Session:
    """Runs blocks of measurements and keeps the results file up to date.

    `write(results)` writes the file. Blocks stand in `results["blocks"]` with their seconds and,
    if they failed, were stopped or were not begun, the reason.
    """

    OutOfTime = OutOfTime

    def __init__(self, results: dict, write, minutes: float | None = None):
        self.results, self.write = results, write
        self.ends = None if minutes is None else record.STARTED + 60 * minutes
        self.results.setdefault("blocks", {})

    def need(self, seconds: float) -> None:
        """Raise OutOfTime unless so many seconds are left."""
        if self.ends is not None and time.monotonic() + seconds > self.ends:
            raise OutOfTime(f"{max(0.0, self.ends - time.monotonic()):.0f} s left, "
                            f"{seconds:.0f} needed")

    def save(self) -> None:
        """Write what there is."""
        self.write(self.results)

    def progress(self, what: str, value: float | None, unit: str) -> None:
        """One line for who is waiting, and the file."""
        clock = time.monotonic() - record.STARTED
        print(f"{clock:6.0f} s  {what}: " + ("-" if value is None else f"{value:,.2f} {unit}"),
              flush=True)
        self.save()

    def block(self, name: str, call, needs: float = 0.0) -> None:
        """Run one block unless it is complete or would not end in time; never raise."""
        done = self.results["blocks"].get(name, {})
        if done and not done["why_not"]:
            print(f"{name}: complete, kept", flush=True)
            return
        began, why_not = time.monotonic(), None
        print(f"{began - record.STARTED:6.0f} s  block {name}", flush=True)
        try:
            self.need(needs)
            call()
        except OutOfTime as error:
            why_not = f"stopped: {error}"
        except Exception as error:
            traceback.print_exc()
            why_not = f"{type(error).__name__}: {error}"[:300]
        self.results["blocks"][name] = {
            "seconds": round(done.get("seconds", 0) + time.monotonic() - began, 1),
            "why_not": why_not}
        self.save()
