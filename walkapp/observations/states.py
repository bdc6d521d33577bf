"""The states of an observation, from the phone's arrival to what came of it."""

from walkapp.kernel.states import Machine

observation = Machine(
    "observation",
    {
        "sent": {
            "keep": "kept",
            "merge": "merged",
            "redirect": "redirected",
            "mask": "masked",
            "set_aside": "set_aside",
        },
        "kept": {
            "merge": "merged",
            "redirect": "redirected",
            "mask": "masked",
            "set_aside": "set_aside",
            "act": "actioned",
            "note": "noted",
            "preserve": "preserved",
            "reconsider": "sent",
        },
        "merged": {"split": "kept", "mask": "masked"},
        "redirected": {"reconsider": "sent", "mask": "masked"},
        "masked": {},
        "set_aside": {"reconsider": "sent", "mask": "masked"},
        "actioned": {"release": "kept", "mask": "masked"},
        "noted": {"reconsider": "kept", "mask": "masked"},
        "preserved": {"reconsider": "kept", "act": "actioned", "mask": "masked"},
    },
)

PILE = ("sent",)
STANDING = ("kept", "actioned", "noted", "preserved")
REVIEWED = (*STANDING, "merged")
