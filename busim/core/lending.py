"""Tuples of arrays that kernels read through one pointer: an extension of numba, imported where numba is wanted.

NOTE: a speed trick in its own place. Numba hands a named tuple over array by array, eight words each: a call from
Python makes and frees a record for each of some thirty arrays (3 to 5 us), and a call between kernels copies them all
and counts their references. Here a kernel gets the address of the words alone: a call costs 0.3 us, and compiling a
third less. ``bind`` writes the words once; other calls from Python write them to the stack, which saves the records.

Kernels may read fields of such a tuple, and change what stands in its arrays. Its arrays are borrowed from the caller
and not counted: no kernel may give one back, or a part of one, to Python.
"""

from __future__ import annotations

import struct
import weakref
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.datamodel import default_manager
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, models, register_model, typeof_impl, unbox

_TEXT = ir.IntType(8).as_pointer()


class Lent(types.Type):  # type: ignore[misc]  # numba has no types of its own
    """Numba's type of such a tuple.

    Parameters
    ----------
    record
        The type that numba would have given it; fields that are such tuples themselves are pointers, too.
    """

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__(f"Lent({record})")


@register_model(Lent)
class _Pointer(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, of: Lent) -> None:
        super().__init__(manager, of, _TEXT)


def lend(kind: type[Any]) -> None:
    """Let kernels have all tuples of a class through a pointer."""
    known: dict[Any, Lent] = {}  # strategies bind kernels to drafts in every round, and numba takes 20 us for an array

    def typed(value: Any, context: Any) -> Lent:
        like = likeness(value)
        found = known.get(like)
        if found is None:
            record = types.BaseTuple.from_types([typeof_impl(field, context) for field in value], kind)
            found = known[like] = Lent(record)
        return found

    typeof_impl.register(kind)(typed)


def likeness(value: Any) -> Any:
    """Give what numba's type of a value depends on."""
    if isinstance(value, np.ndarray):
        flags = value.flags
        return value.dtype, value.ndim, flags.c_contiguous, flags.f_contiguous, flags.aligned, flags.writeable
    return (type(value), *map(likeness, value)) if isinstance(value, tuple) else type(value)


def _at(context: Any, builder: Any, record: Any, place: Any, index: int) -> Any:
    """Give the address of a field."""
    words = builder.bitcast(place, context.get_value_type(record).as_pointer())
    return cgutils.gep_inbounds(builder, words, 0, index)


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    key = Lent

    def generic_resolve(self, of: Lent, name: str) -> Any:
        fields = of.record.fields
        return of.record[fields.index(name)] if name in fields else None


@lower_getattr_generic(Lent)  # type: ignore[untyped-decorator]
def _read(context: Any, builder: Any, of: Lent, place: Any, name: str) -> Any:
    index = of.record.fields.index(name)
    kind, value = of.record[index], builder.load(_at(context, builder, of.record, place, index))
    if isinstance(kind, types.Array):  # tell the compiler that nobody counts it, so that it leaves that out
        array = cgutils.create_struct_proxy(kind)(context, builder, value=value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        value = array._getvalue()
    return impl_ret_borrowed(context, builder, kind, value)


@unbox(Lent)  # type: ignore[untyped-decorator]
def _unbox(of: Lent, given: Any, call: Any) -> Any:
    """Take an address as it is, from ``bind``; write the words of a tuple to the stack."""
    builder, api = call.builder, call.pyapi
    place = cgutils.alloca_once(builder, _TEXT)
    failed = cgutils.alloca_once_value(builder, cgutils.false_bit)
    whole = call.context.get_c_value(builder, ir.IntType(8), "PyLong_Type")
    is_address = builder.icmp_unsigned("==", api.get_type(given), builder.bitcast(whole, api.pyobj))
    with builder.if_else(is_address) as (then, otherwise):
        with then:
            builder.store(api.long_as_voidptr(given), place)
        with otherwise:
            words, is_error = _unbox_fields(of.record, given, call)
            builder.store(builder.bitcast(words, _TEXT), place)
            builder.store(is_error, failed)
    return NativeValue(builder.load(place), is_error=builder.load(failed))


def _unbox_fields(record: Any, given: Any, call: Any) -> tuple[Any, Any]:
    builder, context = call.builder, call.context
    words = cgutils.alloca_once(builder, context.get_value_type(record))
    failed = cgutils.false_bit
    for index, kind in enumerate(record):
        item, place = call.pyapi.tuple_getitem(given, index), _at(context, builder, record, words, index)
        if isinstance(kind, types.Array):
            failed = builder.or_(failed, _unbox_array(item, place, call))
        else:
            native = call.unbox(kind, item)
            builder.store(native.value, place)
            failed = builder.or_(failed, native.is_error)
    return words, failed


def _unbox_array(item: Any, place: Any, call: Any) -> Any:
    """Write an array's words, without the record that numba's own way would make; gives whether that failed."""
    signature = ir.FunctionType(ir.IntType(32), [call.pyapi.pyobj, call.pyapi.voidptr])
    adapt = cgutils.get_or_insert_function(call.builder.module, signature, "numba_adapt_ndarray")
    code = call.builder.call(adapt, (item, call.builder.bitcast(place, call.pyapi.voidptr)))
    failed = cgutils.is_not_null(call.builder, code)
    with call.builder.if_then(failed, likely=False):
        call.pyapi.err_set_string("PyExc_TypeError", "an array was expected in a tuple that a kernel borrows")
    return failed


_MOST_KNOWN = 64
_known: dict[tuple[Any, ...], tuple[list[weakref.ref[Any]], Any, Any]] = {}  # by a tuple's class and its arrays' places


def offered(value: Any, kept: list[Any]) -> tuple[Any, Any]:
    """Give numba's type of an argument, and what a kernel is called with; see ``handed``.

    NOTE: a day binds some twenty kernels, most of them to the same few tuples of arrays. To look at one takes 30 us, to
    see that its arrays are those of before takes 2.
    """
    key = (type(value), *map(id, value)) if isinstance(value, tuple) else ()
    known = _known.get(key)
    if known is not None and all(array() is not None for array in known[0]):
        kept += (known[2], value)
        return known[1], int(known[2].ctypes.data)
    kind = typeof(value)
    given = handed(kind, value, kept)
    if isinstance(kind, Lent) and all(isinstance(field, np.ndarray) for field in value):
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        _known[key] = [weakref.ref(array) for array in value], kind, kept[-2]
    return kind, given


def handed(kind: Any, value: Any, kept: list[Any]) -> Any:
    """Give what a kernel is called with: an address instead of a tuple that is lent.

    Parameters
    ----------
    kind
        Numba's type of the value.
    value
        An argument.
    kept
        What has to live as long as the address is used is put here.
    """
    return _address(kind, value, kept) if isinstance(kind, Lent) else value


_LAYOUT = "meminfo", "parent", "nitems", "itemsize", "data", "shape", "strides"
if default_manager.lookup(types.float64[:])._fields != _LAYOUT:
    raise ImportError("this version of numba lays arrays out in another way than busim knows")


def _address(of: Lent, value: Any, kept: list[Any]) -> int:
    words = np.array(_words(of.record, value, kept), np.int64)
    kept += (words, value)
    return int(words.ctypes.data)


def _words(kind: Any, value: Any, kept: list[Any]) -> list[int]:
    """Give a value's words as numba lays them out."""
    if isinstance(kind, Lent):
        return [_address(kind, value, kept)]
    if isinstance(kind, types.BaseTuple):
        return [word for part, item in zip(kind, value, strict=True) for word in _words(part, item, kept)]
    if isinstance(kind, types.Array):
        return [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
    if kind == types.float64:
        return list(struct.unpack("=q", struct.pack("=d", value)))
    if kind == types.int64:
        return [int(value)]
    raise TypeError(f"kernels cannot borrow {kind}")
