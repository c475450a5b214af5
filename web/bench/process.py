"""The process that everybody is measured on: form, approve, gateway, countersign by N, end.

One drawing in two dialects: ours, as a modeler writes it, and the stock library's, whose conditions
are Python and whose multi-instance is its own.
"""

import json
from typing import Any
from xml.sax.saxutils import quoteattr

SIZES = (5, 50, 200)
"""How many sign."""
REQUESTER, MANAGER = "business.officer", "business.manager"
_END_IF_REJECTED = '<camunda:property name="approval.onRejected" value="end"/>'
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="bench">'
)
REASONS = (
    "企业客户逐张开立差旅卡，单家企业上百张，办理须三至五个工作日",
    "商户每月来电索取结算回单约四百次，客服逐份邮寄，费时费力",
    "现有机具为旧版系统，不支持新的密钥下发方式，须尽快更换",
    "监管要求年底前完成客户身份信息补录，现有人手不足",
    "合作方联调环境不稳定，测试用例未能全部通过，影响上线",
    "门店装修后网络中断多次，顾客排队等候时间明显变长",
    "充值失败后资金未能及时退回，投诉量比上月增加一成",
    "活动期间交易量将达平日三倍，服务器容量须提前扩充",
)
OPINION = "同意"


def answers(number: int) -> dict[str, Any]:
    """What is filled in: a request for money, of an ordinary length."""
    return {
        "title": f"批量开卡设备采购（第{number}批）",
        "amount": f"{48_000 + number}.50",
        "kind": "设备",
        "wished_date": "2030-10-30",
        "reason": f"{REASONS[number % 8]}；{REASONS[(number // 8 + number + 3) % 8]}",
    }


def key(signers: int) -> str:
    """The process's key."""
    return f"approval-{signers}"


def group(signers: int) -> str:
    """The group of those who sign."""
    return f"signers-{signers}"


def signer(number: int) -> str:
    """One who signs."""
    return f"signer.{number:03}"


def our_files(signers: int) -> dict[str, bytes]:
    """Diagram and forms as they would be deployed."""
    return {
        "approval.bpmn": _our_diagram(signers),
        "application.form": _form("application", _application()),
        "opinion.form": _form("opinion", [_field("opinion", "textarea", "意见", "Opinion")]),
    }


def _our_diagram(signers: int) -> bytes:
    people = f"${{holders('{group(signers)}')}}"
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics"
        f' camunda:collection="{people}" camunda:elementVariable="signer"/>'
    )
    parts = (
        '<bpmn:startEvent id="form" name="申请" camunda:formRef="application"/>',
        _flow("form", "approve"),
        _our_task("approve", "部门审批", f'camunda:assignee="{MANAGER}"', "single"),
        _flow("approve", "passed"),
        '<bpmn:exclusiveGateway id="passed" default="passed_refused"/>',
        _flow("passed", "sign", "${approve_verdict == 'approved'}"),
        _flow("passed", "refused"),
        '<bpmn:endEvent id="refused" name="未通过"/>',
        _our_task("sign", "会签", 'camunda:assignee="${signer}"', "all", loop),
        _flow("sign", "end"),
        '<bpmn:endEvent id="end" name="办结"/>',
    )
    return _diagram(
        key(signers),
        '<bpmn:extensionElements><camunda:properties><camunda:property name="number.pattern"'
        ' value="({yy}){dept}字{seq:3}"/></camunda:properties></bpmn:extensionElements>',
        *parts,
        name="用款审批",
    )


def _our_task(id: str, name: str, who: str, approval: str, loop: str = "") -> str:
    return (
        f'<bpmn:userTask id="{id}" name="{name}" {who} camunda:formRef="opinion">'
        "<bpmn:extensionElements><camunda:properties>"
        f'<camunda:property name="approval" value="{approval}"/>'
        f"{_END_IF_REJECTED if approval == 'all' else ''}"
        f"</camunda:properties></bpmn:extensionElements>{loop}</bpmn:userTask>"
    )


def stock_diagram() -> bytes:
    """The same drawing as the stock library reads it."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics>"
        "<bpmn:loopDataInputRef>signers</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>sign_answers</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="signer" name="signer"/>'
        '<bpmn:outputDataItem id="vote" name="vote"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    return _diagram(
        "approval",
        "",
        '<bpmn:startEvent id="start"/>',
        _flow("start", "form"),
        '<bpmn:userTask id="form" name="申请"/>',
        _flow("form", "approve"),
        '<bpmn:userTask id="approve" name="部门审批"/>',
        _flow("approve", "passed"),
        '<bpmn:exclusiveGateway id="passed" default="passed_refused"/>',
        _flow("passed", "sign", "approve_verdict == 'approved'"),
        _flow("passed", "refused"),
        '<bpmn:endEvent id="refused" name="未通过"/>',
        f'<bpmn:userTask id="sign" name="会签">{loop}</bpmn:userTask>',
        _flow("sign", "end"),
        '<bpmn:endEvent id="end" name="办结"/>',
        name="用款审批",
    )


def organisation() -> dict[str, Any]:
    """Who takes part, as an organisation file says it: each group of signers is a post."""
    people: list[dict[str, Any]] = [
        {"id": MANAGER, "name": "周启明", "department": "业务部", "posts": ["manager"]},
        {"id": REQUESTER, "name": "林嘉", "department": "业务部", "superior": MANAGER},
    ]
    for number in range(max(SIZES)):
        posts = [group(size) for size in SIZES if number < size]
        people.append(
            {
                "id": signer(number),
                "name": f"会签人{number}",
                "department": f"会签{number % 10}部",
                "posts": posts,
            }
        )
    departments = [{"name": "业务部", "short": "业", "head": MANAGER}]
    departments += [{"name": f"会签{number}部", "short": f"签{number}"} for number in range(10)]
    return {"departments": departments, "groups": [], "people": people}


def _diagram(id: str, extension: str, *parts: str, name: str) -> bytes:
    return (
        f"{_HEAD}<bpmn:process id={quoteattr(id)} name={quoteattr(name)} isExecutable="
        f'"true">{extension}{"".join(parts)}</bpmn:process></bpmn:definitions>'
    ).encode()


def _flow(source: str, target: str, condition: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</bpmn:sequenceFlow>"
    )


def _application() -> list[dict[str, Any]]:
    return [
        _field("title", "textfield", "标题", "Title", required=True),
        _field("amount", "number", "金额", "Amount", required=True, decimalDigits=2),
        _field("kind", "textfield", "类别", "Kind"),
        {**_field("wished_date", "datetime", "期望日期", "Wished for"), "subtype": "date"},
        _field("reason", "textarea", "事由", "Reason", required=True),
    ]


def _field(
    key: str, type: str, label: str, label_en: str, *, required: bool = False, **more: Any
) -> dict[str, Any]:
    return {
        "id": f"bench_{key}",
        "type": type,
        "key": key,
        "label": label,
        "properties": {"label.en": label_en},
        **({"validate": {"required": True}} if required else {}),
        **more,
    }


def _form(id: str, components: list[dict[str, Any]]) -> bytes:
    form = {"schemaVersion": 18, "type": "default", "id": id, "components": components}
    return json.dumps(form, ensure_ascii=False).encode()
