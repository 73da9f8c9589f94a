"""What rules became once they are functions says the same as reading them one by one."""

from hypothesis import given
from hypothesis import strategies as st

from fedchapter.policy.facts import RELATIONS, SORTS, Facts
from fedchapter.policy.rules import (
    AT_LEAST,
    AT_MOST,
    HAS,
    HAS_NOT,
    IS,
    IS_NOT,
    NO,
    YES,
    Condition,
    Rule,
    compiled,
    to_test,
)
from fedchapter.policy.shape import Shape

HOSTS = ("a.test", "sub.a.test", "b.test", "test", "c.example")
WORDS = ("watch", "cheap", "bridge")
CONDITIONS = st.one_of(
    st.builds(
        Condition, st.just("relation"), st.sampled_from([IS, IS_NOT]), st.tuples(st.sampled_from(RELATIONS))
    ),
    st.builds(
        Condition, st.just("what"), st.sampled_from([IS, IS_NOT]), st.tuples(st.sampled_from(SORTS[:3]))
    ),
    st.builds(Condition, st.sampled_from(["first", "wave"]), st.sampled_from([YES, NO])),
    st.builds(
        Condition,
        st.sampled_from(["links", "actor_days"]),
        st.sampled_from([AT_LEAST, AT_MOST]),
        st.tuples(st.sampled_from(["0", "1", "2"])),
    ),
    st.builds(
        Condition,
        st.sampled_from(["host", "link_hosts"]),
        st.sampled_from([HAS, HAS_NOT]),
        st.lists(st.sampled_from(HOSTS), min_size=1, max_size=2).map(tuple),
    ),
    st.builds(Condition, st.just("text"), st.sampled_from([HAS, HAS_NOT]), st.tuples(st.sampled_from(WORDS))),
)
RULES = st.lists(
    st.builds(
        Rule,
        st.uuids().map(str),
        st.just("a rule"),
        st.just("why"),
        st.sampled_from(["show", "hold", "refuse"]),
        st.lists(CONDITIONS, max_size=3).map(tuple),
        on=st.booleans(),
    ),
    max_size=6,
)
FACTS = st.builds(
    Facts,
    st.sampled_from(SORTS[:3]),
    st.sampled_from(RELATIONS),
    st.just("https://a.test/users/x"),
    st.sampled_from(HOSTS),
    actor_days=st.integers(0, 3),
    first=st.booleans(),
    wave=st.booleans(),
    given=st.builds(
        Shape,
        st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
        hosts=st.lists(st.sampled_from(HOSTS), max_size=2).map(tuple),
        links=st.integers(0, 3),
    ),
)


@given(RULES, FACTS)
def test_the_first_rule_that_speaks_is_the_same_however_it_is_found(rules: list[Rule], facts: Facts) -> None:
    slowly = next((rule for rule in rules if rule.on and to_test(rule.conditions)(facts)), None)
    assert compiled(rules)(facts) is slowly


def test_a_server_includes_its_sub_domains_and_not_the_other_way() -> None:
    test = to_test([Condition("host", HAS, ("a.test",))])
    assert test(Facts("reply", "stranger", "", "sub.a.test"))
    assert not test(Facts("reply", "stranger", "", "nota.test"))
    assert not to_test([Condition("host", HAS, ("sub.a.test",))])(Facts("reply", "stranger", "", "a.test"))
