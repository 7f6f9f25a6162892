// Passwords: argon2id (libsodium) on one thread of its own behind a bounded queue, so that log-ins
// can neither block the io thread nor fill the memory. Call from the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace gateway {

class password_hasher
{
public:
    explicit password_hasher(boost::asio::io_context& io);
    ~password_hasher();
    password_hasher(const password_hasher&) = delete;
    password_hasher& operator=(const password_hasher&) = delete;

    /// The argon2id string of a password. Throws problem{busy} when too many wait.
    boost::asio::awaitable<std::string> hash(std::string password);
    /// True when the password is the one behind `hashed`. With an empty hash (an unknown account)
    /// it takes as long and answers false. Throws problem{busy}.
    boost::asio::awaitable<bool> verify(std::string hashed, std::string password);

private:
    struct worker;
    std::unique_ptr<worker> worker_;
};

/// Throws problem{invalid} with advice unless the password is 12 to 256 characters and not one that
/// is guessed first: common, a run or repetition, or made of the account's own name.
void check_password(std::string_view password, std::string_view email, std::string_view name);

/// argon2id of a password in the calling thread, for commands.
std::string hash_password_now(const std::string& password);

} // namespace gateway
