#include "tests/support/load_relay.hpp"

#include "tests/support/load_process.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace load {

using namespace std::chrono_literals;

namespace {

/// Reads "SENDER.NUMBER" behind a cid's mark.
bool read_cid(std::string_view at, std::size_t& which, std::size_t& number)
{
    const char* const end = at.data() + at.size();
    const auto first = std::from_chars(at.data(), end, which);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '.')
        return false;
    return std::from_chars(first.ptr + 1, end, number).ec == std::errc{};
}

double quantile(std::vector<float>& of, double q)
{
    if (of.empty())
        return 0;
    const auto rank = static_cast<std::ptrdiff_t>(q * static_cast<double>(of.size() - 1));
    std::nth_element(of.begin(), of.begin() + rank, of.end());
    return static_cast<double>(of[static_cast<std::size_t>(rank)]);
}

} // namespace

relay_load::relay_load(boost::asio::io_context& io, std::vector<pid_t> measured, dialect words)
    : io_{io}, measured_{std::move(measured)}, words_{std::move(words)}
{
    while (text_.size() < text_bytes)
        text_ += "Where is my order? ";
    text_.resize(text_bytes);
}

relay_load::~relay_load()
{
    if (receiver_)
        receiver_->line->cut();
    for (const auto& one : senders_)
        if (one.line)
            one.line->line->cut();
    io_.restart();
    io_.poll();
}

std::shared_ptr<relay_load::greeting> relay_load::open(
    const endpoint& where, const party& who, std::function<void(std::string_view)> heard
)
{
    auto made = std::make_shared<greeting>();
    socket::listener listener;
    // The state is the listener's as well as ours, and a socket lets its listener go when it ends.
    listener.text = [this, made, who, heard = std::move(heard)](std::string_view frame) {
        if (made->welcomed || greet(*made, who, frame))
            heard(frame);
    };
    listener.closed = [this, path = who.path](int code, std::string_view why) {
        trouble_ = path + " closed with " + std::to_string(code) + " " + std::string{why};
    };
    made->line = socket::open(io_, where, who.path, who.extra, std::move(listener));
    made->line->send(who.hello);
    return made;
}

bool relay_load::greet(greeting& one, const party& who, std::string_view frame)
{
    while (one.next_step < who.steps.size() &&
           frame.find(who.steps[one.next_step].heard) != std::string_view::npos) {
        one.line->send(who.steps[one.next_step].said);
        ++one.next_step;
        return false;
    }
    if (one.next_step < who.steps.size() || frame.find(words_.welcome) == std::string_view::npos)
        return false;
    one.welcomed = true;
    ++welcomed_;
    return true;
}

void relay_load::wait_for_welcomes(std::size_t count)
{
    const auto deadline = clock::now() + 60s;
    while (welcomed_ < count && trouble_.empty() && clock::now() < deadline)
        run_until(clock::now() + 5ms);
    if (!trouble_.empty() || welcomed_ < count)
        throw std::runtime_error{"connecting: " + (trouble_.empty() ? "60 s passed" : trouble_)};
}

void relay_load::connect(
    const endpoint& where, const party& receiver, const std::vector<party>& senders
)
{
    receiver_ = open(where, receiver, [this](std::string_view frame) { heard_by_receiver(frame); });
    wait_for_welcomes(1);
    senders_.resize(senders.size());
    for (std::size_t i = 0; i < senders.size(); ++i) {
        senders_[i].line = open(where, senders[i], [this, i](std::string_view frame) {
            heard_by_sender(i, frame);
        });
        // The listen queue is finite: not all at once.
        if (i % 200 == 199)
            wait_for_welcomes(i + 2);
    }
    wait_for_welcomes(senders.size() + 1);
}

void relay_load::say(std::size_t which, clock::time_point due)
{
    auto& from = senders_[which];
    const std::string frame = words_.before_name + words_.name + std::to_string(which) + "." +
                              std::to_string(from.due.size()) + words_.before_text + text_ +
                              words_.after_text;
    from.due.push_back(due);
    from.line->line->send(frame);
    ++sent_;
}

void relay_load::heard_by_sender(std::size_t which, std::string_view frame)
{
    if (frame.find(words_.refused) != std::string_view::npos)
        trouble_ = std::string{frame.substr(frame.find(words_.refused), 300)};
    if (words_.acknowledged.empty())
        return;
    for (auto at = frame.find(words_.acknowledged); at != std::string_view::npos;
         at = frame.find(words_.acknowledged, at + 1))
        if (answering_)
            say(which, clock::now());
}

void relay_load::heard_by_receiver(std::string_view frame)
{
    const std::string mark = words_.delivered + words_.name;
    for (auto at = frame.find(mark); at != std::string_view::npos; at = frame.find(mark, at)) {
        at += mark.size();
        std::size_t which = 0;
        std::size_t number = 0;
        if (read_cid(frame.substr(at), which, number))
            delivered(which, number);
    }
}

void relay_load::delivered(std::size_t which, std::size_t number)
{
    if (which >= senders_.size() || number >= senders_[which].due.size())
        return;
    auto& due = senders_[which].due[number];
    if (due == clock::time_point{})
        return; // its conversation is shown again in other news
    ++arrived_;
    if (counting_) {
        const std::chrono::duration<float, std::milli> waited = clock::now() - due;
        waits_ms_.push_back(waited.count());
    }
    due = {};
    if (words_.acknowledged.empty() && answering_)
        say(which, clock::now());
}

void relay_load::run_until(clock::time_point end)
{
    io_.restart();
    io_.run_until(end);
}

double relay_load::cpu() const
{
    double sum = 0;
    for (const pid_t one : measured_)
        sum += usage_of(one).cpu_s;
    return sum;
}

void relay_load::drain()
{
    const auto deadline = clock::now() + 10s;
    while (arrived_ < sent_ && trouble_.empty() && clock::now() < deadline)
        run_until(clock::now() + 2ms);
}

relay_result relay_load::conclude(double seconds, double cpu_before)
{
    relay_result made;
    made.delivered = std::ssize(waits_ms_);
    made.per_second = static_cast<double>(made.delivered) / seconds;
    made.cpu_s = cpu() - cpu_before;
    made.missing = sent_ - arrived_;
    made.p50_ms = quantile(waits_ms_, 0.5);
    made.p99_ms = quantile(waits_ms_, 0.99);
    made.p999_ms = quantile(waits_ms_, 0.999);
    waits_ms_.clear();
    if (!trouble_.empty())
        throw std::runtime_error{"relay: " + trouble_};
    return made;
}

/// A stranger's first word makes a customer of them: that happens once, and not to two hundred in
/// one moment in which thousands of others write.
void relay_load::introduce()
{
    if (std::exchange(introduced_, true))
        return;
    for (std::size_t i = 0; i < senders_.size(); ++i) {
        say(i, clock::now());
        drain();
    }
}

relay_result
relay_load::closed(std::chrono::milliseconds warm_up, std::chrono::milliseconds lasting)
{
    introduce();
    answering_ = true;
    for (std::size_t i = 0; i < senders_.size(); ++i)
        say(i, clock::now());
    run_until(clock::now() + warm_up);
    counting_ = true;
    const double cpu_before = cpu();
    const auto began = clock::now();
    run_until(began + lasting);
    const std::chrono::duration<double> took = clock::now() - began;
    counting_ = false;
    relay_result made = conclude(took.count(), cpu_before);
    answering_ = false;
    drain();
    made.missing = sent_ - arrived_;
    return made;
}

relay_result relay_load::open(double per_second, std::chrono::milliseconds lasting)
{
    introduce();
    counting_ = true;
    const double cpu_before = cpu();
    const auto began = clock::now();
    double owed = 0;
    std::size_t next = 0;
    for (auto tick = began; tick < began + lasting; tick += 1ms) {
        run_until(tick);
        for (owed += per_second / 1000; owed >= 1; owed -= 1) {
            say(next, tick);
            next = (next + 1) % senders_.size();
        }
    }
    run_until(began + lasting);
    drain();
    counting_ = false;
    const std::chrono::duration<double> took = lasting;
    return conclude(took.count(), cpu_before);
}

} // namespace load
