// The demo as a newcomer meets it.
#include "tests/support/load_process.hpp"
#include "tests/support/server.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <sstream>
#include <thread>

using namespace tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

/// The program's own demo, without visitors, in a directory of its own.
class demo
{
public:
    demo() : process_{launch_of(place_.path())}
    {
        eventually(20s, [this] {
            std::istringstream lines{load::read_text(place_.path() / "out")};
            for (std::string line; std::getline(lines, line);)
                if (line.find("\"console\"") != std::string::npos)
                    ready_ = json::parse(line).as_object();
            return !ready_.empty();
        });
    }
    ~demo() { process_.stop(10s); }

    /// Tries until it holds; fails the test when it does not within the patience.
    static void eventually(std::chrono::milliseconds patience, const std::function<bool()>& holds)
    {
        const auto until = std::chrono::steady_clock::now() + patience;
        while (!holds()) {
            REQUIRE(std::chrono::steady_clock::now() < until);
            std::this_thread::sleep_for(50ms);
        }
    }

    /// Logged in as the first who has this role.
    [[nodiscard]] http_client log_in(const std::string& role) const
    {
        http_client made{port()};
        for (const auto& each : ready_.at("logins").as_array()) {
            const auto& login = each.as_object();
            if (std::string{login.at("role").as_string()} != role)
                continue;
            const auto answer = made.post(
                "/api/v1/session",
                {{"email", login.at("email")}, {"password", login.at("password")}}
            );
            REQUIRE(answer.status == 200);
            const auto cookie = answer.header("set-cookie");
            made.use_session(
                cookie.substr(0, cookie.find(';')),
                std::string{answer.json().at("csrf").as_string()}
            );
            break;
        }
        return made;
    }

private:
    static load::launch launch_of(const std::filesystem::path& place)
    {
        load::launch how;
        how.argv = {
            program().string(),
            "demo",
            "--json",
            "--port",
            "0",
            "--visitors",
            "0",
            "--data",
            (place / "data").string()
        };
        how.output = place / "out";
        return how;
    }
    [[nodiscard]] unsigned short port() const
    {
        const std::string url{ready_.at("console").as_string()};
        const auto colon = url.find(':', url.find("//"));
        return static_cast<unsigned short>(std::stoi(url.substr(colon + 1)));
    }

    load::temp_dir place_{"parley-demo"};
    load::process process_;
    json::object ready_;
};

json::array items(const http_client& from, const std::string& path)
{
    const auto answer = from.get(path);
    REQUIRE(answer.status == 200);
    return answer.json().at("items").as_array();
}

} // namespace

TEST_CASE("a newcomer to the demo finds a day's work and is offered somebody who waits")
{
    const demo house;
    const auto agent = house.log_in("agent");
    CHECK_FALSE(items(agent, "/api/v1/conversations?view=mine").empty());
    CHECK(items(agent, "/api/v1/conversations?view=unassigned").size() >= 5);
    CHECK(items(agent, "/api/v1/conversations?view=snoozed").size() >= 3);
    CHECK(items(agent, "/api/v1/conversations?view=all&status=resolved").size() == 50);
    const auto is_offered = [&] {
        for (const auto& each : items(agent, "/api/v1/conversations?view=unassigned")) {
            const auto* request = each.as_object().if_contains("request");
            if (request && request->is_object() &&
                std::string{request->as_object().at("state").as_string()} == "offered")
                return true;
        }
        return false;
    };
    CHECK_FALSE(is_offered());
    REQUIRE(agent.send("PUT", "/api/v1/presence", R"({"presence":"available"})").status == 200);
    demo::eventually(5s, is_offered);
}

TEST_CASE("two characters of Chinese find what was said, over the API")
{
    const demo house;
    const auto agent = house.log_in("agent");
    const auto found = [&](const std::string& words) {
        return items(agent, "/api/v1/search?in=messages&q=" + words);
    };
    // 发货, "to ship"
    demo::eventually(10s, [&] { return !found("%E5%8F%91%E8%B4%A7").empty(); });
    for (const auto& each : found("%E5%8F%91%E8%B4%A7"))
        CHECK(
            std::string{each.as_object().at("entry").as_object().at("text").as_string()}.find("发货"
            ) != std::string::npos
        );
    CHECK_FALSE(items(agent, "/api/v1/search?q=%E5%8F%91%E8%B4%A7").empty());
    CHECK(found("%E8%B4%A7%E5%8F%91").empty());
}
