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

constexpr int kInput = 0;

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
    standard_ = standard;
    std::string error = files_.make(standard);
    if (!error.empty()) return error;
    const Owned sys = Owned::steal(PyImport_ImportModule("sys"));
    sys_ = sys ? PyModule_GetDict(sys.get()) : nullptr;
    bool made = sys_ != nullptr && hook_text_layers();
    const StreamsInPlace in_place(files_);
    for (int stream = 0; made && stream < kStreams; ++stream) {
        for (const int which : {kCurrent, kOriginal}) {
            names_[stream][which] = Owned::steal(PyUnicode_InternFromString(kNames[stream][which]));
            made = made && names_[stream][which];
        }
        made = made && make(stream);
    }
    return made ? std::string() : "cannot make the standard streams: " + python::take_error_text();
}

bool StandardStreams::make(int stream) {
    StreamLayers fresh;
    numbers_[stream] = files_.number(stream);
    if (!fresh.make(stream, numbers_[stream])) return false;
    for (const Owned& name : names_[stream]) {
        if (PyDict_SetItem(sys_, name.get(), fresh.text()) != 0) return false;
    }
    layers_[stream] = std::move(fresh);
    return true;
}

bool StandardStreams::enter(const tm_program& program) {
    if (program.stdin_text.size != 0 && !files_.fill_input({program.stdin_text.data, program.stdin_text.size})) {
        PyErr_SetString(PyExc_MemoryError, "no room for the standard input");
        return false;
    }
    for (StreamLayers& layers : layers_) {
        if (!layers.is_remembered()) layers.remember();
    }
    return true;
}

std::optional<Stream> StandardStreams::stream_of(PyObject* text_layer) const {
    PyObject* buffer = buffer_of(text_layer);  // borrowed
    for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
        const StreamLayers& layers = layers_[index_of(stream)];
        if (text_layer == layers.text() || (buffer && buffer == layers.buffer())) return stream;
    }
    return std::nullopt;
}

void StandardStreams::flush_after_script() const {
    for (const Stream stream : {Stream::kStderr, Stream::kStdout}) {
        const int index = index_of(stream);
        PyObject* now = PyDict_GetItemWithError(sys_, names_[index][kCurrent].get());  // borrowed
        const bool is_unused = now == layers_[index].text() && layers_[index].use() == StreamLayers::Use::kNone;
        if (!now || is_unused) continue;
        const Owned file = Owned::share(now);
        const Owned done = Owned::steal(PyObject_CallMethod(file.get(), "flush", nullptr));
        PyErr_Clear();
    }
}

Owned StandardStreams::flush() {
    Owned failure;
    for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
        const int index = index_of(stream);
        PyObject* now = PyDict_GetItemWithError(sys_, names_[index][kCurrent].get());  // borrowed
        // Asked before we refer to it, which would count as a use.
        const bool is_unused = now == layers_[index].text() && layers_[index].use() == StreamLayers::Use::kNone;
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
    for (const auto& names : names_) {
        PyObject* now = PyDict_GetItemWithError(sys_, names[kCurrent].get());
        PyObject* original = PyDict_GetItemWithError(sys_, names[kOriginal].get());
        if (!original || now == original) continue;
        PyDict_SetItem(sys_, names[kCurrent].get(), original);
        replaced = true;
    }
    PyErr_Clear();
    return replaced;
}

bool StandardStreams::put_back() {
    for (int stream = 0; stream < kStreams; ++stream) {
        if (files_.is_in_place(stream)) continue;
        // What is in the layers belongs where the program pointed them to.
        layers_[stream].flush();
        layers_[stream].abandon();
        if (!files_.put_back(stream)) return false;
    }
    return true;
}

void StandardStreams::flush_own() {
    for (const Stream stream : {Stream::kStdout, Stream::kStderr}) {
        const StreamLayers& layers = layers_[index_of(stream)];
        if (layers.use() == StreamLayers::Use::kNone) continue;
        layers.flush();
        has_output_ = true;
    }
}

void StandardStreams::report(Stream stream, format::RecordWriter& writer, uint64_t bound, tm_progress& progress) {
    const std::string& printed = printed_[index_of(stream)];
    const uint64_t size = files_.size(stream);
    if (size == 0 && printed.empty()) return;
    has_output_ = true;
    uint64_t& written = stream == Stream::kStdout ? progress.stdout_bytes : progress.stderr_bytes;
    if (size > bound) limit(progress, Status::kOutputLimit);
    const bool stopped = progress.limit != 0;
    written = stopped ? std::max(written, size) : size;
    if (!files_.read(stream, std::min(size, bound), reached_)) return limit(progress, Status::kCrash);
    std::string_view reached = reached_;
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

bool StandardStreams::empty() {
    for (std::string& printed : printed_) forget(printed);
    forget(reached_);
    for (int stream = 0; stream < kStreams; ++stream) {
        StreamLayers& layers = layers_[stream];
        if (stream == kInput || layers.use() == StreamLayers::Use::kNone) continue;
        // So that nothing of this program is left to reach the next one's file.
        layers.flush();
        has_output_ = true;
    }
    if (!files_.rewind(has_output_)) return false;
    has_output_ = false;
    return true;
}

bool StandardStreams::renew() {
    bool made = false;
    for (int stream = 0; stream < kStreams; ++stream) {
        StreamLayers& layers = layers_[stream];
        const StreamLayers::Use use = layers.use();
        if (use == StreamLayers::Use::kOther || numbers_[stream] != files_.number(stream)) {
            layers.abandon();
            if (!make(stream)) return false;
            made = true;
        } else if (use == StreamLayers::Use::kCounters) {
            layers.reset();
        }
    }
    if (made) tm_reset_collector();
    return standard_ || stand_in_sys();
}

// Where programs may have put others there.
bool StandardStreams::stand_in_sys() const {
    for (int stream = 0; stream < kStreams; ++stream) {
        for (const Owned& name : names_[stream]) {
            if (PyDict_SetItem(sys_, name.get(), layers_[stream].text()) != 0) return false;
        }
    }
    return true;
}

}  // namespace tracemill::trace
