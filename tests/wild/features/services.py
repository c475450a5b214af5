"""Work that nobody of the organisation does."""

from collections.abc import Iterator

from tests.wild.drawing import around, user, ways

SERVICES = {
    "external": '<serviceTask id="do" v:type="external" v:topic="charge" />',
    "class": '<serviceTask id="do" v:class="com.example.Charge" />',
    "delegate": '<serviceTask id="do" v:delegateExpression="${charger}" />',
    "expression": '<serviceTask id="do" v:expression="${amount * 2}" v:resultVariable="twice" />',
    "mail": (
        '<serviceTask id="do" v:type="mail"><extensionElements><v:field name="to">'
        "<v:string>a@example.com</v:string></v:field></extensionElements></serviceTask>"
    ),
    "connector": (
        '<serviceTask id="do"><extensionElements><v:connector><v:connectorId>http-connector'
        "</v:connectorId></v:connector></extensionElements></serviceTask>"
    ),
    "nothing": '<serviceTask id="do" name="do something" />',
    "implementation": '<serviceTask id="do" implementation="##WebService" />',
    "send": '<sendTask id="do" name="tell them" />',
    "send by class": '<sendTask id="do" v:class="com.example.Send" />',
    "receive": '<receiveTask id="do" messageRef="m_paid" />',
    "manual": '<manualTask id="do" />',
    "plain": '<task id="do" name="think" />',
    "rules without a table": '<businessRuleTask id="do" v:class="com.example.Rules" />',
    "table": (
        '<businessRuleTask id="do" v:decisionRef="risk" v:resultVariable="level"'
        ' v:mapDecisionResult="singleEntry" />'
    ),
    "table that is not there": '<businessRuleTask id="do" v:decisionRef="gone" />',
    "inputs and outputs": (
        '<serviceTask id="do" v:type="external" v:topic="t" v:asyncBefore="true">'
        '<extensionElements><v:inputOutput><v:inputParameter name="a">${amount}'
        '</v:inputParameter><v:inputParameter name="list"><v:list><v:value>1</v:value></v:list>'
        '</v:inputParameter><v:outputParameter name="b">${a}</v:outputParameter></v:inputOutput>'
        "<v:failedJobRetryTimeCycle>R3/PT10M</v:failedJobRetryTimeCycle></extensionElements>"
        "</serviceTask>"
    ),
    "error of a worker": (
        '<serviceTask id="do" v:type="external" v:topic="t" />'
        '<boundaryEvent id="oops" attachedToRef="do"><errorEventDefinition errorRef="e_broken" />'
        "</boundaryEvent>" + user("mend") + ways("oops > mend > end")
    ),
}


def services() -> Iterator[tuple[str, str]]:
    """Work that nobody of the organisation does."""
    for name, task in SERVICES.items():
        yield f"service: {name}", around(task + user("then"), "do", "then")
