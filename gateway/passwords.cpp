#include "gateway/passwords.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/sodium.hpp"
#include "crm/base/text.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>
#include <sodium.h>

namespace gateway {

namespace asio = boost::asio;

namespace {

constexpr int longest_queue = 64;
// OWASP's profile of argon2id: 19 MiB, two passes.
constexpr unsigned long long passes = 2;
constexpr std::size_t memory_bytes = 19'456ULL * 1024;

/// What an unknown account is compared with, so that it takes as long as a known one.
const std::string& nobodys_hash()
{
    static const std::string made = hash_password_now("nobody has this password");
    return made;
}

bool is_run(std::string_view text)
{
    int steps = 0;
    for (std::size_t i = 1; i < text.size(); ++i)
        steps += text[i] - text[i - 1] == 1 || text[i] - text[i - 1] == -1;
    return static_cast<std::size_t>(steps) + 3 >= text.size();
}

/// What is left of a password when the pieces that everybody uses are taken out.
std::size_t own_part(std::string text, std::string_view email, std::string_view name)
{
    std::vector<std::string> pieces{"password", "passwort", "passw0rd", "welcome",   "qwertyuiop",
                                    "qwerty",   "asdfgh",   "zxcvbn",   "letmein",   "iloveyou",
                                    "admin",    "parley",   "woaini",   "123456789", "1234567890",
                                    "123456",   "12345",    "abc123",   "monkey",    "dragon",
                                    "football", "secret",   "changeme", "login",     "2024",
                                    "2025",     "2026",     "123",      "!!!",       "111"};
    pieces.push_back(crm::ascii_lower(email.substr(0, email.find('@'))));
    for (std::string_view rest = name; !rest.empty();) {
        const auto end = std::min(rest.find(' '), rest.size());
        pieces.push_back(crm::ascii_lower(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    for (const auto& piece : pieces)
        for (auto at = text.find(piece); piece.size() >= 3 && at != std::string::npos;
             at = text.find(piece))
            text.erase(at, piece.size());
    return text.size();
}

} // namespace

std::string hash_password_now(const std::string& password)
{
    crm::ensure_sodium();
    std::string made(crypto_pwhash_STRBYTES, '\0');
    const int failed = crypto_pwhash_str_alg(
        made.data(),
        password.data(),
        password.size(),
        passes,
        memory_bytes,
        crypto_pwhash_ALG_ARGON2ID13
    );
    if (failed != 0)
        throw crm::problem{
            crm::errc::busy, "There is too little memory to hash a password; try again soon."
        };
    made.resize(made.find('\0'));
    return made;
}

void check_password(std::string_view password, std::string_view email, std::string_view name)
{
    const auto length = crm::code_points(password);
    if (length < 12)
        throw crm::problem{
            crm::errc::invalid,
            "Use at least 12 characters; a few words are easy to remember.",
            "password"
        };
    if (length > 256)
        throw crm::problem{crm::errc::invalid, "Use at most 256 characters.", "password"};
    const auto lower = crm::ascii_lower(password);
    const std::set<char> distinct{lower.begin(), lower.end()};
    if (distinct.size() < 5 || is_run(lower) || own_part(lower, email, name) < 5)
        throw crm::problem{
            crm::errc::invalid,
            "This is among the first passwords that are guessed; choose words of your own.",
            "password"
        };
}

struct password_hasher::worker
{
    explicit worker(asio::io_context& on) : io{on} {}

    /// Runs `work` on the hash thread and brings its result back to the io thread.
    template <class Result, class Work>
    asio::awaitable<Result> run(Work work)
    {
        if (waiting >= longest_queue)
            throw crm::problem{
                crm::errc::busy, "Many people log in right now; try again in a moment."
            }
                .retry_after(std::chrono::seconds{2});
        ++waiting;
        auto start = [this, &work](auto handler) {
            auto done = std::make_shared<decltype(handler)>(std::move(handler));
            asio::post(threads, [this, work, done] {
                std::exception_ptr failed;
                Result result{};
                try {
                    result = work();
                } catch (...) {
                    failed = std::current_exception();
                }
                // Moved, so that the caller is the last one to hold the error.
                asio::post(
                    io,
                    [this, done, failed = std::move(failed), result = std::move(result)]() mutable {
                        --waiting;
                        (*done)(std::move(failed), std::move(result));
                    }
                );
            });
        };
        co_return co_await asio::async_initiate<
            const asio::use_awaitable_t<>,
            void(std::exception_ptr, Result)>(start, asio::use_awaitable);
    }

    asio::io_context& io;
    int waiting = 0;
    asio::thread_pool threads{1};
};

password_hasher::password_hasher(asio::io_context& io) : worker_{std::make_unique<worker>(io)}
{
    nobodys_hash();
}

password_hasher::~password_hasher()
{
    worker_->threads.join();
}

asio::awaitable<std::string> password_hasher::hash(std::string password)
{
    auto work = [password = std::move(password)] { return hash_password_now(password); };
    co_return co_await worker_->run<std::string>(std::move(work));
}

asio::awaitable<bool> password_hasher::verify(std::string hashed, std::string password)
{
    auto work = [hashed = std::move(hashed), password = std::move(password)] {
        const auto& against = hashed.empty() ? nobodys_hash() : hashed;
        const bool same =
            crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
        return same && !hashed.empty();
    };
    co_return co_await worker_->run<bool>(std::move(work));
}

} // namespace gateway
