// What a programmer would write with the same libraries and nothing else: a WebSocket relay that
// makes each message durable before it passes it on. The yardstick of relay.cpp, which starts it.
//   bare_relay --sql none|one|ours --db FILE --port-file FILE
// `one` runs one INSERT a message; `ours` runs the statements that the product runs for a
// customer's message in a conversation that exists, with the same grouping: one commit for all that
// is waiting.
#include "tests/support/bare_store.hpp"
#include "tests/support/load_options.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>
#include <condition_variable>
#include <fstream>
#include <iostream>
#include <mutex>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using stream = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
using frame = std::shared_ptr<const std::string>;

class relay;

class session : public std::enable_shared_from_this<session>
{
public:
    session(relay& owner, stream socket, int number)
        : owner_{owner}, socket_{std::move(socket)}, number_{number}
    {
    }
    void start();
    void send(frame what);
    [[nodiscard]] int number() const { return number_; }

private:
    void read();
    void heard();
    void write();

    relay& owner_;
    websocket::stream<stream> socket_;
    beast::flat_buffer buffer_{64 * 1024};
    beast::http::request<beast::http::empty_body> upgrade_;
    std::vector<frame> queue_;
    std::string out_;
    int number_;
    bool writing_ = false;
};

/// A message on its way through the writer.
struct job
{
    std::shared_ptr<session> from;
    bench::bare_message what;
};

class relay
{
public:
    relay(asio::io_context& io, const std::string& database, bench::bare_sql sql)
        : io_{io}, acceptor_{io.get_executor(), tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
          store_{bench::open_bare_store(database, sql)}, writer_{[this] { write_batches(); }}
    {
        accept();
    }
    ~relay()
    {
        {
            const std::lock_guard held{lock_};
            stopping_ = true;
        }
        wake_.notify_one();
        writer_.join();
    }
    relay(const relay&) = delete;
    relay& operator=(const relay&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    void add_agent(const std::shared_ptr<session>& who) { agents_.push_back(who); }

    void submit(job one)
    {
        const std::lock_guard held{lock_};
        waiting_.push_back(std::move(one));
        wake_.notify_one();
    }

private:
    using acceptor = asio::basic_socket_acceptor<tcp, asio::io_context::executor_type>;

    void accept()
    {
        acceptor_.async_accept([this](error_code failed, auto socket) {
            if (failed)
                return;
            socket.set_option(tcp::no_delay{true});
            std::make_shared<session>(*this, stream{std::move(socket)}, ++sessions_)->start();
            accept();
        });
    }

    void write_batches()
    {
        std::vector<job> batch;
        std::unique_lock held{lock_};
        for (;;) {
            wake_.wait(held, [this] { return stopping_ || !waiting_.empty(); });
            if (waiting_.empty())
                return;
            const auto take = std::min<std::size_t>(waiting_.size(), most_in_a_batch);
            const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(take);
            batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
            waiting_.erase(waiting_.begin(), end);
            held.unlock();
            std::vector<bench::bare_message*> rows;
            for (auto& one : batch)
                rows.push_back(&one.what);
            store_->commit(rows);
            asio::post(io_, [this, done = std::move(batch)] { tell(done); });
            batch.clear();
            held.lock();
        }
    }

    void tell(const std::vector<job>& done)
    {
        for (const auto& one : done) {
            const std::string at = std::to_string(one.what.position);
            const auto event = std::make_shared<const std::string>(
                R"({"op":"event","after":")" + std::to_string(one.what.position - 1) +
                R"(","at":")" + at + R"(","what":"entry_added","conversation":{"id":")" +
                std::to_string(one.what.conversation) + R"("},"entry":{"id":")" +
                std::to_string(one.what.id) + R"(","cid":")" + one.what.cid + R"(","text":)" +
                json::serialize(json::string{one.what.text}) + "}}"
            );
            for (const auto& agent : agents_)
                agent->send(event);
            one.from->send(std::make_shared<const std::string>(
                R"({"op":"ok","cid":")" + one.what.cid + R"(","at":")" + at + R"("})"
            ));
        }
    }

    static constexpr std::size_t most_in_a_batch = 256;
    asio::io_context& io_;
    acceptor acceptor_;
    std::vector<std::shared_ptr<session>> agents_;
    int sessions_ = 0;
    std::unique_ptr<bench::bare_store> store_; // the writer's thread
    std::mutex lock_;                          // guards what stands below
    std::condition_variable wake_;
    std::vector<job> waiting_;
    bool stopping_ = false;
    std::thread writer_;
};

void session::start()
{
    beast::http::async_read(
        socket_.next_layer(),
        buffer_,
        upgrade_,
        [self = shared_from_this()](error_code failed, std::size_t) {
            if (failed)
                return;
            if (self->upgrade_.target().starts_with("/ws/agent"))
                self->owner_.add_agent(self);
            self->socket_.async_accept(self->upgrade_, [self](error_code refused) {
                self->upgrade_ = {};
                self->socket_.text(true);
                if (!refused)
                    self->read();
            });
        }
    );
}

void session::read()
{
    socket_.async_read(buffer_, [self = shared_from_this()](error_code failed, std::size_t) {
        if (failed)
            return;
        self->heard();
        self->buffer_.consume(self->buffer_.size());
        self->read();
    });
}

void session::heard()
{
    const std::string_view text{static_cast<const char*>(buffer_.data().data()), buffer_.size()};
    const json::value parsed = json::parse(text);
    const auto& object = parsed.as_object();
    if (object.at("op").as_string() == "hello") {
        send(std::make_shared<const std::string>(
            R"({"op":"welcome","as_of":"0","resume":"snapshot"})"
        ));
        return;
    }
    job one;
    one.from = shared_from_this();
    one.what.conversation = number_;
    one.what.cid = object.at("cid").as_string().c_str();
    one.what.text = object.at("text").as_string().c_str();
    owner_.submit(std::move(one));
}

void session::send(frame what)
{
    queue_.push_back(std::move(what));
    if (!writing_)
        write();
}

void session::write()
{
    if (queue_.empty())
        return;
    writing_ = true;
    out_.clear();
    if (queue_.size() == 1) {
        out_ = *queue_.front();
    } else {
        for (const auto& one : queue_)
            out_ += (out_.empty() ? "[" : ",") + *one;
        out_ += "]";
    }
    queue_.clear();
    socket_.async_write(
        asio::buffer(out_),
        [self = shared_from_this()](error_code failed, std::size_t) {
            self->writing_ = false;
            if (!failed)
                self->write();
        }
    );
}

} // namespace

int main(int argc, char** argv)
{
    load::options options{"a bare relay, the yardstick of the relay benchmark"};
    std::string sql = "one";
    std::string database;
    std::string port_file;
    options.add("--sql", sql, "what a message costs", {"none", "one", "ours"});
    options.add("--db", database, "the database file, made anew");
    options.add("--port-file", port_file, "where its port is written");
    int code = 0;
    if (!options.parse(argc, argv, code))
        return code;

    asio::io_context io{1};
    const auto kind = sql == "none"  ? bench::bare_sql::none
                      : sql == "one" ? bench::bare_sql::one
                                     : bench::bare_sql::ours;
    const relay running{io, database, kind};
    std::ofstream{port_file} << running.port() << '\n';
    io.run();
    return 0;
}
