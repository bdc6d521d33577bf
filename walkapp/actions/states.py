"""The states of an action, and of a request to an owner who is asked rather than told."""

from walkapp.kernel.states import Machine

_ANSWERS = {
    "accept": "accepted",
    "plan": "planned",
    "investigate": "investigating",
    "await_funds": "awaiting_funds",
    "decline": "declined",
    "misdirect": "misdirected",
    "start": "started",
    "finish": "done",
}
_REPLIES = {"agree": "answered_yes", "refuse": "answered_no", "misdirect": "misdirected", "finish": "done"}

action = Machine(
    "action",
    {
        "proposed": {"assign": "assigned", "request": "requested", "close": "closed"},
        "assigned": {**_ANSWERS, "withdraw": "proposed", "close": "closed"},
        "accepted": {**_ANSWERS, "assign": "assigned", "request": "requested"},
        "planned": {**_ANSWERS, "assign": "assigned", "request": "requested"},
        "investigating": {**_ANSWERS, "assign": "assigned", "request": "requested"},
        "awaiting_funds": {**_ANSWERS, "assign": "assigned", "request": "requested"},
        "declined": {"reopen": "reopened", "close": "closed"},
        "misdirected": {"assign": "assigned", "request": "requested", "close": "closed"},
        "started": {**_ANSWERS, "assign": "assigned", "request": "requested"},
        "done": {"verify": "verified", "reopen": "reopened"},
        "verified": {"close": "closed", "reopen": "reopened"},
        "closed": {"reopen": "reopened"},
        "reopened": {"assign": "assigned", "request": "requested", "close": "closed"},
        "requested": {**_REPLIES, "lapse": "unanswered", "withdraw": "proposed", "close": "closed"},
        "answered_yes": {**_REPLIES, "assign": "assigned", "request": "requested"},
        "answered_no": {"reopen": "reopened", "close": "closed", "request": "requested"},
        "unanswered": {**_REPLIES, "request": "requested", "close": "closed"},
    },
)

UNANSWERED = ("assigned", "requested", "unanswered")
OPEN = (
    "proposed",
    "assigned",
    "accepted",
    "planned",
    "investigating",
    "awaiting_funds",
    "misdirected",
    "started",
    "reopened",
    "requested",
    "answered_yes",
    "unanswered",
)
REFUSED = ("declined", "answered_no")
SETTLED = ("done", "verified", "closed", *REFUSED)
