// A TCP proxy on the loopback that does to a connection what networks do: cuts it, lets it fall
// silent, slows it, and, for MySQL, cuts it in the three moments around a COMMIT. Faults are armed
// one at a time and strike once. It has a thread of its own; every public function may be called
// from any.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <thread>

namespace faults {

enum class fault
{
    none,
    cut_before_commit, // the COMMIT never reaches the database
    cut_after_commit,  // the COMMIT is forwarded, both sides are cut at once
    cut_before_answer, // the database has answered the COMMIT, its client never hears so
    cut_after_bytes,   // after so many bytes from the server, in mid-frame if it falls so
    half_open,         // from now on bytes vanish both ways; cut after `lasting`
    delay              // everything takes `lasting` longer, until another fault is armed
};

struct plan
{
    fault what = fault::none;
    std::int64_t after_bytes = 0;
    std::chrono::milliseconds lasting{0};
};

class proxy
{
public:
    /// Listens on a free port and forwards to `target` on the loopback.
    explicit proxy(std::uint16_t target);
    ~proxy();
    proxy(const proxy&) = delete;
    proxy& operator=(const proxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Where connections made from now on go to.
    void forward_to(std::uint16_t target) { target_ = target; }
    /// The next fault; replaces one that has not struck.
    void arm(plan next);
    /// Cuts every connection now.
    void cut_all();
    /// How many faults have struck.
    [[nodiscard]] std::int64_t struck() const { return struck_; }
    /// True while an armed fault has not struck.
    [[nodiscard]] bool is_armed() const { return armed_; }

private:
    class link;
    void accept();
    bool take(fault what);

    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_;
    std::atomic<std::uint16_t> target_;
    std::atomic<std::int64_t> struck_{0};
    std::atomic<bool> armed_{false};
    // Below: the proxy's thread only.
    plan plan_;
    std::set<std::shared_ptr<link>> links_;
    std::thread thread_;
};

/// Finds COMMIT commands in what a MySQL client sends, fed in pieces of any size.
class commit_finder
{
public:
    /// Takes the next bytes; returns how many of them stand before the first COMMIT packet that
    /// begins here, or npos when there is none. Bytes from there on are not taken yet.
    std::size_t find(const char* bytes, std::size_t count);
    static constexpr std::size_t npos = static_cast<std::size_t>(-1);

private:
    std::size_t left_ = 0; // of a packet that is being passed
};

} // namespace faults
