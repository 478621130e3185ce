// sys.stdin, sys.stdout and sys.stderr of programs: text layers over descriptors of their own, as CPython makes them
// when they are regular files.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "format/stream.h"
#include "format/writer.h"
#include "interface/core.h"
#include "python/ref.h"
#include "trace/stream_files.h"
#include "trace/stream_layers.h"

namespace tracemill::trace {

class StandardStreams {
  public:
    // Once per process. `standard`: programs have them as descriptors 0, 1 and 2.
    // Empty or an error text.
    std::string prepare(bool standard);
    const tm_stream_files& files() const { return files_.descriptors(); }
    ErrorsInPlace errors_in_place() const { return ErrorsInPlace(files_); }
    // In a fork of the process that prepared them.
    bool start_process() { return files_.reset(); }

    // A program begins. False with an exception set.
    bool enter(const tm_program& program);

    // Which of the program's outputs a text layer writes to, its own or another one over the same buffer.
    std::optional<format::Stream> stream_of(PyObject* text_layer) const;
    // What the record has as printed, so that it can be compared with what reached the file.
    void printed(format::Stream stream, std::string_view text) { printed_[index_of(stream)].append(text); }

    // Whether something was written to it by its name in `sys`, since the program began.
    bool is_used(format::Stream stream) const { return layers_[index_of(stream)].use() != StreamLayers::Use::kNone; }

    // When the script has run, as CPython does before it looks at how: whatever stands as sys.stderr and sys.stdout.
    void flush_after_script() const;
    // At the end of the program, as CPython does at exit: flushes what stands as sys.stdout and sys.stderr. What failed
    // is on the program's stderr; the exception, if any.
    python::Owned flush();
    // From here on the finalisers of what modules hold find the streams of the start again. Whether the program had put
    // something in their place.
    bool stand_back() const;
    // Whatever the program made of their descriptors. False: they cannot be put back.
    bool put_back();
    // After the last finaliser: once more, and nobody hears what fails.
    void flush_own();

    // Before the outcome: what reached the files, where that is not what was printed, and how much it was.
    void report(format::RecordWriter& writer, const tm_options& options, tm_progress& progress);

    // Between programs: the files are empty again. False: they cannot be.
    bool empty();
    // The layers, too, are as for the first program. False: they cannot be.
    bool renew();

  private:
    static constexpr int kStreams = StreamFiles::kStreams;
    static int index_of(format::Stream stream) { return static_cast<int>(stream); }

    // Fresh layers, and their names in `sys`. False with an exception set.
    bool make(int stream);
    bool stand_in_sys() const;
    void report(format::Stream stream, format::RecordWriter& writer, uint64_t bound, tm_progress& progress);

    bool standard_ = false;
    StreamFiles files_;
    std::array<StreamLayers, kStreams> layers_;
    std::array<int, kStreams> numbers_{};  // of the descriptors that the layers are over
    std::array<std::string, kStreams> printed_;
    std::string reached_;
    bool has_output_ = false;  // the files may hold something
    PyObject* sys_ = nullptr;  // borrowed: the dict of `sys`
    std::array<std::array<python::Owned, 2>, kStreams> names_;
};

}  // namespace tracemill::trace
