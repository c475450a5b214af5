"""The Merkle tree of RFC 6962 (9162, section 2.1): roots, paths and their verification.

Whoever proves gives a `Nodes`, which knows the hash of every complete subtree; whoever verifies
needs nothing but the functions of the last part.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256().digest()
"""The root of a tree without leaves."""

Nodes = Callable[[int, int], bytes]
"""(level, index) -> the hash of the complete subtree over the leaves from `index * 2**level`, of
which there are `2**level`. Level 0 is the leaves' hashes."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: the zero byte before its data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: the byte 1 before them."""
    return sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """The root of a tree with these leaves, all of them at hand."""
    levels = [list(leaf_hashes)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([node_hash(left, right) for left, right in pairs])
    return root_of(len(leaf_hashes), lambda level, index: levels[level][index])


def root_of(size: int, nodes: Nodes) -> bytes:
    """The root of the first `size` leaves."""
    return _over(0, size, nodes) if size else EMPTY_ROOT


def grown(
    size: int, leaf_hashes: Sequence[bytes], nodes: Nodes
) -> Iterator[tuple[int, int, bytes]]:
    """What subtrees are complete when these leaves follow the first `size`: (level, index, hash),
    from level 1 up. Of what was there `nodes` is asked one hash a level, at most."""
    level, first, hashes = 0, size, list(leaf_hashes)
    while hashes:
        if first % 2:
            first -= 1
            hashes.insert(0, nodes(level, first))
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        level, first, hashes = level + 1, first // 2, [node_hash(*pair) for pair in pairs]
        for place, made in enumerate(hashes):
            yield level, first + place, made


def inclusion_path(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The path of leaf `index` in the tree of the first `size` leaves, from the leaf up.

    Raises ValueError where there is no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_over(middle, high, nodes))
            high = middle
        else:
            path.append(_over(low, middle, nodes))
            low = middle
    return path[::-1]


def consistency_path(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """What proves that the tree of the first `old` leaves is the beginning of that of `new`.

    Raises ValueError where the sizes are in the wrong order.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} does not continue one of {old}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_over(middle, high, nodes))
            high = middle
        else:
            path.append(_over(low, middle, nodes))
            low, whole = middle, False
    if not whole:
        path.append(_over(low, high, nodes))
    return path[::-1]


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _over(low: int, high: int, nodes: Nodes) -> bytes:
    """The hash over the leaves from `low` up to `high`, a range that the tree has a node for."""
    count = high - low
    if count & (count - 1) == 0:
        return nodes(count.bit_length() - 1, low // count)
    middle = low + _split(count)
    return node_hash(_over(low, middle, nodes), _over(middle, high, nodes))


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf_hash, root, *path):
        return False
    place, last, found = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(sibling, found)
            while place and not place % 2:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path shows that the old tree is the new one's beginning (RFC 9162, 2.1.4.2).

    Of the empty tree every tree is a continuation, without a path.
    """
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *path):
        return False
    if old == 0:
        return not path and old_root == EMPTY_ROOT and (new > 0 or new_root == EMPTY_ROOT)
    if old == new:
        return not path and old_root == new_root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not path or not steps:
        return False
    place, last = old - 1, new - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while place and not place % 2:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


def _are_hashes(*found: bytes) -> bool:
    return all(isinstance(each, bytes) and len(each) == HASH_BYTES for each in found)
