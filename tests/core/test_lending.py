"""Extensions of numba: tuples read through a pointer hold the same values and are kept alive; hints do no harm."""

import gc
from typing import NamedTuple

import numpy as np
import pytest

from busim.core import compiled
from busim.core.insertion import Weights

numba = pytest.importorskip("numba", reason="numba is not installed: there is one kernel only")
lending = pytest.importorskip("busim.core.lending")

pytestmark = pytest.mark.slow


class Inner(NamedTuple):
    """Arrays of two dimensions and kinds, and a record of numbers."""

    table: np.ndarray
    small: np.ndarray
    weights: Weights


class Outer(NamedTuple):
    """A tuple within another one, and numbers of both kinds."""

    inner: Inner
    count: int
    share: float
    total: np.ndarray


class Pair(NamedTuple):
    """Two arrays and nothing else."""

    one: np.ndarray
    other: np.ndarray


class Turned(NamedTuple):
    """The same two arrays by other names."""

    other: np.ndarray
    one: np.ndarray


for kind in (Inner, Outer, Pair, Turned):
    lending.lend(kind)


def weigh(outer, row, factor):
    """Sum one row of a table, write the sum down and give it together with the numbers."""
    inner, found = outer.inner, 0.0
    for k in range(inner.table.shape[1]):
        found += inner.table[row, k] * inner.small[k]
    outer.total[row] = found
    return found * factor + outer.count + outer.share + inner.weights.ride, len(inner.small)


def example(shift=0.0):
    """Give tuples whose rows sum up to 3, 15 and 27, and three times the shift."""
    table = np.arange(12.0).reshape(3, 4)[:, :3] + shift  # rows apart by more than their length
    return Outer(Inner(table, np.ones(3, np.int32), Weights(1.0, 2.0, 3.0, 4.0)), 7, 0.25, np.zeros(3))


@pytest.fixture
def with_numba(monkeypatch):
    """Compile in this process, whatever kernels the others use; nothing is kept on disk."""
    monkeypatch.setattr(compiled, "_numba", numba)
    monkeypatch.setattr(compiled, "_lending", lending)
    return numba.njit(weigh)


def test_a_kernel_reads_and_writes_the_same_by_pointer(with_numba):
    """Called with the tuple, bound to its address, or in plain Python, a kernel gives and writes the same."""
    expected = [weigh(example(), row, 2.0) for row in range(3)]
    assert expected == [(15.25, 3), (39.25, 3), (63.25, 3)]
    given, bound = example(), example()
    kernel = compiled.bind(with_numba, (bound,), (0, 0.0))
    assert [with_numba(given, row, 2.0) for row in range(3)] == expected
    assert [kernel(row, 2.0) for row in range(3)] == expected
    assert bound.total.tolist() == given.total.tolist() == [3.0, 15.0, 27.0]
    bound.inner.table[1] += 1.0
    assert kernel(1, 1.0)[0] == pytest.approx(expected[1][0] - 15.0 + 3.0)


def test_what_a_bound_kernel_reads_lives_as_long_as_the_kernel(with_numba):
    """Nobody else holds the arrays: they and the words that name them outlive a collection of garbage."""
    kernels = [compiled.bind(with_numba, (example(shift),), (0, 0.0)) for shift in range(50)]
    gc.collect()
    filler = [np.full(12, -1.0) for _ in range(500)]  # takes the place of what was freed
    assert [kernel(0, 1.0)[0] for kernel in kernels] == [3.0 + 3 * shift + 9.25 for shift in range(50)]
    assert len(filler) == 500


def test_arrays_are_known_again_as_long_as_they_live(with_numba):
    """The same arrays have one address; others are not taken for them, even where they lie in the same places."""
    arrays = [np.arange(3.0), np.zeros(3)]
    first, again, kept = Pair(*arrays), Pair(*arrays), []
    assert lending.offered(first, kept) == lending.offered(again, kept)
    assert lending.offered(Pair(arrays[0].copy(), arrays[1]), kept) != lending.offered(first, kept)
    assert lending.offered(Turned(*arrays), kept)[0] != lending.offered(first, kept)[0]  # its fields are others
    kernel = numba.njit(lambda pair, k: pair.one[k] + pair.other[k])
    for size in range(1, 200):
        pair = Pair(np.full(size, float(size)), np.ones(size))
        assert compiled.bind(kernel, (pair,), (0,))(size - 1) == size + 1.0
        del pair


def test_the_words_are_laid_out_as_numba_does():
    """A tuple takes as many bytes as the type that numba reads it as."""
    outer = example()
    of, kept = numba.typeof(outer), []
    assert isinstance(of, lending.Lent)
    lending.handed(of, outer, kept)
    context = numba.core.registry.cpu_target.target_context
    sizes = [context.get_abi_sizeof(context.get_value_type(kind.record)) for kind in (of.record[0], of)]
    assert [kept[0].nbytes, kept[2].nbytes] == sizes


def test_what_is_no_array_is_told(with_numba):
    """A bound entry that gets a list where an array belongs, and a field that cannot be borrowed: a TypeError."""
    of = numba.typeof(example())
    entry = with_numba.compile((of, numba.int64, numba.float64))
    with pytest.raises(TypeError, match="an array was expected"):
        entry(example()._replace(total=[0.0]), 0, 1.0)
    with pytest.raises(TypeError, match="cannot borrow bool"):
        lending.handed(numba.typeof(example()._replace(count=True)), example()._replace(count=True), [])


def test_a_hint_reads_nothing(with_numba):
    """Memory is asked for and not read, so that even a place outside of an array does no harm."""
    hints = pytest.importorskip("busim.core.hints")
    table = np.arange(24.0).reshape(2, 3, 4)[:, ::-1]

    def ask(array, far):
        hints.prefetch(array, 1, 2, 3)
        hints.prefetch(array, far, 0, 0)
        return array[1, 2, 3]

    assert numba.njit(ask)(table, 1 << 40) == table[1, 2, 3]
