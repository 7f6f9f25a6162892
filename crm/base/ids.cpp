#include "crm/base/ids.hpp"

#include "crm/base/problem.hpp"

#include <charconv>
#include <stdexcept>

namespace crm {

namespace {

constexpr int counters = 256; // ids of one node in one tick

/// Ticks of 1/16 ms since 1970.
std::int64_t tick_of(instant at)
{
    return at.us * 16 / 1000;
}

} // namespace

std::int64_t parse_id(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number <= 0)
        throw problem{errc::invalid, "an id is a positive whole number written as text"};
    return number;
}

std::int64_t id_block::take()
{
    if (next_ >= end_)
        throw std::logic_error{"more ids were taken than the block reserved"};
    return next_++;
}

id_source::id_source(const clock& time, int node) : time_{time}, node_{node}
{
    if (node < 0 || node > 255)
        throw std::logic_error{"a node's number is 0 to 255"};
}

id_block id_source::reserve(int count)
{
    if (count < 1 || count > 128)
        throw std::logic_error{"a block reserves 1 to 128 ids"};
    // `last_` is tick * 256 + the next free counter. A block never straddles two ticks, because the
    // node's bits stand between tick and counter.
    const std::int64_t now = tick_of(time_.now());
    std::int64_t last = last_.load(std::memory_order_relaxed);
    for (;;) {
        std::int64_t tick = last / counters;
        std::int64_t counter = last % counters;
        if (now > tick) {
            tick = now;
            counter = 0;
        } else if (counter + count > counters - 1) {
            ++tick;
            counter = 0;
        }
        const std::int64_t taken = tick * counters + counter + count;
        if (last_.compare_exchange_weak(last, taken, std::memory_order_relaxed))
            return id_block{(tick << 16) | (node_ << 8) | counter, count};
    }
}

} // namespace crm
