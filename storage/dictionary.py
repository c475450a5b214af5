"""The words that recur in journal entries and cold columns, the most frequent last."""

_WORDS = (
    '{"zh":"","en":""}',
    '"department":"","requester":"","candidates":[],"groups":[],"element":',
    '"sequential","ratio","weight","single","all","any","collect","tally","veto"',
    '"withdrawn","cancelled","superseded","skipped","returned","suspended","void","draft"',
    '"on_behalf_of":"","override":true,"kept_from":1,"optional":true,"priority":""',
    '"scopes":{"":{"approved":true,"amount":"","title":"","initiator":""}},"passes":{"',
    '"marking":{"v":1,"tokens":[],"scopes":{},"counters":{}},"first_passage":1',
    '"facts":{"person":"","members":[],"superior":"","head":"","department":""}',
    '"input.answers.title":"","input.answers.":"","input.comment":"","actor.name":"',
    '"reached":[[1,"","",[]],[2,"","",[1]],[3,"","",[2]]],"rejected","completed"',
    '"why":{"zh":"","en":""},"holders":["","weight":1,"position":1',
    '"verdict":"approved","outcome":"done","refused","failed","tally":{"total":5,"approved":1',
    '"node":"","round":1,"pass":1,"pass_":1,"process":"","definition":"","version":1',
    '"verb":"approve","verb":"complete","verb":"submit","verb":"start","actor":"","from":"',
    '","answers":{"","comment":"","opinion":"","shown":"","task":"","status":"open"',
    '"at":"2026-01-01T00:00:00.000000+00:00","chain":"","seq":1,"v":1,"private":"',
    '{"s":"","p":{"actor.name":"","e":{}}}',
)

DICTIONARY_1 = "".join(_WORDS).encode()
"""Final once a release has used it."""
