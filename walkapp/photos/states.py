"""The states of a photo's bytes."""

from walkapp.kernel.states import Machine

content = Machine(
    "photo",
    {
        "received": {"develop": "ready", "quarantine": "quarantined"},
        "ready": {"develop": "ready", "erase": "erased"},
        "quarantined": {"develop": "ready", "erase": "erased"},
        "erased": {},
    },
)
