#include "host/sandbox_syscalls.h"

#include "host/pagemap_scan.h"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

namespace tracemill::host {

namespace {

constexpr uint32_t kAll = UINT32_MAX;
// The bits of the numbers that a program's limit of descriptors leaves it.
constexpr uint32_t kOwnDescriptors = 63;

constexpr ArgumentCheck equals(unsigned argument, int64_t value) {
    return {argument, kAll, static_cast<uint32_t>(value)};
}
constexpr ArgumentCheck differs(unsigned argument, int64_t value) {
    return {.argument = argument, .mask = kAll, .value = static_cast<uint32_t>(value), .negated = true};
}
constexpr ArgumentCheck none_of(unsigned argument, uint32_t bits) { return {argument, bits, 0}; }
constexpr ArgumentCheck is_null(unsigned argument) {
    return {.argument = argument, .mask = kAll, .value = 0, .wide = true};
}

// Pages are data or code for good: no call gives memory that was ever writable the right to run. What a program gains
// from mapped files is code that the machine's owner installed; what it still has is the memory safety of that code.
void allow_memory(SyscallFilter& filter, bool files_may_be_code) {
    filter.allow({SYS_munmap, SYS_mremap, SYS_brk, SYS_madvise, SYS_msync});
    filter.allow_if(SYS_mmap, {none_of(2, PROT_EXEC)});
    filter.allow_if(SYS_mprotect, {none_of(2, PROT_EXEC)});
    if (files_may_be_code)
        filter.allow_if(SYS_mmap, {none_of(2, PROT_WRITE), {3, MAP_TYPE | MAP_ANONYMOUS, MAP_PRIVATE}});
}

// Imports and reading; Landlock says which files. Names and sizes of all files can be seen: nothing bounds stat().
void allow_reading(SyscallFilter& filter, bool and_writing) {
    constexpr uint32_t kWriting = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    if (and_writing) {
        filter.allow({SYS_openat, SYS_open});
    } else {
        filter.allow_if(SYS_openat, {none_of(2, kWriting)});
        filter.allow_if(SYS_open, {none_of(1, kWriting)});
    }
    // A structure in memory, which a filter cannot look into; its caller falls back to openat.
    filter.answer(SYS_openat2, ENOSYS);
    filter.allow(
        {SYS_read, SYS_pread64, SYS_readv, SYS_lseek, SYS_getdents64, SYS_getcwd, SYS_readlink, SYS_readlinkat});
    filter.allow(
        {SYS_fstat, SYS_newfstatat, SYS_stat, SYS_lstat, SYS_statx, SYS_access, SYS_faccessat, SYS_faccessat2});
}

// Descriptors are numbers without rights of their own: those a program can get are its standard streams, files to read,
// pipes and socket pairs. Ours for the files of its streams and for its own lie above; what it writes there it could
// write to its own. The supervisor's socket stays out of reach of everything but sendto, which the executor itself
// needs; a byte that it did not send fails the program that runs.
void allow_descriptors(SyscallFilter& filter, int control_socket) {
    filter.allow_if(SYS_close, {differs(0, control_socket), none_of(0, ~kOwnDescriptors)});
    filter.allow_if(SYS_write, {differs(0, control_socket)});
    filter.allow_if(SYS_writev, {differs(0, control_socket)});
    // Of the files of streams, which the limit of file sizes bounds.
    filter.allow({SYS_pwrite64, SYS_pwritev, SYS_ftruncate, SYS_fsync, SYS_fdatasync, SYS_preadv});
    filter.allow_if(SYS_sendfile, {differs(0, control_socket)});
    // Would take the socket too, and some C libraries end the process when it fails: it does nothing.
    filter.answer(SYS_close_range, 0);
    filter.allow({SYS_dup, SYS_pipe, SYS_pipe2, SYS_eventfd2});
    filter.allow_if(SYS_dup2, {differs(1, control_socket)});
    filter.allow_if(SYS_dup3, {differs(1, control_socket)});
    for (int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC})
        filter.allow_if(SYS_fcntl, {equals(1, command)});
    for (unsigned request : {TCGETS, TIOCGWINSZ, FIOCLEX, FIONCLEX, FIONBIO, FIONREAD})
        filter.allow_if(SYS_ioctl, {equals(1, request)});
}

void allow_scan(SyscallFilter& filter, const OwnDescriptors& own) {
    const ArgumentCheck upper{
        .argument = 2, .mask = kAll, .value = static_cast<uint32_t>(own.scan_argument >> 32), .high = true};
    filter.allow_if(SYS_ioctl, {equals(0, own.scanned_file), equals(1, kScanRequest), upper,
                                equals(2, static_cast<int64_t>(own.scan_argument))});
}

// In the scratch directory. No change of owner, no special files, no attributes beyond the usual.
void allow_changes(SyscallFilter& filter) {
    filter.allow({SYS_creat, SYS_pwrite64, SYS_pwritev, SYS_truncate, SYS_ftruncate, SYS_fallocate, SYS_fsync,
                  SYS_fdatasync, SYS_sync_file_range, SYS_sendfile, SYS_copy_file_range});
    filter.allow({SYS_mkdir, SYS_mkdirat, SYS_rmdir, SYS_unlink, SYS_unlinkat, SYS_rename, SYS_renameat, SYS_renameat2,
                  SYS_link, SYS_linkat, SYS_symlink, SYS_symlinkat});
    filter.allow({SYS_chmod, SYS_fchmod, SYS_fchmodat, SYS_utimensat, SYS_utime, SYS_utimes, SYS_futimesat, SYS_chdir,
                  SYS_fchdir, SYS_statfs, SYS_fstatfs, SYS_flock});
    // Copies take attributes along.
    filter.allow({SYS_listxattr, SYS_llistxattr, SYS_flistxattr, SYS_getxattr, SYS_lgetxattr, SYS_fgetxattr});
    for (int command : {F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW})
        filter.allow_if(SYS_fcntl, {equals(1, command)});
}

// Event loops wake themselves through a socket pair. A socket that could reach anything else cannot be made, and
// nothing names an address.
void allow_event_loops(SyscallFilter& filter) {
    filter.allow_if(SYS_socketpair, {equals(0, AF_UNIX)});
    filter.allow_if(SYS_sendto, {is_null(4)});
    filter.allow({SYS_recvfrom, SYS_getsockname, SYS_getpeername, SYS_getsockopt, SYS_shutdown});
    filter.allow({SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_wait, SYS_epoll_pwait});
    filter.allow({SYS_poll, SYS_ppoll, SYS_select, SYS_pselect6});
    // Libraries ask whether it is there.
    filter.answer(SYS_io_uring_setup, ENOSYS);
}

// Clocks, waiting, and the timers of a process, which the core stops after each program. No others: nothing would.
void allow_time(SyscallFilter& filter) {
    filter.allow({SYS_alarm, SYS_setitimer, SYS_getitimer, SYS_pause});
    filter.allow({SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_time,
                  SYS_times, SYS_restart_syscall});
}

// Threads, no processes: exactly the flags of pthread_create(), which tries clone3 first.
void allow_threads(SyscallFilter& filter) {
    constexpr uint32_t kThread = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                                 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    filter.allow_if(SYS_clone, {equals(0, kThread)});
    filter.answer(SYS_clone3, ENOSYS);
    filter.allow(
        {SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_set_tid_address, SYS_sched_yield, SYS_exit, SYS_exit_group});
    filter.allow_if(SYS_prctl, {equals(0, PR_SET_NAME)});
    filter.allow_if(SYS_prctl, {equals(0, PR_SET_VMA)});
}

// Handlers, and signals to the process itself: abort() and raise() end a program as they should.
void allow_signals(SyscallFilter& filter, pid_t self) {
    filter.allow({SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_rt_sigpending, SYS_rt_sigsuspend,
                  SYS_rt_sigtimedwait, SYS_sigaltstack});
    filter.allow_if(SYS_kill, {equals(0, self)});
    filter.allow_if(SYS_tgkill, {equals(0, self)});
}

// What a process may know about itself and the machine, and randomness.
void allow_questions(SyscallFilter& filter, pid_t self) {
    filter.allow({SYS_getpid, SYS_gettid, SYS_getppid, SYS_getpgrp, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
                  SYS_getgroups, SYS_getresuid, SYS_getresgid, SYS_uname, SYS_sysinfo, SYS_getrusage, SYS_getrlimit,
                  SYS_sched_getaffinity, SYS_getcpu, SYS_getrandom, SYS_umask});
    for (pid_t asked : {0, self}) filter.allow_if(SYS_prlimit64, {equals(0, asked), is_null(2)});
    // Programs with deep recursion raise the stack's limit first; here it is high already, and they may think they did.
    filter.answer_if(SYS_prlimit64, {equals(0, 0), equals(1, RLIMIT_STACK), is_null(3)}, 0);
}

}  // namespace

SyscallFilter program_syscalls(const SyscallPolicy& policy) {
    SyscallFilter filter;
    allow_memory(filter, policy.files_may_be_code);
    allow_reading(filter, policy.files_may_change);
    allow_descriptors(filter, policy.own.control_socket);
    if (policy.own.scanned_file >= 0) allow_scan(filter, policy.own);
    if (policy.files_may_change) allow_changes(filter);
    allow_event_loops(filter);
    allow_time(filter);
    allow_threads(filter);
    allow_signals(filter, policy.self);
    allow_questions(filter, policy.self);
    return filter;
}

}  // namespace tracemill::host
