"""The words that recur in journal entries and cold columns, the most frequent last."""

_TEXTS = (
    "已撤回已取消作废超期未处理提醒抄送给您提到了您退回修改请在前处理加急催办说明附件原因",
    "业务部卡部产品部技术部风险合规部计划财务部客户服务部运营部履约部办公室销售部市场部总经理室",
    " was rejected at “” was returned at “ is cancelled” is void” is withdrawn",
    "“”在“”的结论:不同意”,“ was rejected at “”已撤回“”已退回,请修改后重新提交",
    '”已办结(完)","“” is completed"]',
    '["“”等您处理:“","“” waits for you: “"]',
    '["“”在“”的结论:同意","“” was approved at “”"]',
)
_COLUMNS = (
    '"element":{"rounds_allowed":4,"kept_from":1,"optional":true,"priority":"","number":"(26)',
    '{"node":"initiator","why":{"zh":"被退回,请修改后重新提交","en":"returned: amend it and',
    '"groups":["dept:","post:manager@"],"department":"","candidates":["',
    '{"node":"","position":1,"why":{"zh":"会签名单:${holders(","en":"collection ${holders("}',
    '{"node":"","why":{"zh":"指定:","en":"assigned: "},"version":2,"comment":"同意","answers":{"',
    '{"marking":{"format":1,"passages":2,"tokens":[{"at":"","by":[1]}],"entries":{"":{"start":1,"',
    '"undone":[],"first_passage":1,"aside":{"target":"',
    '{"scopes":{"":{"parent":null,"values":{"title":"","initiator":"","department":"","me":"',
    '","number":"(26)字001","round":1,"filed_on":"2026-01-01","_verdict":"approved"}}},"passes":{"',
    '":[1,1]},"answers":{"title":"","amount":"","reason":"","opinion":"',
    '{"summary":{"","outcome":"rejected"{"outcome":{"id":"end","name":""},"ends":["end"]}',
    '{"request":"","seq":1,"count":1,"at":"2026-',
)
_PARTICULARS = (
    '"changed.round":[1,2],"changed.number":[null,"(26)字001"],"input.to":"initiator",',
    '"input.answers":{"title":"","amount":"","opinion":"","risk":"',
    '"changed._answers":[[],[{"answers":{},"comment":"","department":"","signer":"","verdict":',
    '"approved"},{"answers":{},"comment":"同意","department":"","signer":"',
    '"changed._verdict":[null,"approved"],"changed._verdict":["approved",null],',
    '"facts":[[["department of",""],""],[["members","post","manager","',
    '"]],[["superior",""],["head",""],["number","(26)字"],1],[["draft",',
    '[["person",""],{"department":"","name":"","superiors":["","inactive":true}],',
    '{"p":{"actor.name":"","actor.origin":"127.0.0.1","changed.":[null,"',
    '{"p":{"actor.name":"","actor.origin":"","input.answers":{},"input.comment":"同意',
    '","state":"\x00"},"s":"\x00"}',
)
_BODIES = (
    '"cause":["",1],"verb":"deliver","verb":"fire","verb":"amend","verb":"start","due":"',
    '"did":[["cancelled",["superseded",["returned",["round",2],["claimed",1,"',
    '"],["copied",["linked",["number","(26)字001"],["timer","due:/","remind:/","sent",',
    '"for":"","override":true,"undone":[1,2],"changed":',
    '["ended","completed",{"id":"end","name":""},["end"]]],"node":"',
    '"actor":"system:timer","system:process","via":"scheduler","via":"process"',
    '"outcome":"refused","reason":"task-over","count":1',
    '"verb":"submit","verb":"save","verb":"withdraw","verb":"claim","verb":"comment","verb":"return"',
    '"verb":"reject","verb":"complete","via":"page"}',
    '["opened","/#1","",1,1],["assigned",1,[""],[]],["assigned",2,["',
    '"did":[["voted",1,"approved",1,0,1],["settled","/#1","approved",1,0,1],["opened","/',
    '"reached":[[1,"start","",[]],[2,"","",[1],"/#1"],[3,"","",[2]]],"round":1,"seq":2,"shown":"',
    '"did":[["voted",2,"approved",1,0,3]],"node":"","outcome":"done","pass":1,"private":"\x00",',
    '"process":"\x00","round":1,"seq":3,"shown":"\x00","task":"","unversioned":true,"v":1,',
    '"verb":"approve","via":"api"}{"actor":"',
)

DICTIONARY_1 = "".join(_TEXTS + _COLUMNS + _PARTICULARS + _BODIES).encode()
"""For the journal. Final once a release has used it."""

_NOTICES = (
    "已撤回已取消作废超期未处理提醒抄送给您提到了您退回修改请在前加急催办说明附件原因意见",
    _TEXTS[1],
    '["抄送您:“","A copy for you: “"]["请尽快处理:“在“”等您","A reminder: “waits for you at “',
    " was rejected at “” was returned at “ is cancelled” is void” is withdrawn",
    "“”在“”的结论:不同意”已撤回“”已退回,请修改后重新提交",
    '”已办结(完)","“” is completed"]',
    '["“(26)字001 ”在“”的结论:同意,已办结(完)",'
    '"“(26)字001 ” was approved at “”, and it is completed"]',
    '["“(26)字001 ”在“”等您处理","“(26)字001 ” waits for you at “”"]',
)
_ROWS = (
    '"element":{"rounds_allowed":4,"kept_from":1,"optional":true,"priority":"","number":"(26)',
    '{"node":"initiator","why":{"zh":"被退回,请修改后重新提交","en":"returned: amend it and',
    '"zh":"按规则 ","en":"by the rule ""zh":"申请的 ","en":"the request\'s "',
    '"zh":"岗位 ","en":"post "',
    '"zh":"申请中填写的“”","en":"named in the request as “”","rule":"${holders(\'',
    '{"node":"","groups":["post:@"],"department":"","why":{"zh":"的 ","en":" in ","rule":"post:@',
    '"candidates":["',
    '{"node":"","department":"","position":1,"why":{"zh":"负责人","en":"head of ","rule":"${head(',
    '\'\')}"},"version":2,"comment":"同意","answers":{"opinion":"',
    *_COLUMNS[5:],
)

DICTIONARY_2 = "".join(_NOTICES + _ROWS).encode()
"""For the columns beside it. Final once a release has used it."""
