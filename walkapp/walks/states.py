"""The states of a walk and of an invitation."""

from walkapp.kernel.states import Machine

_OFF = {"cancel": "cancelled", "postpone": "postponed"}

walk = Machine(
    "walk",
    {
        "draft": {"plan": "planned", "cancel": "cancelled"},
        "planned": {"invite": "invited", "open": "open", **_OFF},
        "invited": {"open": "open", "invite": "invited", **_OFF},
        "open": {"close": "closed"},
        "closed": {"review": "reviewing", "open": "open"},
        "reviewing": {"minute": "minuted", "open": "open"},
        "minuted": {"assign": "assigned"},
        "assigned": {"answer": "answered"},
        "answered": {"follow_up": "followed_up"},
        "followed_up": {"archive": "archived"},
        "archived": {},
        "cancelled": {},
        "postponed": {"plan": "planned", "cancel": "cancelled"},
    },
)

invitation = Machine(
    "invitation",
    {
        "written": {"send": "sent", "withdraw": "withdrawn"},
        "sent": {"accept": "yes", "decline": "no", "send": "sent", "withdraw": "withdrawn"},
        "yes": {"decline": "no", "accept": "yes", "send": "sent", "withdraw": "withdrawn"},
        "no": {"accept": "yes", "decline": "no", "send": "sent", "withdraw": "withdrawn"},
        "withdrawn": {},
    },
)

JOINABLE = ("invited", "open", "closed", "reviewing")
PUBLIC_FROM = ("reviewing", "minuted", "assigned", "answered", "followed_up", "archived")
