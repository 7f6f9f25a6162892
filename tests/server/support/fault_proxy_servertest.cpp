// The fault proxy must strike where it says, or the torture runs prove nothing.
#include "tests/support/fault_proxy.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

using namespace faults;
using namespace std::chrono_literals;

namespace {

/// A listener, or one end of a connection, with a time-out of two seconds on everything.
class plain_socket
{
public:
    explicit plain_socket(int handle) : handle_{handle}
    {
        const timeval limit{2, 0};
        ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    plain_socket() : plain_socket{::socket(AF_INET, SOCK_STREAM, 0)} {}
    plain_socket(plain_socket&& other) noexcept : handle_{std::exchange(other.handle_, -1)} {}
    plain_socket& operator=(plain_socket&&) = delete;
    ~plain_socket()
    {
        if (handle_ >= 0)
            ::close(handle_);
    }

    std::uint16_t listen()
    {
        sockaddr_in at = loopback(0);
        socklen_t size = sizeof at;
        REQUIRE(::bind(handle_, reinterpret_cast<sockaddr*>(&at), size) == 0);
        REQUIRE(::listen(handle_, 4) == 0);
        REQUIRE(::getsockname(handle_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
        return ntohs(at.sin_port);
    }
    plain_socket accept() { return plain_socket{::accept(handle_, nullptr, nullptr)}; }
    void connect(std::uint16_t port)
    {
        const sockaddr_in to = loopback(port);
        REQUIRE(::connect(handle_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    }
    void send(std::string_view bytes)
    {
        REQUIRE(::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == std::ssize(bytes));
    }
    /// What comes until `count` bytes are there or the stream ends.
    std::string receive(std::size_t count)
    {
        std::string got;
        char buffer[256];
        while (got.size() < count) {
            const auto more =
                ::recv(handle_, buffer, std::min(sizeof buffer, count - got.size()), 0);
            if (more <= 0)
                break;
            got.append(buffer, static_cast<std::size_t>(more));
        }
        return got;
    }
    bool is_cut()
    {
        char byte = 0;
        const auto got = ::recv(handle_, &byte, 1, 0);
        return got == 0 || (got < 0 && errno == ECONNRESET);
    }

private:
    static sockaddr_in loopback(std::uint16_t port)
    {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        made.sin_port = htons(port);
        return made;
    }
    int handle_;
};

/// A client and a server with the proxy between them.
struct line
{
    plain_socket listener;
    proxy between{listener.listen()};
    plain_socket client;
    plain_socket server;

    line() : server{dial()} {}
    plain_socket dial()
    {
        client.connect(between.port());
        return listener.accept();
    }
    void pass(std::string_view bytes)
    {
        client.send(bytes);
        REQUIRE(server.receive(bytes.size()) == bytes);
    }
};

const std::string query{"\x09\x00\x00\x00\x03SELECT 1", 13};
const std::string commit{
    "\x07\x00\x00\x00\x03"
    "COMMIT",
    11
};
const std::string answer{"\x07\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00", 11};

} // namespace

TEST_CASE("the proxy passes bytes both ways when nothing is armed")
{
    line way;
    way.pass(query);
    way.server.send(answer);
    CHECK(way.client.receive(answer.size()) == answer);
    CHECK(way.between.struck() == 0);
}

TEST_CASE("a COMMIT is found in any case and position, and nothing else is")
{
    commit_finder finder;
    CHECK(finder.find(query.data(), query.size()) == commit_finder::npos);
    const std::string both = query + commit;
    CHECK(finder.find(both.data(), both.size()) == query.size());
    std::string quiet = commit;
    quiet.replace(5, 6, "commit");
    CHECK(commit_finder{}.find(quiet.data(), quiet.size()) == 0);
    const std::string answered{
        "\x07\x00\x00\x01\x03"
        "COMMIT",
        11
    };
    CHECK(commit_finder{}.find(answered.data(), answered.size()) == commit_finder::npos);
}

TEST_CASE("cut before the COMMIT: the server never reads it")
{
    line way;
    way.between.arm({fault::cut_before_commit});
    way.pass(query);
    way.client.send(commit);
    CHECK(way.server.is_cut());
    CHECK(way.client.is_cut());
    CHECK(way.between.struck() == 1);
    CHECK_FALSE(way.between.is_armed());
}

TEST_CASE("cut before the answer: the server reads the COMMIT, the client never hears of it")
{
    line way;
    way.between.arm({fault::cut_before_answer});
    way.pass(query);
    way.server.send(answer);
    CHECK(way.client.receive(answer.size()) == answer);
    way.pass(commit);
    way.server.send(answer);
    CHECK(way.client.is_cut());
    CHECK(way.between.struck() == 1);
}

TEST_CASE("cut after the COMMIT: the server reads it and then the end")
{
    line way;
    way.between.arm({fault::cut_after_commit});
    way.pass(commit);
    CHECK(way.server.is_cut());
    CHECK(way.client.is_cut());
}

TEST_CASE("cut after so many bytes: exactly so many arrive")
{
    line way;
    way.between.arm({fault::cut_after_bytes, 5});
    way.pass(query);
    way.server.send(answer);
    CHECK(way.client.receive(answer.size()) == answer.substr(0, 5));
    CHECK(way.client.is_cut());
}

TEST_CASE("half open: bytes vanish, then the line is cut")
{
    line way;
    way.pass(query);
    way.between.arm({fault::half_open, 0, 50ms});
    CHECK(way.client.is_cut());
    CHECK(way.server.is_cut());
}
