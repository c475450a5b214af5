"""The tree is RFC 6962's: its reference tree's roots and paths, and a naive tree beside ours."""

from collections.abc import Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.proof.merkle import (
    EMPTY_ROOT,
    Nodes,
    consistency_path,
    grown,
    inclusion_path,
    leaf_hash,
    node_hash,
    root,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves of the tests of the reference implementation, and what they come to.
REFERENCE = [
    leaf_hash(bytes.fromhex(each))
    for each in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def naive_root(hashes: Sequence[bytes]) -> bytes:
    """MTH, as the RFC writes it down."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def naive_path(place: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH, as the RFC writes it down."""
    if len(hashes) < 2:
        return []
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    if place < split:
        return [*naive_path(place, hashes[:split]), naive_root(hashes[split:])]
    return [*naive_path(place - split, hashes[split:]), naive_root(hashes[:split])]


def naive_proof(old: int, hashes: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF, as the RFC writes it down."""
    if old == len(hashes):
        return [] if whole else [naive_root(hashes)]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    if old <= split:
        return [*naive_proof(old, hashes[:split], whole), naive_root(hashes[split:])]
    return [*naive_proof(old - split, hashes[split:], False), naive_root(hashes[:split])]


def complete(hashes: Sequence[bytes]) -> Nodes:
    """The complete subtrees over these leaves, and no other."""

    def node(level: int, index: int) -> bytes:
        assert (index + 1) << level <= len(hashes), "no such subtree is complete"
        return naive_root(hashes[index << level : (index + 1) << level])

    return node


def tree(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


SIZES = st.integers(1, 70)


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_reference_tree(size: int) -> None:
    assert root(REFERENCE[:size]).hex() == ROOTS[size]
    assert root_of(size, complete(REFERENCE)).hex() == ROOTS[size]


@pytest.mark.parametrize("place", INCLUSION)
def test_the_inclusion_paths_of_the_reference_tree(place: tuple[int, int]) -> None:
    index, size = place
    path = inclusion_path(index, size, complete(REFERENCE[:size]))
    assert [each.hex() for each in path] == INCLUSION[place]
    assert verify_inclusion(REFERENCE[index], index, size, path, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize("sizes", CONSISTENCY)
def test_the_consistency_paths_of_the_reference_tree(sizes: tuple[int, int]) -> None:
    old, new = sizes
    path = consistency_path(old, new, complete(REFERENCE[:new]))
    assert [each.hex() for each in path] == CONSISTENCY[sizes]
    before, after = bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])
    assert verify_consistency(old, new, before, after, path)


@given(SIZES, st.data())
def test_every_path_is_the_naive_one_and_verifies(size: int, data: st.DataObject) -> None:
    hashes = tree(size)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert root(hashes) == naive_root(hashes)
    path = inclusion_path(index, size, complete(hashes))
    assert path == naive_path(index, hashes)
    assert verify_inclusion(hashes[index], index, size, path, root(hashes))
    proof = consistency_path(old, size, complete(hashes))
    assert proof == naive_proof(old, hashes)
    assert verify_consistency(old, size, root(hashes[:old]), root(hashes), proof)


@given(st.integers(0, 40), st.integers(0, 40))
def test_a_tree_grows_by_its_new_subtrees_alone(size: int, more: int) -> None:
    hashes = tree(size + more)
    asked: list[tuple[int, int]] = []

    def node(level: int, index: int) -> bytes:
        asked.append((level, index))
        return complete(hashes[:size])(level, index)

    made = list(grown(size, hashes[size:], node))
    expected = {
        (level, index): naive_root(hashes[index << level : (index + 1) << level])
        for level in range(1, 8)
        for index in range(len(hashes))
        if size < (index + 1) << level <= len(hashes)
    }
    assert {(level, index): made for level, index, made in made} == expected
    assert len(made) == len(expected)
    assert len({level for level, _ in asked}) == len(asked)


def _spoilt(path: list[bytes], data: st.DataObject) -> list[bytes]:
    """The path with one thing wrong."""
    ways = ["longer", "flip", "cut", "turn", "short"] if path else ["longer"]
    way = data.draw(st.sampled_from(ways))
    place = data.draw(st.integers(0, max(len(path) - 1, 0)))
    if way == "longer":
        return [*path[:place], sha256(b"x").digest(), *path[place:]]
    if way == "flip":
        changed = bytes([path[place][0] ^ 1]) + path[place][1:]
        return [*path[:place], changed, *path[place + 1 :]]
    if way == "cut":
        return path[:place] + path[place + 1 :]
    if way == "short":
        return [*path[:place], path[place][:-1], *path[place + 1 :]]
    return [each[::-1] for each in path]


@given(SIZES, st.data())
def test_a_spoilt_path_leads_nowhere(size: int, data: st.DataObject) -> None:
    hashes = tree(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    top = root(hashes)
    path = inclusion_path(index, size, complete(hashes))
    assert not verify_inclusion(hashes[index], index, size, _spoilt(path, data), top)
    proof = consistency_path(old, size, complete(hashes))
    before = root(hashes[:old])
    assert not verify_consistency(old, size, before, top, _spoilt(proof, data))


@given(SIZES, st.data())
def test_another_leaf_place_size_or_root_is_not_proved(size: int, data: st.DataObject) -> None:
    hashes = tree(size)
    index = data.draw(st.integers(0, size - 1))
    path, top = inclusion_path(index, size, complete(hashes)), root(hashes)
    leaf = hashes[index]
    assert not verify_inclusion(leaf_hash(b"other"), index, size, path, top)
    assert not verify_inclusion(leaf, index, size, path, leaf_hash(b"other"))
    elsewhere = data.draw(st.integers(-3, size + 3).filter(lambda place: place != index))
    assert not verify_inclusion(leaf, elsewhere, size, path, top)
    old = data.draw(st.integers(1, size))
    proof = consistency_path(old, size, complete(hashes))
    before = root(hashes[:old])
    assert not verify_consistency(old, size, leaf_hash(b"other"), top, proof)
    assert not verify_consistency(old, size, before, leaf_hash(b"other"), proof)
    assert not verify_consistency(size + 1, size, before, top, proof)
    assert not verify_consistency(-1, size, before, top, proof)


def test_every_tree_continues_the_empty_one() -> None:
    assert root([]) == EMPTY_ROOT
    assert verify_consistency(0, 3, EMPTY_ROOT, root(tree(3)), [])
    assert verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])
    assert not verify_consistency(0, 3, root(tree(1)), root(tree(3)), [])
    assert not verify_consistency(0, 3, EMPTY_ROOT, root(tree(3)), tree(1))
    assert not verify_consistency(0, 0, EMPTY_ROOT, root(tree(1)), [])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_path(index, size, complete(tree(3)))
    assert not verify_inclusion(tree(1)[0], index, size, [], root(tree(3)))


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_a_smaller_tree_continues_no_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not continue"):
        consistency_path(old, new, complete(tree(4)))


def test_huge_numbers_and_strange_values_are_refused_at_once() -> None:
    """Whoever verifies reads numbers that somebody else has written."""
    leaf = tree(1)[0]
    assert not verify_inclusion(leaf, 2**200, 2**201, [leaf] * 50, leaf)
    assert not verify_consistency(2**200, 2**200 + 1, leaf, leaf, [leaf] * 300)
    assert not verify_inclusion(b"", 0, 1, [], b"")
    assert not verify_consistency(1, 2, leaf, leaf, ["no bytes"])  # type: ignore[list-item]
