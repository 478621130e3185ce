// Names that mean something wherever they stand in a tame program, whatever it imports. All names with two underscores
// at both ends are refused but those listed here.
#pragma once

#include <string_view>

namespace tracemill::admission {

// Separated by spaces. Built-in functions that reach what no name shows, or more than the program's own.
inline constexpr std::string_view kRefusedVariables =
    "breakpoint compile copyright credits delattr dir eval exec getattr globals help license locals memoryview open "
    "setattr vars";

// Attributes of frames, code, classes, functions and caches that lead behind the program's own objects, those that
// change an abstract class, and those that give the raw file of a stream, whose class opens any descriptor.
inline constexpr std::string_view kRefusedAttributes =
    "_field_defaults ag_await ag_code ag_frame cache_parameters cell_contents co_argcount co_cellvars co_code "
    "co_consts "
    "co_exceptiontable "
    "co_filename co_flags co_freevars co_lines co_linetable co_lnotab co_name co_names co_positions co_qualname "
    "co_varnames cr_await cr_code cr_frame cr_origin detach f_back f_builtins f_code f_globals f_lasti f_lineno "
    "f_locals "
    "f_trace f_trace_lines f_trace_opcodes format_map func_closure func_code func_defaults func_dict func_globals "
    "gi_code gi_frame gi_yieldfrom groupindex mapping mro raw register tb_frame tb_lasti tb_next with_traceback";

// May be read as a variable.
inline constexpr std::string_view kDunderVariables =
    "__all__ __author__ __copyright__ __credits__ __date__ __debug__ __doc__ __email__ __file__ __license__ "
    "__maintainer__ __name__ __status__ __version__";

// May be read as an attribute.
inline constexpr std::string_view kDunderAttributes =
    "__abs__ __add__ __and__ __bool__ __call__ __class__ __contains__ __doc__ __enter__ __eq__ __exit__ __file__ "
    "__float__ __floordiv__ __ge__ __getitem__ __gt__ __hash__ __init__ __int__ __invert__ __iter__ __le__ __len__ "
    "__lt__ __mod__ __module__ __mul__ __name__ __ne__ __neg__ __new__ __next__ __or__ __pos__ "
    "__post_init__ __pow__ __qualname__ __radd__ __repr__ __rmul__ __setitem__ __str__ __sub__ __truediv__ "
    "__version__ __xor__";

// May be given a value, by `def` or otherwise. Not `__getattr__`, by which an object has whatever attribute a library
// asks for, nor `__new__`, by which a library takes an object of its own for a new one of the program's.
inline constexpr std::string_view kDunderDefinitions =
    "__abs__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __author__ __await__ __bool__ __bytes__ "
    "__call__ __ceil__ __class_getitem__ __complex__ __contains__ __copy__ __copyright__ __credits__ __date__ "
    "__deepcopy__ __delitem__ __divmod__ __doc__ __email__ __enter__ __eq__ __exit__ __float__ __floor__ "
    "__floordiv__ __format__ __ge__ __get__ __getitem__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__ "
    "__ilshift__ __imatmul__ __imod__ __imul__ __index__ __init__ __init_subclass__ __int__ __invert__ __ior__ "
    "__ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __le__ __len__ __length_hint__ __license__ "
    "__lshift__ __lt__ __maintainer__ __matmul__ __missing__ __mod__ __mul__ __ne__ __neg__ __next__ __or__ "
    "__pos__ __post_init__ __pow__ __radd__ __rand__ __rdivmod__ __repr__ __reversed__ __rfloordiv__ __rlshift__ "
    "__rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ "
    "__set__ __set_name__ __setitem__ __slots__ __status__ __str__ __sub__ __truediv__ __trunc__ __version__ __xor__";

// What the compiler itself writes into the namespace of a class.
inline constexpr std::string_view kCompilerDefinitions =
    "__classcell__ __classdictcell__ __firstlineno__ __module__ __qualname__ __static_attributes__ "
    "__type_params__";

}  // namespace tracemill::admission
