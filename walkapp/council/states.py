"""The states of a meeting."""

from walkapp.kernel.states import Machine

meeting = Machine(
    "meeting",
    {
        "planned": {"call": "called"},
        "called": {"open": "running", "call_off": "planned"},
        "running": {"close": "drafted"},
        "drafted": {"sign": "signed", "reopen": "running"},
        "signed": {"approve": "approved"},  # at the next meeting
        "approved": {"file": "filed"},
        "filed": {},
    },
)
