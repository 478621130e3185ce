// Values of third-party libraries that show more, or faster, than by their own repr. What one consists of is told in
// one place to whoever asks: the text, which shows it, and the fingerprint, which must cover all that shows.
// Nothing here runs code of the program, and nothing but these libraries' C code runs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
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
    // Between brackets, items that are made from what `cover` tells: a text shows those that it has room for, a
    // fingerprint takes what they are made from in their place.
    struct MadeItems {
        Py_ssize_t size;
        bool all;
        const std::function<bool()>& cover;
        const std::function<bool(Py_ssize_t)>& item;
    };
    virtual bool made_items(const MadeItems& items) = 0;
    // What its bytes determine.
    virtual bool number(std::string_view bytes, const std::function<std::string()>& text) = 0;
    // What follows from what is told besides, and costs something.
    virtual bool derived(const std::function<std::string()>& text) = 0;
    // Numbers were told with fewer digits than they have.
    virtual void rounded() = 0;
    // As the library's own str() has it, of what is told otherwise.
    virtual bool by_str(PyObject* object) = 0;
    // Of a whole text, 0 = unbounded.
    virtual uint64_t max_chars() const = 0;

  protected:
    ~LibraryParts() = default;
};

enum class Told : uint8_t { kUnknown, kWhole, kStopped };

// Whether nothing but its own repr shows of objects of this type.
bool shows_by_repr_only(PyTypeObject* type);

// Whether an object of this type, and all that it is made of, stays as it is.
bool never_changes(PyTypeObject* type);

// Numbers and texts of libraries, which nobody can change and nobody tells from equal ones: NumPy's scalars, without
// records.
bool is_library_scalar(PyTypeObject* type);

// One of NumPy's own arrays whose items we show, or of its numbers: of no class that a program can make.
bool is_array_or_number(PyObject* object);

// Of an object that is shown here; kUnknown: its own repr is what shows.
Told tell_library_value(PyObject* object, LibraryParts& parts);

// Of an instance of the program's class, what it holds as one of a library's class; kUnknown: nothing is known of that.
Told tell_library_base(PyObject* object, LibraryParts& parts);

// Of an object whose own repr shows, all that this depends on; kUnknown: only the repr can tell.
Told tell_library_content(PyObject* object, LibraryParts& parts);

}  // namespace tracemill::trace
