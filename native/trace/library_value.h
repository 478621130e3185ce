// Values of third-party libraries that show more, or faster, than by their own repr. What one consists of is told in
// one place to whoever asks: the text, which shows it, and the fingerprint, which must cover all that shows.
// Nothing here runs code of the program, and nothing but these libraries' C code runs.
#pragma once

#include <cstdint>
#include <string_view>

#include "python/compat.h"
#include "trace/library_array.h"

namespace tracemill::trace {

// All answer false to stop.
class LibraryParts {
  public:
    virtual bool text(std::string_view ascii) = 0;
    virtual bool name(PyObject* unicode) = 0;  // without quotes
    virtual bool value(PyObject* object) = 0;
    // By its fields: `LinearRegression(fit_intercept=True, coef_=array([2.]))`.
    virtual bool structure(PyObject* object) = 0;
    struct ArrayForm {
        std::string_view class_name;  // `array([1, 2], dtype=int32)`; without one `[1, 2]`
        bool all;                     // of the items, or those at both ends: see shows_all_items()
    };
    // `owner` has what the layout says.
    virtual bool array(const ArrayLayout& layout, PyObject* owner, const ArrayForm& form) = 0;
    // Of a whole text, 0 = unbounded.
    virtual uint64_t max_chars() const = 0;

  protected:
    ~LibraryParts() = default;
};

enum class Told : uint8_t { kUnknown, kWhole, kStopped };

// Numbers and texts of libraries, which nobody can change and nobody tells from equal ones: NumPy's scalars, without
// records.
bool is_library_scalar(PyTypeObject* type);

// Of an object that is shown here; kUnknown: its own repr is what shows.
Told tell_library_value(PyObject* object, LibraryParts& parts);

// Of an instance of the program's class, what it holds as one of a library's class; kUnknown: nothing is known of that.
Told tell_library_base(PyObject* object, LibraryParts& parts);

// Of an object whose own repr shows, all that this depends on; kUnknown: only the repr can tell.
Told tell_library_content(PyObject* object, LibraryParts& parts);

}  // namespace tracemill::trace
