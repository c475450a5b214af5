"""The demo organisation is the one that the examples of the processes run in."""

from engine.ids import PersonId
from tests.support import cast

DEPARTMENTS = (
    "业务部 卡部 产品部 技术部 风险合规部 计划财务部 客户服务部 运营部 履约部 办公室 销售部 市场部"
)


def test_every_name_of_the_cast_is_in_the_organisation() -> None:
    named = {value for key, value in vars(cast).items() if key.isupper() and isinstance(value, str)}

    assert named <= set(cast.demo().people)


def test_every_department_has_a_head_and_a_short_name_of_its_own() -> None:
    departments = cast.demo().departments.values()

    assert set(DEPARTMENTS.split()) <= {one.name for one in departments}
    assert len({one.short for one in departments}) == len(departments)
    for one in departments:
        assert one.head in cast.demo().people


def test_everyone_who_may_be_asked_to_sign_has_a_superior_who_is_somebody_else() -> None:
    for person in cast.demo().people.values():
        if person.department:
            assert person.superiors, person.id
            assert person.id not in person.superiors
            assert set(person.superiors) <= set(cast.demo().people)


def test_officers_answer_to_their_manager_managers_to_the_deputy_he_to_the_general_manager() -> (
    None
):
    superiors = {one.id: one.superiors for one in cast.demo().people.values()}

    assert superiors[cast.CARD_OFFICER] == (cast.CARD_MANAGER,)
    assert superiors[cast.CARD_MANAGER] == (cast.DEPUTY,)
    assert superiors[cast.DEPUTY] == (cast.GENERAL_MANAGER,)
    assert superiors[cast.GENERAL_MANAGER] == (cast.DEPUTY, cast.OTHER_DEPUTY)


def test_the_three_roles_are_held_by_one_person_each() -> None:
    roles = {one.role: one.id for one in cast.demo().people.values() if one.role}

    assert roles == {
        "owner": cast.OWNER,
        "auditor": cast.AUDITOR,
        "administrator": cast.ADMINISTRATOR,
    }
    assert cast.demo().administrators() == [PersonId("admin")]
