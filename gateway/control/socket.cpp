#include "gateway/control/socket.hpp"

#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "gateway/members.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>

namespace gateway::control {

namespace asio = boost::asio;
using stream = asio::local::stream_protocol;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_request = 64 * 1024;
constexpr int patience_s = 30;

std::filesystem::path socket_path(const std::filesystem::path& data)
{
    return data / "control.sock";
}

asio::awaitable<std::string> answer_to(workplace at, std::string text)
{
    crm::problem refused{crm::errc::internal, "Something went wrong; the log says more."};
    try {
        auto asked = crm::json::parse(text);
        if (!asked.is_object())
            throw crm::problem{crm::errc::malformed, "A request is one JSON object."};
        auto outcome = co_await run(std::move(at), std::move(asked.get_object()));
        co_return "{\"ok\":" + outcome + "}";
    } catch (const crm::problem& why) {
        refused = why;
    }
    wire::json_text made;
    made.open_object()
        .member("error", crm::code_name(refused.code()))
        .member("detail", refused.what())
        .close_object();
    co_return made.take();
}

asio::awaitable<void> serve_one(stream::socket on, workplace at)
{
    asio::streambuf buffer{longest_request};
    auto [failed, size] = co_await asio::async_read_until(on, buffer, '\n', no_throw);
    if (failed)
        co_return;
    std::string text{
        asio::buffers_begin(buffer.data()),
        asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size)
    };
    auto answer = co_await answer_to(std::move(at), std::move(text));
    answer += '\n';
    co_await asio::async_write(on, asio::buffer(answer), no_throw);
}

class listening final : public control_socket
{
public:
    listening(asio::io_context& io, std::filesystem::path path, std::function<workplace()> make)
        : acceptor_{io}, path_{std::move(path)}, make_{std::move(make)}
    {
        std::error_code ignored;
        std::filesystem::remove(
            path_, ignored
        ); // of a server that was killed: the directory's lock is ours
        boost::system::error_code failed;
        acceptor_.open(stream{}, failed);
        const auto mask = umask(0177);
        if (!failed)
            acceptor_.bind(path_.string(), failed);
        umask(mask);
        if (!failed)
            acceptor_.listen(16, failed);
        if (failed)
            throw crm::problem{
                crm::errc::unavailable,
                "Cannot make the control socket " + path_.string() + ": " + failed.message()
            };
        accept();
    }

    ~listening() override
    {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

private:
    void accept()
    {
        acceptor_.async_accept([this](boost::system::error_code failed, stream::socket client) {
            if (failed)
                return;
            const auto executor = client.get_executor();
            crm::spawn(executor, "control", serve_one(std::move(client), make_()));
            accept();
        });
    }

    stream::acceptor acceptor_;
    std::filesystem::path path_;
    std::function<workplace()> make_;
};

} // namespace

std::unique_ptr<control_socket> control_socket::open(
    asio::io_context& io, const std::filesystem::path& data, std::function<workplace()> make
)
{
    return std::make_unique<listening>(io, socket_path(data), std::move(make));
}

std::optional<std::string> ask(const std::filesystem::path& data, const std::string& request)
{
    asio::io_context io;
    stream::socket to{io};
    boost::system::error_code failed;
    to.connect(socket_path(data).string(), failed);
    if (failed)
        return std::nullopt;
    const timeval patience{patience_s, 0};
    setsockopt(to.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    asio::write(to, asio::buffer(request + "\n"), failed);
    asio::streambuf buffer{longest_request * 16};
    asio::read_until(to, buffer, '\n', failed);
    if (failed)
        throw crm::problem{
            crm::errc::unavailable, "The server did not answer on its control socket."
        };
    const std::string text{asio::buffers_begin(buffer.data()), asio::buffers_end(buffer.data())};
    const auto answer = crm::json::parse(text);
    if (const auto* ok = answer.get_object().if_contains("ok"))
        return boost::json::serialize(*ok);
    throw crm::problem{crm::errc::invalid, text_of(answer.get_object(), "detail")};
}

} // namespace gateway::control
