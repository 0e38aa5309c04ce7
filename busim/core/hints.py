"""Hints to the processor: an extension of numba, imported where numba is wanted."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_READ, _KEEP, _DATA = 0, 3, 1


@intrinsic  # type: ignore[untyped-decorator]
def prefetch(_: Any, array: Any, i: Any, j: Any, k: Any) -> Any:  # noqa: ARG001  (numba asks for their names)
    """Ask for the memory of an element of an array [I, J, K] that is read soon; nothing waits for it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        words = context.make_array(signature.args[0])(context, builder, given[0])
        steps = cgutils.unpack_tuple(builder, words.strides)
        first, second, third = (builder.mul(step, at) for step, at in zip(steps, given[1:], strict=True))
        offset = builder.add(builder.add(first, second), third)
        place = builder.gep(builder.bitcast(words.data, byte), [offset])
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        ask = builder.module.declare_intrinsic("llvm.prefetch", (byte,), kind)
        builder.call(ask, [place, number(_READ), number(_KEEP), number(_DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, types.intp), generate
