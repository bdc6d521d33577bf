"""walkapp carries a safety walk from the phone in the dusk to the council's minutes.

The house has floors, each named by a word of the field; imports only go down the stairs:

    factory, cli    wire the house and start it
    shell           the app frame: start page, the phone's page, service worker, health
    feedback        what became of it: the public page
    reports         what the council reads: page, PDF, map
    council         council, meeting, agenda item, attendance, outcome, minutes
    actions         an action, its owner, answer, deadline, verification
    observations    what was seen on a walk; review, merging
    walks           walk, area, route, stop, invitation, participant
    photos          the photo store and its pipeline
    agencies        who answers for what
    people          municipality, person, role, sign-in
    kernel          db, journal, queue, states, errors, clock, geo, mail: knows no feature

Every floor has the same rooms: `pages` and `api` and `jobs` are its doors, `service` its verbs, `queries` its
reads, `access` who may do what, `models` its tables, `states` and `rules` its tables and calculations.
"""
