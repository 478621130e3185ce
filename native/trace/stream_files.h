// The files behind a program's standard streams: memory that looks like regular files, so that nobody has to drain them
// and a supervisor can read what a killed program left. One set per process; its programs use it one after another.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "format/stream.h"
#include "interface/core.h"

namespace tracemill::trace {

class StreamFiles {
  public:
    static constexpr int kStreams = 3;  // stdin, stdout, stderr

    // Once per process. `standard`: programs have them as 0, 1 and 2, where whoever runs programs puts them; otherwise
    // as descriptors of their own. Empty or an error text.
    std::string make(bool standard);

    const tm_stream_files& descriptors() const { return descriptors_; }
    // The program's descriptor of a stream.
    int number(int stream) const { return numbers_[stream]; }

    // All empty and at their start, also how they are open, whatever another process did with them.
    bool reset();
    // The same for what a program of this process did by reading and writing; `has_output` of stdout and stderr.
    bool rewind(bool has_output);
    // Of an empty input.
    bool fill_input(std::string_view text);
    // Whether the program's descriptor is of the file; it may have been closed or pointed elsewhere.
    bool is_in_place(int stream) const;
    // It is of the file again.
    bool put_back(int stream);

    // Bytes in the file; UINT64_MAX when nobody can tell.
    uint64_t size(format::Stream stream) const;
    // The first `size` bytes, or as many as there are.
    bool read(format::Stream stream, uint64_t size, std::string& bytes) const;

  private:
    std::string make_one(int stream, bool standard);
    bool empty(int stream);

    friend class StreamsInPlace;
    friend class ErrorsInPlace;

    struct FileId {
        uint64_t device;
        uint64_t number;
    };

    tm_stream_files descriptors_{};
    int numbers_[kStreams]{};
    FileId files_[kStreams]{};
    bool standard_ = false;
    bool has_input_ = false;
};

// While one lives, the process has its streams as its programs will have them. For making objects over descriptors that
// are something else in the process that prepares programs.
class StreamsInPlace {
  public:
    explicit StreamsInPlace(const StreamFiles& files);
    ~StreamsInPlace();
    StreamsInPlace(const StreamsInPlace&) = delete;
    StreamsInPlace& operator=(const StreamsInPlace&) = delete;

  private:
    bool moved_;
    int before_[StreamFiles::kStreams];  // -1 = there was none
};

// While one lives, what C writes to its `stderr` goes to the program's, also where that is another descriptor: CPython
// does so when an exception cannot be shown.
class ErrorsInPlace {
  public:
    explicit ErrorsInPlace(const StreamFiles& files);
    ~ErrorsInPlace();
    ErrorsInPlace(const ErrorsInPlace&) = delete;
    ErrorsInPlace& operator=(const ErrorsInPlace&) = delete;

  private:
    FILE* own_ = nullptr;
    FILE* before_ = nullptr;
};

}  // namespace tracemill::trace
