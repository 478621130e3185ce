// tracemill-host PARENT-PID: the tracer process. Speaks protocol.h on descriptor 3 and ends when that closes.
#include "host/configuration.h"
#include "host/core_library.h"
#include "host/extension_modules.h"
#include "host/frames.h"
#include "host/heap_layout.h"
#include "host/restorer.h"
#include "host/sandbox.h"
#include "host/sandbox_limits.h"
#include "host/startup.h"
#include "host/supervisor.h"
#include "host/system_heap.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace tracemill::host {

namespace {

// Nothing when Node closed the socket first.
std::optional<Configuration> receive_configuration(FrameReader& reader) {
    FrameHeader header;
    if (!reader.read_header(header)) return std::nullopt;
    if (header.type != FrameType::kConfigure || header.size > 1u << 20)
        throw ProtocolError("the first frame is not a configuration");
    std::vector<uint8_t> payload(header.size);
    reader.read_payload(payload);
    return decode_configuration(payload);
}

const tm_core& start_interpreter(const Configuration& configuration, const Sandbox& sandbox) {
    const tm_core* core = open_core(configuration.libpython, configuration.core_library);
    if (!sandbox.holds(kLandlock)) open_extension_modules(configuration.readable);
    std::vector<const char*> preload;
    for (const std::string& module : configuration.preload) preload.push_back(module.c_str());
    tm_runtime runtime{
        configuration.executable.c_str(), 1, 0, preload.data(), preload.size(), 1, 1, set_room, system_refusals()};
    char error[4096] = "";
    if (core->initialize(&runtime, error, sizeof error) != 0)
        throw std::runtime_error("cannot start Python of " + configuration.executable + ": " + error);
    return *core;
}

bool send_ready(FrameWriter& writer, const tm_core& core, const SandboxReport& sandbox,
                const std::string& no_snapshots) {
    std::vector<uint8_t> payload;
    append_varint(payload, kProtocolVersion);
    append_bytes(payload, core.python_version());
    append_varint(payload, static_cast<uint64_t>(getpid()));
    append_varint(payload, sandbox.layers);
    append_varint(payload, sandbox.uid);
    append_varint(payload, static_cast<uint64_t>(sandbox.landlock_version));
    append_varint(payload, sandbox.missing.size());
    for (const auto& [layer, reason] : sandbox.missing) {
        append_varint(payload, layer);
        append_bytes(payload, reason);
    }
    append_bytes(payload, no_snapshots);
    return writer.write(FrameType::kReady, payload) && writer.flush();
}

int fail_start(FrameWriter& writer, const char* message) {
    std::vector<uint8_t> payload;
    append_bytes(payload, message);
    if (writer.write(FrameType::kFailed, payload)) writer.flush();
    return 1;
}

int run(pid_t parent) {
    FrameReader reader(kNodeFd);
    FrameWriter writer(kNodeFd);
    std::optional<Configuration> configuration;
    std::optional<Sandbox> sandbox;
    std::optional<Supervisor> supervisor;
    try {
        configuration = receive_configuration(reader);
        if (!configuration) return 0;
        sandbox.emplace(*configuration);
        const std::string no_snapshots = why_not_restorable();
        // Other rights clear what ties a process to its parent.
        tie_to_parent(parent);
        const tm_core& core = start_interpreter(*configuration, *sandbox);
        fill_system_heap_holes();
        supervisor.emplace(core, *configuration, *sandbox, reader, writer, no_snapshots.empty());
        if (!send_ready(writer, core, sandbox->report(), no_snapshots)) return 0;
    } catch (const std::exception& error) {
        return fail_start(writer, error.what());
    }
    try {
        supervisor->serve();
    } catch (const std::exception& error) {
        fprintf(stderr, "tracemill-host: %s\n", error.what());
        supervisor.reset();
        return 1;
    }
    // Ends the executor; the interpreter is left as it is.
    supervisor.reset();
    return 0;
}

}  // namespace

}  // namespace tracemill::host

int main(int argc, char** argv) {
    if (argc != 2 || fcntl(tracemill::host::kNodeFd, F_GETFD) < 0) {
        fprintf(stderr, "tracemill-host is started by tracemill, not by hand\n");
        return 2;
    }
    pid_t parent = atoi(argv[1]);
    tracemill::host::leave_process_group();
    tracemill::host::tie_to_parent(parent);
    tracemill::host::ensure_large_stack(argv);
    tracemill::host::share_one_heap();
    tracemill::host::reset_signals();
    tracemill::host::scrub_environment();
    // The interpreter is not finalised: static destructors of libraries must not run under it.
    _exit(tracemill::host::run(parent));
}
