// Arrays of numbers in text_output.h: as much of them as shows.
#include <cstring>

#include "trace/array_view.h"
#include "trace/text_output.h"

namespace tracemill::trace {
namespace {

template <typename Number>
Number at(const char* data) {
    Number number;
    std::memcpy(&number, data, sizeof number);
    return number;
}

std::string whole_number(char typecode, const char* data) {
    switch (typecode) {
        case 'b':
            return std::to_string(at<signed char>(data));
        case 'B':
            return std::to_string(at<unsigned char>(data));
        case 'h':
            return std::to_string(at<short>(data));
        case 'H':
            return std::to_string(at<unsigned short>(data));
        case 'i':
            return std::to_string(at<int>(data));
        case 'I':
            return std::to_string(at<unsigned int>(data));
        case 'l':
            return std::to_string(at<long>(data));
        case 'L':
            return std::to_string(at<unsigned long>(data));
        case 'q':
            return std::to_string(at<long long>(data));
        default:
            return std::to_string(at<unsigned long long>(data));
    }
}

}  // namespace

bool append_array_item(TextBuilder& out, char typecode, const char* data) {
    if (typecode == 'd') return append_real(out, at<double>(data));
    if (typecode == 'f') return append_real(out, static_cast<double>(at<float>(data)));
    return out.ascii(whole_number(typecode, data));
}

bool TextOutput::array(PyObject* object) {
    const ArrayView view(object);
    const char typecode = view.typecode();
    if (typecode == 0) return own_repr(object, Py_TYPE(object)->tp_repr) != Own::kStop;
    if (!out_.ascii("array('") || !out_.ascii({&typecode, 1})) return false;
    const Py_ssize_t size = view.size();
    if (size == 0) return out_.ascii("')");
    bool more = out_.ascii("', [");
    for (Py_ssize_t i = 0; more && i < size; ++i) {
        more = (i == 0 || out_.ascii(", ")) && append_array_item(out_, typecode, view.data() + i * view.item_size());
    }
    return more && out_.ascii("])");
}

}  // namespace tracemill::trace
