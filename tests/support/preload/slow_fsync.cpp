// Preloaded into a server by the benchmarks: every fsync and fdatasync takes PARLEY_FSYNC_DELAY_US
// longer, as on a slower disk. It sleeps after the real call, so what is on disk is on disk.
#include <cstdlib>
#include <dlfcn.h>
#include <time.h>

namespace {

using sync_function = int (*)(int);

void wait_as_told()
{
    static const long delay_us = [] {
        const char* text = std::getenv("PARLEY_FSYNC_DELAY_US");
        return text == nullptr ? 0L : std::strtol(text, nullptr, 10);
    }();
    const timespec pause{delay_us / 1'000'000, (delay_us % 1'000'000) * 1000};
    nanosleep(&pause, nullptr);
}

int slowly(const char* name, int file)
{
    const auto real = reinterpret_cast<sync_function>(dlsym(RTLD_NEXT, name));
    const int result = real(file);
    wait_as_told();
    return result;
}

} // namespace

extern "C" int fsync(int file)
{
    return slowly("fsync", file);
}

extern "C" int fdatasync(int file)
{
    return slowly("fdatasync", file);
}
