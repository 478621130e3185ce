#include "trace/standard_streams.h"

#include <algorithm>

#include "format/stream_match.h"
#include "format/utf8.h"
#include "python/collector.h"
#include "python/error.h"
#include "trace/output_stream.h"

namespace tracemill::trace {
namespace {

using format::Status;
using format::Stream;
using python::Owned;

// The name that a program uses, and the one under which CPython keeps the first.
constexpr const char* kNames[StreamFiles::kStreams][2] = {
    {"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
constexpr int kCurrent = 0;
constexpr int kOriginal = 1;

// What one program printed is kept no longer than it is worth.
constexpr size_t kKeptBytes = size_t{1} << 20;

void limit(tm_progress& progress, Status status) {
    if (progress.limit == 0) progress.limit = static_cast<uint32_t>(status);
}

void forget(std::string& text) {
    text.clear();
    if (text.capacity() > kKeptBytes) text.shrink_to_fit();
}

}  // namespace

std::string StandardStreams::prepare(bool standard) {
    d_standard = standard;
    std::string error = d_files.make(standard);
    if (!error.empty()) return error;
    const Owned sys = Owned::steal(PyImport_ImportModule("sys"));
    d_sys = sys ? PyModule_GetDict(sys.get()) : nullptr;
    bool made = d_sys != nullptr && hook_text_layers();
    const StreamsInPlace in_place(d_files);
    for (int stream = 0; made && stream < kStreams; ++stream) {
        for (const int which : {kCurrent, kOriginal}) {
            d_names[stream][which] = Owned::steal(PyUnicode_InternFromString(kNames[stream][which]));
            made = made && d_names[stream][which];
        }
        made = made && make(stream);
    }
    return made ? std::string() : "cannot make the standard streams: " + python::take_error_text();
}

bool StandardStreams::make(int stream) {
    StreamLayers fresh;
    d_numbers[stream] = d_files.number(stream);
    if (!fresh.make(stream, d_numbers[stream])) return false;
    for (const Owned& name : d_names[stream]) {
        if (PyDict_SetItem(d_sys, name.get(), fresh.text()) != 0) return false;
    }
    d_layers[stream] = std::move(fresh);
    return true;
}

bool StandardStreams::enter(const tm_program& program) {
    if (program.stdin_text.size != 0 && !d_files.fill_input({program.stdin_text.data, program.stdin_text.size})) {
        PyErr_SetString(PyExc_MemoryError, "no room for the standard input");
        return false;
    }
    // Not earlier: the guard's references are among those that an untouched layer has.
    for (StreamLayers& layers : d_layers) {
        if (!layers.is_remembered()) layers.remember();
    }
    return true;
}

std::optional<Stream> StandardStreams::stream_of(PyObject* text_layer) const {
    PyObject* buffer = buffer_of(text_layer);  // borrowed
    for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
        const StreamLayers& layers = d_layers[index_of(stream)];
        if (text_layer == layers.text() || (buffer && buffer == layers.buffer())) return stream;
    }
    return std::nullopt;
}

Owned StandardStreams::flush() {
    Owned failure;
    for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
        const int index = index_of(stream);
        PyObject* now = PyDict_GetItemWithError(d_sys, d_names[index][kCurrent].get());  // borrowed
        // Asked before we refer to it, which would count as a use.
        const bool is_unused = now == d_layers[index].text() && d_layers[index].use() == StreamLayers::Use::kNone;
        if (!now || now == Py_None || is_unused) continue;
        const Owned file = Owned::share(now);
        if (!may_be_flushed(file.get())) continue;
        const Owned done = Owned::steal(PyObject_CallMethod(file.get(), "flush", nullptr));
        if (done) continue;
        Owned exception = python::take_exception();
        if (stream == Stream::kStdout) {
            python::restore_exception(Owned::share(exception.get()));
            tm_report_unflushed(file.get());
        }
        if (!failure) failure = std::move(exception);
    }
    PyErr_Clear();
    return failure;
}

bool StandardStreams::stand_back() const {
    bool replaced = false;
    for (const auto& names : d_names) {
        PyObject* now = PyDict_GetItemWithError(d_sys, names[kCurrent].get());
        PyObject* original = PyDict_GetItemWithError(d_sys, names[kOriginal].get());
        if (!original || now == original) continue;
        PyDict_SetItem(d_sys, names[kCurrent].get(), original);
        replaced = true;
    }
    PyErr_Clear();
    return replaced;
}

bool StandardStreams::put_back() {
    for (int stream = 0; stream < kStreams; ++stream) {
        if (d_files.is_in_place(stream)) continue;
        // What is in the layers belongs where the program pointed them to.
        d_layers[stream].flush();
        d_layers[stream].abandon();
        if (!d_files.put_back(stream)) return false;
    }
    return true;
}

void StandardStreams::flush_own() {
    for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
        const StreamLayers& layers = d_layers[index_of(stream)];
        if (layers.use() == StreamLayers::Use::kNone) continue;
        layers.flush();
        d_has_output = true;
    }
}

void StandardStreams::report(Stream stream, format::RecordWriter& writer, uint64_t bound, tm_progress& progress) {
    const std::string& printed = d_printed[index_of(stream)];
    const uint64_t size = d_files.size(stream);
    if (size == 0 && printed.empty()) return;
    d_has_output = true;
    uint64_t& written = stream == Stream::kStdout ? progress.stdout_bytes : progress.stderr_bytes;
    if (size > bound) limit(progress, Status::kOutputLimit);
    const bool stopped = progress.limit != 0;
    written = stopped ? std::max(written, size) : size;
    if (!d_files.read(stream, std::min(size, bound), d_reached)) return limit(progress, Status::kCrash);
    std::string_view reached = d_reached;
    if (size > bound) reached = format::utf8_cut(reached, bound);
    format::StreamMatch match(reached);
    match.output(printed);
    if (match.needs_bytes(stopped) && !writer.stream_bytes(stream, reached)) limit(progress, Status::kEventLimit);
}

void StandardStreams::report(format::RecordWriter& writer, const tm_options& options, tm_progress& progress) {
    const uint64_t bound = options.max_output_bytes == 0 ? UINT64_MAX : options.max_output_bytes;
    report(Stream::kStdout, writer, bound, progress);
    report(Stream::kStderr, writer, bound, progress);
}

bool StandardStreams::renew(guard::StateGuard& guard) {
    for (std::string& printed : d_printed) forget(printed);
    forget(d_reached);
    // So that nothing of this program is left to reach the next one's file.
    flush_own();
    if (!d_files.rewind(d_has_output)) return false;
    d_has_output = false;
    bool made = false;
    for (int stream = 0; stream < kStreams; ++stream) {
        StreamLayers& layers = d_layers[stream];
        const StreamLayers::Use use = layers.use();
        if (use == StreamLayers::Use::kOther || d_numbers[stream] != d_files.number(stream)) {
            layers.abandon();
            if (!make(stream)) return false;
            made = true;
        } else if (use == StreamLayers::Use::kCounters) {
            layers.reset();
        }
        if (made) guard.adopt_in_sys(d_names[stream]);
    }
    if (made) tm_reset_collector();
    return d_standard || stand_in_sys();
}

// Where no guard does it.
bool StandardStreams::stand_in_sys() const {
    for (int stream = 0; stream < kStreams; ++stream) {
        for (const Owned& name : d_names[stream]) {
            if (PyDict_SetItem(d_sys, name.get(), d_layers[stream].text()) != 0) return false;
        }
    }
    return true;
}

}  // namespace tracemill::trace
