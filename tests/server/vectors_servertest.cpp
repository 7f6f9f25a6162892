// The stories of tests/fixtures/realtime, told against the real server: the same files hold
// web/protocol to the client's side.
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace tests;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

json::value read_json(const fs::path& file)
{
    std::ifstream in{file};
    std::ostringstream all;
    all << in.rdbuf();
    return json::parse(all.str());
}

/// Words that begin with $ stand for whatever is there first, and for the same thing afterwards.
class words
{
public:
    bool fits(const json::value& wanted, const json::value& got)
    {
        if (wanted.is_string() && wanted.get_string().starts_with('$')) {
            const std::string name{wanted.get_string()};
            const auto [at, fresh] = known_.emplace(name, got);
            return fresh || at->second == got;
        }
        if (wanted.is_object()) {
            if (!got.is_object())
                return false;
            for (const auto& [key, value] : wanted.get_object()) {
                const auto* found = got.get_object().if_contains(key);
                if (!found ? !value.is_null() : key != "server_time" && !fits(value, *found))
                    return false;
            }
            return true;
        }
        if (wanted.is_array()) {
            if (!got.is_array() || got.get_array().size() != wanted.get_array().size())
                return false;
            for (std::size_t i = 0; i < wanted.get_array().size(); ++i)
                if (!fits(wanted.get_array()[i], got.get_array()[i]))
                    return false;
            return true;
        }
        return wanted == got;
    }

    json::value filled(const json::value& from) const
    {
        if (from.is_string()) {
            const auto found = known_.find(std::string{from.get_string()});
            return found == known_.end() ? from : found->second;
        }
        if (from.is_object()) {
            json::object made;
            for (const auto& [key, value] : from.get_object())
                made[key] = filled(value);
            return made;
        }
        return from;
    }

private:
    std::map<std::string, json::value> known_;
};

/// Plays one visitor's story as its client.
class story
{
public:
    explicit story(const running_server& at) : at_{at} {}

    void play(const json::object& step)
    {
        INFO(json::serialize(step));
        if (step.contains("connect"))
            socket_.emplace(at_.port(), "/ws/chat", own_origin(at_));
        else if (const auto* frame = step.if_contains("client"))
            send(frame->as_object());
        else if (const auto* frames = step.if_contains("server"))
            expect(*frames);
        else if (const auto* closing = step.if_contains("close"))
            close(closing->as_object());
        else if (step.contains("drop"))
            socket_.reset();
    }

private:
    void send(const json::object& frame)
    {
        auto filled = words_.filled(frame).as_object();
        if (text_at(filled, "op") == "hello") {
            filled.emplace("v", 1);
            filled.emplace("inbox", "web");
            if (!token_.empty())
                filled.emplace("token", token_);
        }
        socket_->send(filled);
    }

    void expect(const json::value& wanted)
    {
        const auto one = [&](const json::value& frame) {
            // Live frames come when they come, and what was done before a cut line is told again:
            // the stories tell of the next frame of a kind.
            const auto kind = text_at(frame.as_object(), "op");
            const auto got = socket_->until([&](const json::object& seen) {
                return text_at(seen, "op") == kind;
            });
            INFO("wanted " << json::serialize(frame) << "\ngot " << json::serialize(got));
            CHECK(words_.fits(frame, got));
            if (const auto token = text_at(got, "token"); !token.empty())
                token_ = token;
        };
        if (wanted.is_array())
            for (const auto& each : wanted.get_array())
                one(each);
        else
            one(wanted);
    }

    void close(const json::object& how)
    {
        const auto code = static_cast<int>(how.at("code").as_int64());
        if (text_at(how, "by") == "client")
            socket_->close(code);
        else
            CHECK(socket_->close_code() == code);
        socket_.reset();
    }

    const running_server& at_;
    std::optional<ws_client> socket_;
    words words_;
    std::string token_;
};

/// A frame that was sent right before the line is cut is lost with it in these stories; sent all
/// the same, the server would hear it now and then.
bool is_lost(const json::array& steps, std::size_t which)
{
    const auto is = [&](std::size_t at, std::string_view kind) {
        return at < steps.size() && steps[at].as_object().contains(kind);
    };
    return is(which, "client") && is(which + 1, "drop");
}

} // namespace

TEST_CASE("the server plays its part of every story that a healthy server can")
{
    int played = 0;
    for (const auto& file :
         fs::directory_iterator{fs::path{PARLEY_SOURCE_DIR} / "tests/fixtures/realtime"}) {
        if (file.path().extension() != ".json")
            continue;
        const auto told = read_json(file.path()).as_object();
        const auto* client_only = told.if_contains("client_only");
        if ((client_only && client_only->as_bool()) || text_at(told, "socket") != "visitor")
            continue;
        ++played;
        DYNAMIC_SECTION(text_at(told, "name"))
        {
            running_server server;
            auto admin = server.log_in(server.add_agent("owner"));
            const auto inbox = add_inbox(admin, "web");
            REQUIRE(
                admin.send("PATCH", "/api/v1/inboxes/" + inbox, R"({"name":"Web","brand":"Web"})")
                    .status == 200
            );
            story one{server};
            const auto& steps = told.at("steps").as_array();
            for (std::size_t i = 0; i < steps.size(); ++i)
                if (!is_lost(steps, i))
                    one.play(steps[i].as_object());
        }
    }
    CHECK(played > 0);
}
