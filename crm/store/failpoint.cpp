#include "crm/store/failpoint.hpp"

#if PARLEY_HAS_FAILPOINTS

#include "crm/store/connection.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>

namespace crm {

namespace {

enum class effect
{
    kill,
    error,
    delay
};

struct plan
{
    std::string place;
    effect does = effect::delay;
    int number = 0;
    int passes = 0;
};

struct state
{
    std::mutex guard;
    plan wanted;
    std::atomic<bool> active{false};
};

plan read_plan(std::string_view spec)
{
    plan read;
    const std::size_t first = spec.find(':');
    const std::size_t second = spec.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos)
        return read;
    read.place = spec.substr(0, first);
    const std::string_view what = spec.substr(first + 1, second - first - 1);
    read.does = what == "kill" ? effect::kill : what == "error" ? effect::error : effect::delay;
    const std::string_view number = spec.substr(second + 1);
    std::from_chars(number.data(), number.data() + number.size(), read.number);
    return read;
}

state& shared()
{
    static state made;
    static const bool from_environment = [] {
        if (const char* spec = std::getenv("PARLEY_FAILPOINT")) {
            made.wanted = read_plan(spec);
            made.active = !made.wanted.place.empty();
        }
        return true;
    }();
    static_cast<void>(from_environment);
    return made;
}

} // namespace

void set_failpoint(std::string_view spec)
{
    state& with = shared();
    const std::scoped_lock held{with.guard};
    with.wanted = read_plan(spec);
    with.active = !with.wanted.place.empty();
}

void failpoint(std::string_view place)
{
    state& with = shared();
    if (!with.active.load(std::memory_order_relaxed))
        return;
    plan now;
    {
        const std::scoped_lock held{with.guard};
        if (with.wanted.place != place)
            return;
        ++with.wanted.passes;
        now = with.wanted;
    }
    if (now.does == effect::delay) {
        std::this_thread::sleep_for(std::chrono::milliseconds{now.number});
        return;
    }
    if (now.number != 0 && now.passes != now.number)
        return;
    if (now.does == effect::kill)
        kill(getpid(), SIGKILL);
    throw db::failure{db::failure::kind::lost, "failpoint " + std::string{place}};
}

} // namespace crm

#endif
